/// Whether a value is well outside everything before, some time ago: what a level that follows slowly does not hide.
struct RangeRule: Sendable {
    private var (low, high) = (Double.infinity, -Double.infinity)
    private var (pendingLow, pendingHigh) = (Double.infinity, -Double.infinity)
    private var (newLow, newHigh) = (Double.infinity, -Double.infinity)
    private var count = 0
    private var block = 0

    /// 1 or more above the range with its margin, -1 or less below it; 0 inside, or when little is known.
    func ratio(_ value: Double) -> Double {
        guard count >= 100, high > low else { return 0 }
        let margin = 0.6 * (high - low)
        if value > high { return (value - high) / margin }
        if value < low { return (value - low) / margin }
        return 0
    }

    mutating func add(_ value: Double, isTrusted: Bool) {
        count += 1
        block += 1
        if isTrusted { (newLow, newHigh) = (min(newLow, value), max(newHigh, value)) }
        // What is recent does not count yet, so that a slow departure is not its own excuse.
        guard block >= max(16, count / 40) else { return }
        block = 0
        (low, high) = (min(low, pendingLow), max(high, pendingHigh))
        (pendingLow, pendingHigh) = (newLow, newHigh)
        (newLow, newHigh) = (.infinity, -.infinity)
    }

    /// Takes a value into the range at once.
    mutating func include(_ value: Double) { (low, high) = (min(low, value), max(high, value)) }
}
