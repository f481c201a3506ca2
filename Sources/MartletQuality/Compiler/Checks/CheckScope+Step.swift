import MartletCore

/// The first step of each check.
extension CheckScope {
    /// How `check` starts; a check that cannot be made is done at once, with its failure.
    func step(_ check: Check) -> CheckStep {
        do {
            return try start(check)
        } catch {
            return .failed(error)
        }
    }

    private func start(_ check: Check) throws(CheckFailure) -> CheckStep {
        switch check.rule {
        case .values(let name, let rule): return try values(check, name, rule)
        case .pair, .multicolumn, .condition, .closure:
            guard let test = try rowTest(check, .windowed) else { break }
            if case .condition(let sql) = check.rule { return probed(["(\(sql)\n)"], check, test) }
            return counting(check, test)
        case .statistic(let name, let statistic, let bounds): return try self.statistic(check, name, statistic, bounds)
        case .distinctValues(let name, let relation, let values):
            return try distinctValues(check, name, relation, values)
        case .mostCommonValue(let name, let values, let tiesOkay): return try mode(check, name, values, tiesOkay)
        case .quantiles(let name, let rule): return try quantiles(check, name, rule)
        case .divergence(let name, let rule): return try divergence(check, name, rule)
        case .table(let rule): return try table(check, rule)
        case .unexpectedRows(let query): return try unexpectedRows(check, query)
        case .queryComparison(let base, _, let comparison): return try queryComparison(check, base, comparison)
        }
        return .value(true, nil)
    }

    private func values(_ check: Check, _ name: String, _ rule: ValueRule) throws(CheckFailure) -> CheckStep {
        switch rule {
        case .ofType(let type): return try typeCheck(check, name, [type], rule.metric)
        case .inTypeList(let types): return try typeCheck(check, name, types, rule.metric)
        case .zScore, .notOutlier: return try spread(check, name, rule)
        default: break
        }
        guard let test = try rowTest(check, .windowed) else { return .value(true, nil) }
        let patterns = rule.patterns
        guard !patterns.isEmpty else { return counting(check, test) }
        return try asking(check, test, patterns)
    }

    /// Asks the engine to compile patterns before they go into a scan that others share.
    private func asking(_ check: Check, _ test: RowTest, _ patterns: [String]) throws(CheckFailure) -> CheckStep {
        let probes = patterns.map { Need.probe(dialect.finds($0, in: "''")) }
        let metric = "\(test.metric).condition"
        return .needs(probes) { (answers) throws(CheckFailure) in
            for (probe, pattern) in zip(probes, patterns) {
                guard let error = answers.failure(probe) else { continue }
                throw CheckFailure(
                    metric: metric,
                    error: MartletError(
                        .checkPatternInvalid,
                        "the engine does not take the regular expression \(pattern.debugDescription)",
                        reason: error.reason ?? error.message,
                        remedy: "write it in RE2's syntax, which has no lookaround and no backreferences",
                        cause: error.cause
                    )
                )
            }
            return self.counting(check, test)
        }
    }

    /// Condition text of users goes alone through the engine once, over no rows, before it shares a scan.
    private func probed(_ conditions: [String], _ check: Check, _ test: RowTest) -> CheckStep {
        let probes = conditions.map {
            Need.probe("(SELECT any_value(\($0)) FROM (SELECT * FROM \(relation) LIMIT 0) AS none)")
        }
        let metric = "\(test.metric).condition"
        return .needs(probes) { (answers) throws(CheckFailure) in
            for probe in probes { _ = try answers.answer(probe, metric) }
            return self.counting(check, test)
        }
    }

    /// Checks that need the middle and spread of a column before they can look at values.
    private func spread(_ check: Check, _ name: String, _ rule: ValueRule) throws(CheckFailure) -> CheckStep {
        let metric = "\(rule.metric).condition"
        let column = try column(name, metric)
        let rows = try rows(check.rows, metric)
        _ = try rowTest(check, .windowed)
        let value = double(column)
        if case .notOutlier(.iqr, _) = rule {
            return try quantile(column, [0.25, 0.75], rows, "column.outlier_statistics") {
                (values) throws(CheckFailure) in
                let known = RowStatistics.known(center: nil, spread: nil, lower: values[0], upper: values[1])
                guard let test = try self.rowTest(check, known) else { return .value(true, nil) }
                return self.counting(check, test)
            }
        }
        let (center, spread) = (aggregate(value, rows, mean), aggregate(value, rows, deviation))
        return .needs([.scalar(center), .scalar(spread)]) { (answers) throws(CheckFailure) in
            let known = RowStatistics.known(
                center: Self.finite(try answers.value(center, "column.mean")),
                spread: Self.finite(try answers.value(spread, "column.standard_deviation")),
                lower: nil,
                upper: nil
            )
            guard let test = try self.rowTest(check, known) else { return .value(true, nil) }
            return self.counting(check, test)
        }
    }

    /// Goes on with quantiles between neighbouring values, as doubles; each nil for no values or one that is not finite.
    func quantile(
        _ column: CheckColumn,
        _ fractions: [Double],
        _ rows: String?,
        _ metric: String,
        _ then: @escaping @Sendable ([Double?]) throws(CheckFailure) -> CheckStep
    ) throws(CheckFailure) -> CheckStep {
        let count = valueCount(column, rows)
        let value = column.kind == .boolean ? double(column) : column.sql
        return .needs([.scalar(count)]) { (answers) throws(CheckFailure) in
            let total = try answers.count(count, metric)
            guard total > 0 else { return try then(fractions.map { _ in nil }) }
            let places = fractions.map { QuantilePlace($0, of: total, .linear) }
            let need = RankNeed(
                value: value,
                rows: rows,
                ranks: places.flatMap(\.ranks),
                count: total,
                column: rows == nil && column.isPlain ? column.name : nil
            )
            return .needs([.ranks(need)]) { (answers) throws(CheckFailure) in
                var values = try answers.values(need, metric)[...]
                let quantiles = places.map { place in
                    defer { values = values.dropFirst(place.ranks.count) }
                    return Self.finite(place.value(values.prefix(place.ranks.count)))
                }
                return try then(quantiles)
            }
        }
    }

    static func finite(_ value: SQLValue) -> Double? {
        ValueOrder.double(value).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The mean of doubles.
    func mean(_ value: String) -> String { tracksErrors ? "favg(\(value))" : "avg(\(value))" }
    /// The sum of doubles.
    func sum(_ value: String) -> String { tracksErrors ? "fsum(\(value))" : "sum(\(value))" }

    /// Whether sums keep track of rounding errors, so that the order of rows does not show; three times as slow.
    private var tracksErrors: Bool {
        dialect == .duckdb && (statistics?.rowCount ?? 0) <= Limits.exactSumRows
    }
    /// The sample's standard deviation.
    func deviation(_ value: String) -> String { "stddev_samp(\(value))" }
}
