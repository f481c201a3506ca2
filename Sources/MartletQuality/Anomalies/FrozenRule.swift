import Foundation

/// Whether a value has stayed the same for longer than this series ever did.
struct FrozenRule: Sendable {
    private var previous = Double.nan
    /// How often the last value has been repeated so far.
    private var run = 0
    /// Of the runs that have ended: the longest, all repeats, and all values.
    private var (longest, repeats, count) = (0, 0, 0)

    /// 1 or more when the run that ends with `value` is anomalous.
    ///
    /// A run is held against those before it; a series that has hardly moved yet cannot freeze.
    func ratio(_ value: Double, alpha: Double) -> Double {
        guard value == previous, run >= 8, count >= 50 else { return 0 }
        let chance = (Double(repeats) + 2) / (Double(count) + 4)
        guard chance < 0.5 else { return 0 }
        let wanted = max(10, 3 * Double(longest), log(alpha) * 3 / log(chance))
        return Double(run + 1) / wanted
    }

    mutating func add(_ value: Double) {
        if value == previous {
            run += 1
        } else {
            longest = max(longest, run)
            repeats += run
            count += run + 1
            run = 0
        }
        previous = value
    }
}
