import MartletCore

/// Kullback-Leibler divergence, computed in the order in which NumPy and SciPy do it.
enum Divergence {
    /// How far `observed` is from `expected`, both scaled to sum 1; infinite where something is seen that is not expected.
    static func between(_ observed: [Double], _ expected: [Double]) -> Double {
        let (total, expectedTotal) = (sum(observed), sum(expected))
        return sum(zip(observed, expected).map { term($0 / total, $1 / expectedTotal) })
    }

    private static func term(_ p: Double, _ q: Double) -> Double {
        if p.isNaN || q.isNaN { return .nan }
        guard p > 0, q > 0 else { return p == 0 && q >= 0 ? 0 : .infinity }
        // As SciPy's `rel_entr`: near 1 the ratio has lost digits that the difference still has.
        let ratio = p / q
        return p * (ratio > 0.5 && ratio < 2 ? logarithm(onePlus: (p - q) / q) : logarithm(ratio))
    }

    /// Pairwise summation in NumPy's blocks, so that sums agree to the last bit.
    static func sum(_ values: [Double]) -> Double { sum(values[...]) }

    private static func sum(_ values: ArraySlice<Double>) -> Double {
        let count = values.count
        if count < 8 { return values.reduce(-0.0, +) + 0 }
        if count > 128 {
            var half = count / 2
            half -= half % 8
            return sum(values.prefix(half)) + sum(values.dropFirst(half))
        }
        var lanes = Array(values.prefix(8))
        var at = values.startIndex + 8
        while at + 8 <= values.startIndex + count - count % 8 {
            for lane in 0..<8 { lanes[lane] += values[at + lane] }
            at += 8
        }
        var result = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
        while at < values.endIndex {
            result += values[at]
            at += 1
        }
        return result
    }
}
