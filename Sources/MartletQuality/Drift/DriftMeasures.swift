import Foundation

/// How far two distributions over the same bins are apart.
///
/// Shares are counts over their sum. Peers: SciPy's `jensenshannon(base=2)` and `chi2_contingency(correction=False)`.
public struct DriftMeasures: Codable, Hashable, Sendable {
    /// The population stability index, Σ (q - p) ln(q / p); an empty bin counts as half a row.
    public var psi: Double
    /// What ``psi`` is expected to be when nothing drifts: (1/n + 1/m)(bins - 1).
    public var psiByChance: Double
    /// The Jensen-Shannon distance: the root of the divergence to base 2, 0...1.
    public var jensenShannon: Double
    /// The greatest difference of a bin's shares, 0...1.
    public var lInfinity: Double
    /// Hellinger's distance, 0...1.
    public var hellinger: Double
    /// Half the sum of the differences of shares, 0...1.
    public var totalVariation: Double
    /// The chi-squared test over merged bins; nil when there are too few rows for one.
    public var chiSquared: ChiSquaredTest?

    /// Compares counts of the same bins.
    ///
    /// - Parameters:
    ///   - reference: rows of each bin; the sum is positive.
    ///   - data: as `reference`, with as many bins.
    ///   - isOrdered: whether neighbouring bins may be merged; otherwise rare ones become one.
    public init(reference: [Int], data: [Int], isOrdered: Bool) {
        let n = Double(reference.reduce(0, +))
        let m = Double(data.reduce(0, +))
        var index = 0.0
        var divergence = 0.0
        var greatest = 0.0
        var overlap = 0.0
        var sum = 0.0
        var bins = 0
        for (left, right) in zip(reference, data) where left + right > 0 {
            bins += 1
            let p = Double(left) / n
            let q = Double(right) / m
            let (smoothP, smoothQ) = (max(Double(left), 0.5) / n, max(Double(right), 0.5) / m)
            index += (smoothQ - smoothP) * log(smoothQ / smoothP)
            let middle = (p + q) / 2
            if p > 0 { divergence += p * log2(p / middle) / 2 }
            if q > 0 { divergence += q * log2(q / middle) / 2 }
            greatest = max(greatest, abs(p - q))
            sum += abs(p - q) / 2
            overlap += (p.squareRoot() - q.squareRoot()) * (p.squareRoot() - q.squareRoot())
        }
        psi = index
        psiByChance = (1 / n + 1 / m) * Double(max(0, bins - 1))
        jensenShannon = max(0, divergence).squareRoot()
        lInfinity = greatest
        hellinger = (overlap / 2).squareRoot()
        totalVariation = sum
        chiSquared = ChiSquaredTest(reference: reference, data: data, isOrdered: isOrdered)
    }

    private enum CodingKeys: String, CodingKey {
        case psi, hellinger
        case psiByChance = "psi_by_chance"
        case jensenShannon = "jensen_shannon"
        case lInfinity = "l_infinity"
        case totalVariation = "total_variation"
        case chiSquared = "chi_squared"
    }
}
