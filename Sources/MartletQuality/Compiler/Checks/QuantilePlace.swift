import MartletCore

/// Where in the order of `n` values a quantile is.
struct QuantilePlace: Hashable, Sendable {
    /// How a quantile between two values is told.
    enum Interpolation: String, Hashable, Sendable {
        /// The first value that at least that share of values does not exceed, as databases have it.
        case discrete
        case linear, lower, higher, midpoint, nearest
    }

    /// The one or two places it is told from, from 1.
    var ranks: [Int]
    /// How far it is from the first to the second.
    private var fraction: Double

    /// The place of `quantile` among `count` values.
    init(_ quantile: Double, of count: Int, _ interpolation: Interpolation) {
        if interpolation == .discrete {
            ranks = [Self.discreteRank(quantile, of: count)]
            fraction = 0
            return
        }
        let position = quantile * Double(count - 1)
        let below = Int(position.rounded(.down))
        let above = Int(position.rounded(.up))
        switch interpolation {
        case .lower: ranks = [below + 1]
        case .higher: ranks = [above + 1]
        case .nearest, .discrete: ranks = [Int(position.rounded(.toNearestOrEven)) + 1]
        case .linear, .midpoint: ranks = [below + 1, above + 1]
        }
        fraction = interpolation == .midpoint ? (above > below ? 0.5 : 0) : position - Double(below)
    }

    /// The quantile told from the values at its places.
    func value(_ values: some Sequence<SQLValue>) -> SQLValue {
        let values = Array(values)
        guard values.count > 1, let low = ValueOrder.double(values[0]), let high = ValueOrder.double(values[1]) else {
            return values.first ?? .null
        }
        // From the nearer end, as NumPy does it, so that both ends come out exact.
        let distance = high - low
        return .double(fraction < 0.5 ? low + distance * fraction : high - distance * (1 - fraction))
    }

    /// The least rank k with k/count ≥ quantile, exact for quantiles as they are written in decimals.
    private static func discreteRank(_ quantile: Double, of count: Int) -> Int {
        let parts = TypedValue.plain(quantile).split(separator: ".", maxSplits: 1)
        let digits = parts.count > 1 ? String(parts[1]) : ""
        guard let scaled = Int(String(parts.first ?? "0") + digits), digits.count <= 18 else {
            return max(1, Int((quantile * Double(count)).rounded(.up)))
        }
        let scale = (0..<digits.count).reduce(1) { product, _ in product * 10 }
        let (high, low) = scaled.multipliedFullWidth(by: count)
        let (quotient, remainder) = scale.dividingFullWidth((high, low))
        return max(1, quotient + (remainder > 0 ? 1 : 0))
    }
}
