import MartletCore

/// The text of queries.
extension ScanPlanner {
    /// One row of aggregates over all rows.
    func fused(_ needs: [Need]) -> Scan {
        let list = needs.map(expression).joined(separator: ", ")
        return Scan(kind: .fused, needs: needs, sql: "SELECT \(list) FROM \(relation)")
    }

    /// What a need is in a scan of all rows.
    func expression(_ need: Need) -> String {
        switch need {
        case .scalar(let scalar): aggregate(scalar)
        case .groups(let groups): bitmap(groups) ?? "NULL"
        case .ranks(let ranks): bracketCounts(ranks) ?? quantiles(ranks)
        default: "NULL"
        }
    }

    private func aggregate(_ scalar: ScalarNeed) -> String {
        switch scalar.form {
        case .aggregate(let sql): sql
        case .tally(let condition): dialect.tally(condition)
        case .distinctTally(let condition, let value): "count(DISTINCT CASE WHEN \(condition) THEN \(value) END)"
        }
    }

    /// One row of aggregates over the distinct values of `column`, each with how often it occurs.
    func dictionary(_ column: String, _ needs: [Need]) -> Scan {
        let name = dialect.identifier(column)
        let times = dialect.identifier("martlet times")
        let list = needs.flatMap { need in
            switch need {
            case .scalar(let scalar): [weighted(scalar, name, times)]
            case .groups: ["count(\(name))", dialect.tally("\(times) > 1 AND \(name) IS NOT NULL", weight: times)]
            default: ["NULL"]
            }
        }
        let source = "(SELECT \(name), count(*) AS \(times) FROM \(relation) GROUP BY \(name)) AS counted"
        return Scan(kind: .dictionary, needs: needs, sql: "SELECT \(list.joined(separator: ", ")) FROM \(source)")
    }

    private func weighted(_ scalar: ScalarNeed, _ name: String, _ times: String) -> String {
        switch scalar.form {
        case .aggregate(let sql): sql
        case .tally(let condition): dialect.tally(condition, weight: times)
        case .distinctTally(let condition, let value): "count(CASE WHEN \(condition) THEN \(value) END)"
        }
    }

    /// How rows group: distinct keys, and rows that share theirs.
    func groups(_ need: GroupNeed) -> Scan {
        let positions = need.keys.indices.map { "\($0 + 1)" }.joined(separator: ", ")
        let keys = need.keys.enumerated().map { "\($1) AS k\($0)" }.joined(separator: ", ")
        let source = "FROM \(relation)\(SQLCondition.clause(need.rows)) GROUP BY \(positions)"
        let sql =
            need.countsShared
            ? "SELECT count(*), \(dialect.tally("n > 1", weight: "n")) FROM (SELECT \(keys), count(*) AS n \(source)) AS g"
            : "SELECT count(*) FROM (SELECT \(keys) \(source)) AS g"
        return Scan(kind: .groups, needs: [.groups(need)], sql: sql)
    }

    /// Distinct whole numbers counted by a bit for each, where files tell their range and it is not too wide.
    func bitmap(_ need: GroupNeed) -> String? {
        guard let name = need.column, let statistics, let known = statistics.columns[name], known.nullCount != nil,
            case .integer(let low)? = known.minimum, case .integer(let high)? = known.maximum,
            let column = columns[name], column.kind == .integer,
            column.type != "HUGEINT", column.type != "UHUGEINT"
        else { return nil }
        let (span, overflows) = high.subtractingReportingOverflow(low)
        guard !overflows, span < Limits.bitmapSpan, Int(span) / 64 <= statistics.rowCount else { return nil }
        // More rows than numbers there are: some share theirs, and a bit does not tell how many.
        if need.countsShared, statistics.rowCount - (known.nullCount ?? 0) > Int(span) + 1 { return nil }
        return dialect.distinctByBitmap(dialect.identifier(name), low...high, type: column.type)
    }

    /// Values at places in the order.
    func ranks(_ need: RankNeed) -> Scan {
        Scan(
            kind: .ranks,
            needs: [.ranks(need)],
            sql: "SELECT \(quantiles(need)) FROM \(relation)\(SQLCondition.clause(need.rows))"
        )
    }

    /// A fraction in the middle between two places names its place whatever is rounded.
    private func quantiles(_ need: RankNeed) -> String {
        dialect.discreteQuantiles(need.value, need.ranks.map { (Double($0) - 0.5) / Double(max(need.count, 1)) })
    }

    /// Rows that Swift looks at: distinct ones with how often they occur where that is few, else all.
    func evaluation(_ need: EvaluationNeed) -> Scan {
        let isGrouped = isGrouped(need)
        let list = (need.values + need.places + (isGrouped ? ["count(*)"] : [])).joined(separator: ", ")
        let grouping = isGrouped ? " GROUP BY " + need.values.joined(separator: ", ") : ""
        return Scan(
            kind: .evaluation,
            needs: [.evaluation(need)],
            sql: "SELECT \(list) FROM \(need.source)\(SQLCondition.clause(need.rows))\(grouping)"
        )
    }

    /// Whether an evaluation goes over distinct values.
    func isGrouped(_ need: EvaluationNeed) -> Bool {
        guard need.limit == nil, let column = need.column, let count = cardinalities[column] else { return false }
        return count <= Limits.dictionaryValues
    }
}
