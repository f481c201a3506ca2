/// The usual value at each place of a repeating period, learned from earlier cycles.
struct SeasonalProfile: Sendable, Equatable {
    /// In microseconds.
    let period: Int64
    /// In microseconds.
    private let width: Int64
    private var means: [Double]
    /// Mean size of deviations at each place.
    private var sizes: [Double]
    private var cycles: [UInt8]
    /// How many places have been seen twice.
    private(set) var filled = 0

    /// A profile with a place for each `step`, but not more than `places`.
    init(period: Int64, step: Int64, places: Int) {
        let count = max(1, min(places, Int((Double(period) / Double(max(1, step))).rounded())))
        self.period = period
        width = max(1, (period + Int64(count) - 1) / Int64(count))
        means = Array(repeating: 0, count: count)
        sizes = Array(repeating: 0, count: count)
        cycles = Array(repeating: 0, count: count)
    }

    /// How many places there are.
    var places: Int { means.count }

    /// The place of an instant.
    func place(of time: Int64) -> Int {
        let phase = time % period
        return min(means.count - 1, Int((phase < 0 ? phase + period : phase) / width))
    }

    /// The usual value at a place; nil before it has been seen twice.
    @inline(__always)
    func mean(at place: Int) -> Double { means[place] }

    @inline(__always)
    func size(at place: Int) -> Double { sizes[place] }

    @inline(__always)
    func isKnown(_ place: Int) -> Bool { cycles[place] >= 2 }

    /// Takes the value seen at a place.
    mutating func learn(_ value: Double, at place: Int) {
        let seen = cycles[place]
        if seen < 255 { cycles[place] = seen + 1 }
        if seen == 1 { filled += 1 }
        let gain = max(0.15, 1 / (Double(seen) + 1))
        means[place] += gain * (value - means[place])
    }

    /// Takes the size of a deviation at a place.
    mutating func learn(size: Double, at place: Int) {
        let gain = max(0.1, 1 / Double(max(1, Int(cycles[place]) - 1)))
        sizes[place] += min(1, gain) * (size - sizes[place])
    }
}
