import MartletCore

/// Checks of quantiles.
extension CheckScope {
    func quantiles(_ check: Check, _ name: String, _ rule: QuantileRule) throws(CheckFailure) -> CheckStep {
        let metric = "column.quantile_values"
        let column = try column(name, metric)
        let rows = try rows(check.rows, metric)
        guard column.kind.isNumeric else {
            throw unfit(column, "has no quantiles", metric)
        }
        guard rule.quantiles.count == rule.ranges.count, rule.quantiles.allSatisfy({ (0...1).contains($0) }) else {
            throw invalid(
                "the quantiles and their ranges do not fit each other",
                remedy: "give as many ranges as quantiles, each of those between 0 and 1",
                metric
            )
        }
        let interpolation = try interpolation(rule.allowRelativeError, metric)
        let count = valueCount(column, rows)
        return .needs([.scalar(count)]) { (answers) throws(CheckFailure) in
            let total = try answers.count(count, metric)
            guard total > 0 else { return Self.judged(rule, Array(repeating: .null, count: rule.quantiles.count)) }
            let places = rule.quantiles.map { QuantilePlace($0, of: total, interpolation) }
            let need = RankNeed(
                value: column.sql,
                rows: rows,
                ranks: places.flatMap(\.ranks),
                count: total,
                column: rows == nil && column.isPlain ? column.name : nil
            )
            return .needs([.ranks(need)]) { (answers) throws(CheckFailure) in
                var values = try answers.values(need, metric)[...]
                let quantiles = places.map { place in
                    defer { values = values.dropFirst(place.ranks.count) }
                    return place.value(values.prefix(place.ranks.count))
                }
                return Self.judged(rule, quantiles)
            }
        }
    }

    private func interpolation(_ given: JSONValue, _ metric: String) throws(CheckFailure) -> QuantilePlace.Interpolation
    {
        guard semantics == .pandas else { return .discrete }
        switch given {
        case .string(let name):
            if let interpolation = QuantilePlace.Interpolation(rawValue: name), interpolation != .discrete {
                return interpolation
            }
        case .bool(false), .null, .integer(0): return .nearest
        case .number(let value) where value == 0: return .nearest
        default: break
        }
        throw invalid(
            "allow_relative_error \(given.jsonText) names no interpolation",
            remedy: "give false, or one of linear, lower, higher, midpoint, nearest",
            metric
        )
    }

    private static func judged(_ rule: QuantileRule, _ values: [SQLValue]) -> CheckStep {
        let verdicts = zip(values, rule.ranges).map { isMet($0, $1) }
        let observed: [String: JSONValue] = [
            "quantiles": .array(rule.quantiles.map { .number($0) }), "values": .array(values.map(ValueJSON.json)),
        ]
        let details: [String: JSONValue] = ["success_details": .array(verdicts.map { .bool($0) })]
        return .value(verdicts.allSatisfy(\.self), .object(observed), details: details)
    }

    /// Inside, or within a ten-thousandth of an end, as in Great Expectations.
    private static func isMet(_ value: SQLValue, _ range: QuantileRule.Range) -> Bool {
        guard let value = ValueOrder.double(value), !value.isNaN else { return false }
        let low = range.minimum ?? -.infinity
        let high = range.maximum ?? .infinity
        return isClose(value, low) || isClose(value, high) || (low <= value && value <= high)
    }

    private static func isClose(_ value: Double, _ bound: Double) -> Bool {
        if value == bound { return true }
        guard value.isFinite, bound.isFinite else { return false }
        return abs(value - bound) <= 1e-8 + 1e-4 * abs(bound)
    }
}
