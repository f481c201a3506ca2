extension Int {
    /// Where sums of what a log says end: beyond what any run can have, with room so that a few of them can be added.
    static let largestSum = 1 << 56

    /// Adds a number that is not negative; the sum stays at most ``largestSum``, so that no log makes it overflow.
    mutating func add(bounded value: Int) {
        self = Swift.min(self + Swift.min(value, Int.largestSum), Int.largestSum)
    }
}

extension Sequence<Int> {
    /// The sum of numbers that are not negative, at most ``Int/largestSum``.
    var boundedSum: Int { reduce(into: 0) { $0.add(bounded: $1) } }
}
