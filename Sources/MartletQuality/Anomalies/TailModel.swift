import Foundation

/// What is known of one side's large deviations: how far is further than all but a fraction α of them.
///
/// Deviations, in units of their usual size, are counted in bins of equal ratio, with old ones forgotten slowly. Beyond
/// the last few per cent a generalised Pareto distribution is fitted by moments (Hosking and Wallis 1987; peaks over a
/// threshold as in Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017), with its shape
/// drawn towards that of a normal tail where there is little to learn from.
struct TailModel: Sendable, Equatable {
    private static let perOctave = 8
    private static let bins = 160
    /// The lower edge of the first bin.
    private static let least = 0.125
    private static let edges: [Double] = (0...bins).map { least * exp2(Double($0) / Double(perOctave)) }

    private var counts = [Float](repeating: 0, count: TailModel.bins)
    /// All deviations, those of the other side and those too small for a bin included.
    private(set) var total: Float = 0
    /// More than this many are forgotten by halves.
    private let memory: Float

    init(memory: Float) { self.memory = memory }

    /// Takes a deviation; those of the other side are negative.
    mutating func add(_ deviation: Double) {
        total += 1
        if deviation >= Self.least {
            // The place by the exponent and the leading bits would be the same to a few per cent; the logarithm is exact.
            let place = Int((Double(Self.perOctave) * log2(deviation / Self.least)).rounded(.down))
            counts[min(Self.bins - 1, max(0, place))] += 1
        }
        if total >= memory {
            total *= 0.5
            for bin in counts.indices { counts[bin] *= 0.5 }
        }
    }

    /// The bound beyond which lies a fraction `alpha`.
    func bound(alpha: Double) -> Double {
        let size = Double(total)
        let normal = Self.normalQuantile(alpha)
        guard size >= 8 else { return normal * 2.5 }
        let wanted = max(8, (size < 500 ? 0.05 : 0.02) * size)
        var mass = 0.0
        var (first, second) = (0.0, 0.0)
        var bin = Self.bins
        while bin > 0, mass < wanted, Self.edges[bin - 1] >= 0.5 {
            bin -= 1
            let count = Double(counts[bin])
            guard count > 0 else { continue }
            let middle = (Self.edges[bin] + Self.edges[bin + 1]) / 2
            mass += count
            first += count * middle
            second += count * middle * middle
        }
        // A small sample says little of what is rare.
        let caution = 1 + 12 / size
        guard mass >= 2 else { return normal * caution }
        let threshold = Self.edges[bin]
        let mean = first / mass - threshold
        let variance = max(1e-12, second / mass - (first / mass) * (first / mass))
        let raw = 0.5 * (1 - mean * mean / variance)
        let prior = 12.0
        let shape = min(0.6, max(0, (mass * raw + prior * 0.05) / (mass + prior)))
        let expected = max(mean, 0.3)
        let scale = expected * (1 - shape)
        let ratio = mass / size / alpha
        let excess = shape < 0.01 ? scale * log(ratio) : scale / shape * (pow(ratio, shape) - 1)
        return max(normal, threshold + max(0, excess)) * caution
    }

    /// The value that a standard normal variable exceeds with probability `alpha`: Abramowitz and Stegun 26.2.23.
    static func normalQuantile(_ alpha: Double) -> Double {
        let t = (-2 * log(min(0.5, max(alpha, 1e-300)))).squareRoot()
        return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    }
}
