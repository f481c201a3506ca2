import Foundation

/// How many rows of the next version may be odd, when so many of the rows so far were.
///
/// The rows of all versions are taken to be exchangeable: drawn one by one from one source, whatever its distribution.
/// Then, of `x + t` odd rows among all, each lies in the next version with the chance n / (N + n), so that the chance
/// that at least `t` do is a tail of the binomial distribution. Nothing else is assumed.
struct RowTolerance: Hashable, Sendable {
    /// Rows of the next version that may be odd.
    var allowed: Int
    /// The chance that more are.
    var rate: Double

    /// The smallest tolerance whose rate is at most `rate`.
    ///
    /// - Parameters:
    ///   - seen: odd rows so far.
    ///   - rows: rows so far, at least 1.
    ///   - next: rows of the next version, at least 1.
    ///   - rate: the chance of a false alarm, above 0.
    init(seen: Int, of rows: Int, next: Int, rate: Double) {
        let share = Double(next) / (Double(rows) + Double(next))
        func chance(_ count: Int) -> Double { Probability.binomial(atLeast: count, of: seen + count, share: share) }
        var high = 1
        while chance(high) > rate, high <= next { high *= 2 }
        var low = high / 2
        // `low` is too few, `high` is enough.
        while high - low > 1 {
            let middle = (low + high) / 2
            if chance(middle) > rate { low = middle } else { high = middle }
        }
        allowed = high - 1
        self.rate = chance(high)
    }

    /// The share of `next` rows that have to be as expected, rounded down to six digits.
    static func mostly(allowed: Int, next: Int) -> Double {
        max(0, ((1 - Double(allowed) / Double(next)) * 1e6).rounded(.down) / 1e6)
    }
}
