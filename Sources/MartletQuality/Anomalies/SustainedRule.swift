/// Whether values deviate to one side for a while, each too little to stand out.
///
/// A running mean of deviations from the season and a slow level, held against what such means have been.
struct SustainedRule: Sendable {
    private static let gain = 0.1
    /// The spread of the running mean of independent deviations of unit spread.
    private static let spread = (gain / (2 - gain)).squareRoot()
    private var (above, below) = (TailModel(memory: 8192), TailModel(memory: 8192))
    private var (upperBound, lowerBound) = (Double.infinity, Double.infinity)
    private var mean = 0.0
    private var count = 0

    /// 1 or more above, -1 or less below.
    func ratio(with deviation: Double) -> Double {
        guard count >= 200 else { return 0 }
        let next = (mean + Self.gain * (clipped(deviation) - mean)) / Self.spread
        return next >= 0 ? next / upperBound : next / lowerBound
    }

    private func clipped(_ deviation: Double) -> Double { min(4, max(-4, deviation)) }

    /// Takes a deviation in units of the usual; `isRepeated` ones of an episode teach nothing.
    mutating func add(_ deviation: Double, alpha: Double, isRepeated: Bool) {
        count += 1
        mean += Self.gain * (clipped(deviation) - mean)
        let scaled = mean / Self.spread
        if count > 32, !isRepeated {
            above.add(scaled)
            below.add(-scaled)
        }
        guard count % 32 == 0 else { return }
        upperBound = above.bound(alpha: alpha)
        lowerBound = below.bound(alpha: alpha)
    }

    /// Takes the level of late for the normal one.
    mutating func settle() { mean = 0 }
}
