import Foundation

/// Where a number of the next version lies, from the same number of the versions so far.
///
/// As in Auto-Validate-by-History (KDD 2023): of several bounds with the same rate of false alarms, the narrowest that is
/// justified. Chebyshev's and Cantelli's hold for every distribution, with mean and deviation taken from the history;
/// Student's prediction interval is narrower, and is used once a history of at least eight does not look unlike normal
/// (Jarque and Bera's test, 1980).
struct HistoryBound: Hashable, Sendable {
    /// Which bound it is.
    enum Method: String, Hashable, Sendable {
        case chebyshev, cantelli, student
    }

    /// How few versions tell nothing about how versions differ.
    static let fewestVersions = 5

    /// Which ends are bounded.
    enum Side: Hashable, Sendable {
        case both, upper, lower
    }

    var method: Method
    var low: Double
    var high: Double

    /// Nil of too few numbers, of one that is not finite, and of numbers that only rise or only fall, as those do not
    /// bound the next.
    init?(_ history: [Double], side: Side, rate: Double) {
        let count = history.count
        guard count >= Self.fewestVersions, history.allSatisfy(\.isFinite), !Self.isTrending(history) else {
            return nil
        }
        let n = Double(count)
        let mean = history.reduce(0, +) / n
        let squares = history.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / (n - 1)).squareRoot()
        let reach: Double
        if count >= 8, Self.looksNormal(history, mean, squares) {
            method = .student
            let tail = side == .both ? rate : 2 * rate
            reach = Probability.studentBound(tail: tail, degrees: count - 1) * deviation * (1 + 1 / n).squareRoot()
        } else if side == .both {
            method = .chebyshev
            reach = deviation / rate.squareRoot()
        } else {
            method = .cantelli
            reach = deviation * (1 / rate - 1).squareRoot()
        }
        low = side == .upper ? -.infinity : mean - reach
        high = side == .lower ? .infinity : mean + reach
    }

    /// Whether numbers only rise or only fall from version to version, over at least three.
    static func isTrending(_ history: [Double]) -> Bool {
        guard history.count >= 3 else { return false }
        let steps = zip(history, history.dropFirst())
        return steps.allSatisfy { $0 < $1 } || steps.allSatisfy { $0 > $1 }
    }

    private static func looksNormal(_ history: [Double], _ mean: Double, _ squares: Double) -> Bool {
        let n = Double(history.count)
        let variance = squares / n
        guard variance > 0 else { return false }
        let third = history.reduce(0) { $0 + pow($1 - mean, 3) } / n
        let fourth = history.reduce(0) { $0 + pow($1 - mean, 4) } / n
        let skewness = third / pow(variance, 1.5)
        let excess = fourth / (variance * variance) - 3
        let statistic = n / 6 * (skewness * skewness + excess * excess / 4)
        return Probability.chiSquared(atLeast: statistic, degrees: 2) > 0.1
    }
}
