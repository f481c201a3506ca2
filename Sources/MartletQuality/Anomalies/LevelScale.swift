/// How the size of deviations goes with the level: counts scatter more where they are larger.
///
/// One mean size for each octave of the level, so nothing is assumed about how the two go together.
struct LevelScale: Sendable {
    private static let octaves = 64
    private var sizes = [Double](repeating: 0, count: LevelScale.octaves)
    private var counts = [Double](repeating: 0, count: LevelScale.octaves)
    private var isSigned = false

    private func octave(of level: Double) -> Int {
        guard level > 0, level.isFinite else { return 0 }
        return min(Self.octaves - 1, max(0, Int(level.exponent) + 24))
    }

    /// The usual size at a level as a multiple of `mean`, the usual size at any.
    func factor(at level: Double, mean: Double) -> Double {
        guard !isSigned, mean > 0 else { return 1 }
        let octave = octave(of: level)
        let weight = counts[octave] / (counts[octave] + 20)
        return min(5, max(0.15, 1 + weight * (sizes[octave] / mean - 1)))
    }

    mutating func learn(size: Double, at level: Double, value: Double) {
        if value < 0 { isSigned = true }
        let octave = octave(of: level)
        counts[octave] = min(200, counts[octave] + 1)
        sizes[octave] += (size - sizes[octave]) / counts[octave]
    }
}
