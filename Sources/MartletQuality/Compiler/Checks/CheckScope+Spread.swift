import MartletCore

/// Tests of how far values are from the middle of their column.
extension CheckScope {
    /// A condition that is true for values too far out.
    func spreadTest(
        _ column: CheckColumn,
        _ rule: ValueRule,
        _ statistics: RowStatistics,
        _ rows: String?,
        _ metric: String
    ) throws(CheckFailure) -> String {
        guard column.kind.isNumeric || column.kind == .boolean else {
            throw unfit(column, "has no mean and spread", metric)
        }
        let value = double(column)
        switch rule {
        case .zScore(let threshold, let isDoubleSided):
            return zScoreTest(value, threshold, isDoubleSided, statistics, rows)
        case .notOutlier(let method, let multiplier):
            return outlierTest(value, method, multiplier, statistics, rows)
        default: return "FALSE"
        }
    }

    /// The value as a double.
    func double(_ column: CheckColumn) -> String {
        switch column.kind {
        case .floating: column.sql
        case .boolean: "CAST(CAST(\(column.sql) AS INT) AS DOUBLE)"
        default: "CAST(\(column.sql) AS DOUBLE)"
        }
    }

    private func zScoreTest(
        _ value: String,
        _ threshold: Double,
        _ isDoubleSided: Bool,
        _ statistics: RowStatistics,
        _ rows: String?
    ) -> String {
        let mean: String
        let spread: String
        switch statistics {
        case .known(let center, let deviation, _, _):
            guard let center, let deviation, deviation != 0 else { return "\(value) <> \(value)" }
            mean = dialect.double(center)
            spread = dialect.double(deviation)
        case .windowed:
            let taken = given(value, rows)
            mean = "avg(\(taken)) OVER ()"
            spread = "nullif(stddev_samp(\(taken)) OVER (), 0)"
        }
        let score = "(\(value) - \(mean)) / \(spread)"
        return isDoubleSided
            ? "abs(\(score)) >= \(dialect.double(abs(threshold)))" : "\(score) >= \(dialect.double(threshold))"
    }

    private func outlierTest(
        _ value: String,
        _ method: OutlierMethod,
        _ multiplier: Double,
        _ statistics: RowStatistics,
        _ rows: String?
    ) -> String {
        switch (statistics, method) {
        case (.known(_, _, let lower, let upper), .iqr):
            guard let lower, let upper else { return "\(value) <> \(value)" }
            let reach = multiplier * (upper - lower)
            return "\(value) < \(dialect.double(lower - reach)) OR \(value) > \(dialect.double(upper + reach))"
        case (.known(let center, let deviation, _, _), .std):
            guard let center, let deviation else { return "\(value) <> \(value)" }
            let reach = multiplier * deviation
            if reach <= 0 { return "\(value) <> \(dialect.double(center))" }
            return "abs(\(value) - \(dialect.double(center))) >= \(dialect.double(reach))"
        case (.windowed, .iqr):
            let source = "FROM \(relation)\(SQLCondition.clause(rows))"
            let lower = "(SELECT \(dialect.continuousQuantile(value, 0.25)) \(source))"
            let upper = "(SELECT \(dialect.continuousQuantile(value, 0.75)) \(source))"
            let reach = "\(dialect.double(multiplier)) * (\(upper) - \(lower))"
            return "\(value) < \(lower) - \(reach) OR \(value) > \(upper) + \(reach)"
        case (.windowed, .std):
            let taken = given(value, rows)
            let center = "avg(\(taken)) OVER ()"
            let reach = "\(dialect.double(multiplier)) * stddev_samp(\(taken)) OVER ()"
            return "CASE WHEN \(reach) <= 0 THEN \(value) <> \(center) ELSE abs(\(value) - \(center)) >= \(reach) END"
        }
    }

    /// `value` where `rows` holds, null elsewhere.
    func given(_ value: String, _ rows: String?) -> String {
        rows.map { "CASE WHEN \($0) THEN \(value) END" } ?? value
    }
}
