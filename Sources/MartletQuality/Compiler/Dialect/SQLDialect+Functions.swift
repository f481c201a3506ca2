import MartletCore

/// Functions whose names or ways differ between engines.
extension SQLDialect {
    /// How many rows `condition` is true for: 0 for no rows.
    ///
    /// Engines fold it when statistics prove the condition.
    func tally(_ condition: String) -> String {
        switch self {
        // A third less work than a sum, and folded just as well.
        case .duckdb: "coalesce(count_if(\(condition)), 0)"
        case .spark: "coalesce(sum(CAST((\(condition)) AS INT)), 0)"
        }
    }

    /// The sum of `weight` over the rows that `condition` is true for.
    func tally(_ condition: String, weight: String) -> String {
        "coalesce(sum(CASE WHEN \(condition) THEN \(weight) END), 0)"
    }

    /// Whether `pattern` is found anywhere in `text`.
    func finds(_ pattern: String, in text: String) -> String {
        switch self {
        case .duckdb: "regexp_matches(\(text), \(string(pattern)))"
        case .spark: "(\(text) RLIKE \(string(pattern)))"
        }
    }

    /// How many characters `text` has.
    func length(_ text: String) -> String { "length(\(text))" }

    /// `value` as text.
    func text(_ value: String) -> String {
        switch self {
        case .duckdb: "CAST(\(value) AS VARCHAR)"
        case .spark: "CAST(\(value) AS STRING)"
        }
    }

    /// Like `like`, with `escape` before a character that stands for itself.
    func like(_ text: String, _ pattern: String, escape: String?) -> String {
        let clause = escape.map { " ESCAPE \(string($0))" } ?? ""
        return "\(text) LIKE \(string(pattern))\(clause)"
    }

    /// A value that is null where it is not a number.
    func nullingNaN(_ value: String) -> String { "nullif(\(value), \(double(.nan)))" }

    /// Values of `value` at discrete fractions; null for no values.
    func discreteQuantiles(_ value: String, _ fractions: [Double]) -> String {
        let list = fractions.map { "\($0)" }.joined(separator: ", ")
        return switch self {
        case .duckdb: "quantile_disc(\(value), [\(list)])"
        case .spark:
            "array("
                + fractions.map { "percentile_disc(\($0)) WITHIN GROUP (ORDER BY \(value))" }
                .joined(separator: ", ") + ")"
        }
    }

    /// The value of `value` at `fraction`, between two neighbours where it falls there.
    func continuousQuantile(_ value: String, _ fraction: Double) -> String {
        switch self {
        case .duckdb: "quantile_cont(\(value), \(fraction))"
        case .spark: "percentile(\(value), \(fraction))"
        }
    }

    /// How many distinct whole numbers `column` holds, all known to be in `range`; an error when one is not.
    func distinctByBitmap(_ column: String, _ range: ClosedRange<Int64>, type: String) -> String? {
        guard self == .duckdb else { return nil }
        let low = "CAST(\(range.lowerBound) AS \(type))"
        let high = "CAST(\(range.upperBound) AS \(type))"
        return "coalesce(bit_count(bitstring_agg(\(column), \(low), \(high))), 0)"
    }
}
