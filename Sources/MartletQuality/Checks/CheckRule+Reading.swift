import MartletCore

extension QuantileRule {
    /// Whether `value` is `{quantiles, value_ranges}`: numbers 0...1 and as many lists of two.
    static func isReadable(_ value: JSONValue) -> Bool {
        guard case .array(let quantiles)? = value["quantiles"], case .array(let ranges)? = value["value_ranges"],
            quantiles.count == ranges.count
        else { return false }
        let areShares = quantiles.allSatisfy { $0.doubleValue.map { (0...1).contains($0) } ?? false }
        return areShares && ranges.allSatisfy { range($0) != nil }
    }

    /// The rule that ``isReadable(_:)`` said yes to.
    init(_ value: JSONValue, _ allowRelativeError: JSONValue) {
        var quantiles: [Double] = []
        if case .array(let values)? = value["quantiles"] { quantiles = values.compactMap(\.doubleValue) }
        var ranges: [Range] = []
        if case .array(let values)? = value["value_ranges"] { ranges = values.compactMap(Self.range) }
        self.init(quantiles: quantiles, ranges: ranges, allowRelativeError: allowRelativeError)
    }

    private static func range(_ value: JSONValue) -> Range? {
        guard case .array(let ends) = value, ends.count == 2,
            ends.allSatisfy({ $0 == .null || $0.doubleValue != nil })
        else { return nil }
        return Range(minimum: ends[0].doubleValue, maximum: ends[1].doubleValue)
    }
}

extension DivergenceRule {
    /// The rule of these arguments.
    init(_ arguments: ReadArguments) {
        self.init(
            partition: arguments.optional("partition_object"),
            threshold: arguments.number("threshold"),
            internalWeightHoldout: arguments.number("internal_weight_holdout") ?? 0,
            tailWeightHoldout: arguments.number("tail_weight_holdout") ?? 0,
            bucketizeData: arguments.flag("bucketize_data"),
            bounds: arguments.bounds
        )
    }
}
