import Foundation

/// The functions behind p-values, for positive arguments.
///
/// Formulas are those of the NIST Digital Library of Mathematical Functions (dlmf.nist.gov), by section. Relative errors
/// are below 1e-9 up to a hundred thousand degrees of freedom, and far smaller below; tables of SciPy's values check.
enum SpecialFunctions {
    /// Most terms of a series; only arguments beyond a billion need as many.
    private static let terms = 200_000
    private static let tiny = 1e-300

    /// The logarithm of the gamma function, by Stirling's series (5.11.1) after stepping up (5.5.1).
    ///
    /// The C library's `lgamma` writes a global variable, so that threads could not share it.
    static func logGamma(_ argument: Double) -> Double {
        var x = argument
        var shift = 0.0
        while x < 15 {
            shift += log(x)
            x += 1
        }
        let square = 1 / (x * x)
        // Coefficients B(2k) / (2k (2k - 1)) of Bernoulli's numbers.
        var series = -691.0 / 360_360
        for coefficient in [1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12] {
            series = series * square + coefficient
        }
        return (x - 0.5) * log(x) - x + 0.5 * log(2 * .pi) + series / x - shift
    }

    /// The regularised upper incomplete gamma function Q(a, x).
    static func upperGamma(_ a: Double, _ x: Double) -> Double {
        guard x > 0 else { return 1 }
        guard x.isFinite else { return 0 }
        let scale = exp(a * log(x) - x - logGamma(a))
        if x < a + 1 {
            // The series 8.11.4 of P(a, x).
            var term = 1 / a
            var sum = term
            for step in 1...terms {
                term *= x / (a + Double(step))
                sum += term
                if term < sum * 1e-17 { break }
            }
            return min(1, max(0, 1 - sum * scale))
        }
        // The continued fraction 8.9.2, by Lentz's method (3.10.iii).
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var fraction = d
        for step in 1...terms {
            let n = Double(step)
            let numerator = -n * (n - a)
            b += 2
            d = numerator * d + b
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = b + numerator / c
            if abs(c) < tiny { c = tiny }
            fraction *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return min(1, fraction * scale)
    }

    /// The regularised incomplete beta function I(x; a, b).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        // The continued fraction converges quickly on this side (8.17.4 gives the other).
        guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
        let scale = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a
        // 8.17.22, by Lentz's method.
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for step in 1...terms {
            let n = Double(step)
            for numerator in [
                n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
                -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-16 { break }
        }
        return scale * fraction
    }
}
