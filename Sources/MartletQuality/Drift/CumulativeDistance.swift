/// How far two distributions of numbers are apart, from how many rows are at or below each of some points.
///
/// Exact when every distinct value is a point. Otherwise the Kolmogorov-Smirnov distance is a lower bound, with an upper
/// one beside it, and Wasserstein's takes rows to be spread evenly between points.
public struct CumulativeDistance: Codable, Hashable, Sendable {
    /// The Kolmogorov-Smirnov distance: the greatest difference of the shares at or below a point, 0...1.
    public var kolmogorovSmirnov: Double
    /// What the distance cannot exceed; equal to it when exact.
    public var kolmogorovSmirnovAtMost: Double
    /// The chance of such a distance without drift.
    public var pValue: Double
    /// Wasserstein's distance W1, in the unit of the column; days for dates, seconds for timestamps.
    public var wasserstein: Double
    /// W1 over the reference's standard deviation; infinite when that is 0, nil when unknown.
    public var wassersteinOverDeviation: Double?
    /// Whether every distinct value is a point.
    public var isExact: Bool

    /// Compares counts between points.
    ///
    /// - Parameters:
    ///   - points: ascending; the last is the greatest value of both sides.
    ///   - reference: how many rows are above the point before and at or below this one; the first count holds all up to
    ///     the first point. The sum is positive.
    ///   - data: as `reference`.
    ///   - deviation: the reference's standard deviation.
    ///   - isExact: whether every distinct value is a point.
    public init(points: [Double], reference: [Int], data: [Int], deviation: Double?, isExact: Bool) {
        let n = reference.reduce(0, +)
        let m = data.reduce(0, +)
        var below = (left: 0.0, right: 0.0)
        var distance = 0.0
        var bound = 0.0
        var transport = 0.0
        var counts = (left: 0, right: 0)
        for index in points.indices {
            counts = (counts.left + reference[index], counts.right + data[index])
            let here = (left: Double(counts.left) / Double(n), right: Double(counts.right) / Double(m))
            if index > 0 {
                let width = points[index] - points[index - 1]
                let (start, end) = (below.left - below.right, here.left - here.right)
                if isExact {
                    // Between two values that occur, both functions are level.
                    transport += abs(start) * width
                } else if start * end >= 0 {
                    transport += abs(start + end) / 2 * width
                } else {
                    // The difference crosses zero: two triangles.
                    transport += (start * start + end * end) / (2 * abs(start - end)) * width
                }
            }
            distance = max(distance, abs(here.left - here.right))
            bound = max(bound, here.left - below.right, here.right - below.left)
            below = here
        }
        kolmogorovSmirnov = distance
        kolmogorovSmirnovAtMost = isExact ? distance : min(1, bound)
        pValue = Probability.kolmogorovSmirnov(distance: distance, n, m)
        wasserstein = transport
        wassersteinOverDeviation = deviation.flatMap { deviation in
            if deviation > 0 { return deviation.isFinite ? transport / deviation : nil }
            // Whatever a constant moves by is infinitely more than it used to vary.
            return transport > 0 ? .infinity : 0
        }
        self.isExact = isExact
    }

    private enum CodingKeys: String, CodingKey {
        case wasserstein
        case kolmogorovSmirnov = "kolmogorov_smirnov"
        case kolmogorovSmirnovAtMost = "kolmogorov_smirnov_at_most"
        case pValue = "p_value"
        case wassersteinOverDeviation = "wasserstein_over_stddev"
        case isExact = "exact"
    }
}
