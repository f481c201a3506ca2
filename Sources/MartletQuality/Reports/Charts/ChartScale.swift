/// Turns numbers into places on an axis.
struct ChartScale: Hashable {
    /// The numbers at the two ends.
    let domain: ClosedRange<Double>
    /// The places of the two ends; the first may be the greater.
    let places: (start: Double, end: Double)

    init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
        self.domain = domain
        places = (start, end)
    }

    /// The place of `value`, kept between the ends.
    func place(_ value: Double) -> Double {
        let length = domain.upperBound - domain.lowerBound
        let share = length > 0 ? (value - domain.lowerBound) / length : 0.5
        return places.start + min(1, max(0, share)) * (places.end - places.start)
    }

    static func == (left: Self, right: Self) -> Bool { left.domain == right.domain && left.places == right.places }

    func hash(into hasher: inout Hasher) { hasher.combine(domain) }

    /// A domain that holds all of `values`, with round ends and a few round numbers in it.
    ///
    /// Steps are 1, 2, 2.5 or 5 times a power of ten ("Nice numbers for graph labels", P. Heckbert, Graphics Gems).
    static func nice(
        _ values: some Sequence<Double>,
        covering range: ClosedRange<Double>? = nil
    ) -> (domain: ClosedRange<Double>, ticks: [Double]) {
        var (low, high) = (range?.lowerBound ?? .infinity, range?.upperBound ?? -.infinity)
        for value in values where value.isFinite && abs(value) < 1e300 {
            (low, high) = (min(low, value), max(high, value))
        }
        guard low <= high else { return (0...1, [0, 1]) }
        if low == high { (low, high) = low == 0 ? (0, 1) : (min(low, 0), max(high, 0)) }
        // A line well above zero is read more easily without the empty space below it.
        if low > 0, low < 0.5 * high { low = 0 }
        let step = niceStep((high - low) / 3)
        // Numbers that are too near each other to be told apart on an axis.
        guard step.isNormal, abs(low) < step * 1e9, abs(high) < step * 1e9 else { return (low...high, [low, high]) }
        let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
        let isOverfull = range.map { high <= $0.upperBound } ?? false
        let top = isOverfull ? high : last * step
        let ticks = stride(from: first, through: last, by: 1).map { $0 * step }.filter { $0 <= top * (1 + 1e-9) }
        return ((first * step)...max(top, first * step + step / 1000), ticks)
    }

    private static func niceStep(_ raw: Double) -> Double {
        var power = 1.0
        while power * 10 <= raw { power *= 10 }
        while power > raw { power /= 10 }
        for factor in [1, 2, 2.5, 5] where factor * power >= raw { return factor * power }
        return 10 * power
    }
}
