/// The recent values of a series, and when to look for a period in them again.
struct PeriodSearch: Sendable {
    private static let capacity = 8192
    private(set) var recent: [Double] = []
    private var next = 64
    private var count = 0

    mutating func add(_ value: Double) {
        count += 1
        recent.append(value)
        if recent.count >= 2 * Self.capacity { recent.removeFirst(recent.count - Self.capacity) }
    }

    /// A period in points, when it is time to look and there is one.
    mutating func due() -> Int? {
        guard count >= next else { return nil }
        next = count < 4 * Self.capacity ? count + count / 3 : count + 4 * Self.capacity
        return PeriodFinder.period(of: Array(recent.suffix(Self.capacity)))
    }
}
