/// Whether something that is written again and again is overdue: absence as a signal of its own.
public enum FreshnessRule {
    /// How late something is.
    public struct Verdict: Hashable, Sendable {
        /// Seconds since it was written last; nil when it never was.
        public var age: Double?
        /// The usual seconds between two writings; nil while too few are known.
        public var usual: Double?
        /// The age from which on it is late; nil while too few writings are known.
        public var bound: Double?

        /// Whether it is overdue.
        public var isLate: Bool {
            guard let age, let bound else { return false }
            return age > bound
        }
    }

    /// Fewest intervals that a bound is made of.
    public static let leastIntervals = 4

    /// Judges by the times of writings, in seconds, in any order; what is not a number is left out.
    ///
    /// Late is what is older than the longest interval so far and half the usual one more; twice the usual one at
    /// least. No distribution is assumed, and weekends without a writing are known once one has passed.
    public static func judge(writings: [Double], now: Double) -> Verdict {
        let times = writings.filter { $0.isFinite && $0 <= now }.sorted()
        guard let last = times.last else { return Verdict() }
        let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }.sorted()
        guard intervals.count >= leastIntervals, let longest = intervals.last else { return Verdict(age: now - last) }
        let usual = intervals[intervals.count / 2]
        return Verdict(age: now - last, usual: usual, bound: max(2 * usual, longest + usual / 2))
    }
}
