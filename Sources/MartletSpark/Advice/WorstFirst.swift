internal import MartletCore

/// Keeps the worst of many candidates for a finding, so that neither a long list of findings nor the simulation of each
/// grows with the run.
struct WorstFirst<Element> {
    private var kept: [(badness: Int, place: Int, element: Element)] = []
    private var count = 0
    private let limit: Int

    /// Keeps at most `limit`.
    init(limit: Int = Limits.sparkFindings) { self.limit = max(1, limit) }

    /// Takes a candidate; of those that are as bad as each other the first are kept.
    mutating func add(_ element: Element, badness: Int) {
        kept.append((badness, count, element))
        count += 1
        if kept.count >= 2 * limit { trim() }
    }

    /// The worst, in the order in which they came.
    var elements: [Element] {
        var copy = self
        copy.trim()
        return copy.kept.sorted { $0.place < $1.place }.map(\.element)
    }

    private mutating func trim() {
        guard kept.count > limit else { return }
        kept.sort { ($1.badness, $0.place) < ($0.badness, $1.place) }
        kept.removeLast(kept.count - limit)
    }
}
