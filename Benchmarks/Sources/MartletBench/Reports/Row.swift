/// One line of the result.
struct Row {
    let name: String
    let unit: Unit
    let taken: Spread
    let floor: Spread?
    let goals: [Goal]

    /// A line about what was taken; nil when nothing was.
    init?(_ name: String, _ unit: Unit, _ taken: Spread?, floor: Spread? = nil, goals: [Goal] = []) {
        guard let taken else { return nil }
        self.name = name
        self.unit = unit
        self.taken = taken
        self.floor = floor
        self.goals = goals
    }

    /// Median by median.
    var ratio: Double? { floor.map { taken.median / $0.median } }

    var verdict: Verdict {
        if goals.isEmpty { return .none }
        return goals.allSatisfy { $0.isMet(by: taken.median, floor: floor?.median) } ? .met : .missed
    }

    /// Whether all goals are met; by the median.
    enum Verdict: String {
        case none = "–"
        case met = "pass"
        case missed = "MISSED"
    }

    /// The cells of the line, in the order of ``headings``.
    var cells: [String] {
        [
            name, unit.text(taken.median), unit.text(taken.least), unit.text(taken.most),
            floor.map { unit.text($0.median) } ?? "–", ratio.map { "\(Decimals.text($0, places: 1))×" } ?? "–",
            goals.isEmpty ? "–" : goals.map { $0.text(in: unit, floor: floor?.median) }.joined(separator: ", "),
            verdict.rawValue,
        ]
    }

    static let headings = ["", "median", "min", "max", "floor", "ratio", "goal", "verdict"]
}
