import Foundation

/// Tails of the distributions that verdicts rest on.
public enum Probability {
    /// The chance that a chi-squared value of `degrees` degrees of freedom is at least `statistic`.
    public static func chiSquared(atLeast statistic: Double, degrees: Int) -> Double {
        guard degrees > 0 else { return 1 }
        return SpecialFunctions.upperGamma(Double(degrees) / 2, statistic / 2)
    }

    /// The chance that Kolmogorov's limit distribution is at least `value`.
    ///
    /// Its two series (Kolmogorov 1933; Marsaglia, Tsang and Wang 2003, section 3), each where it converges at once.
    public static func kolmogorov(atLeast value: Double) -> Double {
        guard value > 0 else { return 1 }
        if value < 1.18 {
            let factor = exp(-Double.pi * Double.pi / (8 * value * value))
            let sum = factor + pow(factor, 9) + pow(factor, 25) + pow(factor, 49)
            return max(0, 1 - (2 * Double.pi).squareRoot() / value * sum)
        }
        let factor = exp(-2 * value * value)
        return 2 * (factor - pow(factor, 4) + pow(factor, 9) - pow(factor, 16))
    }

    /// The chance of a Kolmogorov-Smirnov distance of at least `distance` between samples of one distribution.
    ///
    /// The limit distribution with Stephens' correction for size (1970), which is within a few percent from n = m = 8
    /// on. Ties, and distances seen only at the edges of bins, make the true chance smaller.
    public static func kolmogorovSmirnov(distance: Double, _ n: Int, _ m: Int) -> Double {
        guard n > 0, m > 0 else { return 1 }
        let size = (Double(n) * Double(m) / (Double(n) + Double(m))).squareRoot()
        return kolmogorov(atLeast: (size + 0.12 + 0.11 / size) * distance)
    }

    /// Fisher's exact test of two shares, two-sided: `a` of `n` beside `b` of `m`.
    ///
    /// The chance, given the margins, of a table that is at most as likely as this one.
    public static func fisher(_ a: Int, of n: Int, _ b: Int, of m: Int) -> Double {
        let total = a + b
        let lowest = max(0, total - m)
        let highest = min(total, n)
        guard lowest < highest else { return 1 }
        func logChoose(_ n: Int, _ k: Int) -> Double {
            SpecialFunctions.logGamma(Double(n + 1)) - SpecialFunctions.logGamma(Double(k + 1))
                - SpecialFunctions.logGamma(Double(n - k + 1))
        }
        let base = logChoose(n + m, total)
        func logChance(_ k: Int) -> Double { logChoose(n, k) + logChoose(m, total - k) - base }
        // As likely but for rounding counts as well, as R and SciPy have it.
        let limit = logChance(a) + 1e-7
        var sum = 0.0
        for k in lowest...highest {
            let chance = logChance(k)
            if chance <= limit { sum += exp(chance) }
        }
        return min(1, sum)
    }

    /// The chance of at least `count` successes in `trials` with chance `share` each.
    public static func binomial(atLeast count: Int, of trials: Int, share: Double) -> Double {
        if count <= 0 { return 1 }
        if count > trials { return 0 }
        return SpecialFunctions.incompleteBeta(share, Double(count), Double(trials - count + 1))
    }

    /// The chance that Student's t with `degrees` degrees of freedom is at least `value` away from 0.
    public static func student(beyond value: Double, degrees: Int) -> Double {
        let freedom = Double(degrees)
        return SpecialFunctions.incompleteBeta(freedom / (freedom + value * value), freedom / 2, 0.5)
    }

    /// The distance from 0 that Student's t exceeds, on either side, with chance `tail`.
    public static func studentBound(tail: Double, degrees: Int) -> Double {
        var low = 0.0
        var high = 1.0
        while student(beyond: high, degrees: degrees) > tail, high < 1e12 { high *= 2 }
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if student(beyond: middle, degrees: degrees) > tail { low = middle } else { high = middle }
        }
        return high
    }
}
