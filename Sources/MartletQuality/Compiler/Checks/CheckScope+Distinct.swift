import MartletCore

/// Checks of the set of a column's values.
extension CheckScope {
    func distinctValues(
        _ check: Check,
        _ name: String,
        _ relation: SetRelation,
        _ values: [JSONValue]
    ) throws(CheckFailure) -> CheckStep {
        let metric =
            relation == .containSet ? "column.distinct_values.missing_from_column" : "column.distinct_values.not_in_set"
        let column = try column(name, "\(metric).count")
        let rows = try rows(check.rows, metric)
        let test = membership(column.sql, column.column, values)
        let others =
            relation == .containSet
            ? nil : distinctTally(column, SQLCondition.and([rows, "NOT (\(test))"]) ?? "", rows)
        let found = relation == .beInSet ? nil : distinctTally(column, SQLCondition.and([rows, test]) ?? "", rows)
        let needs = [others, found].compactMap(\.self)
        // Nulls are never in the column, so that they always miss; pandas counts each value once.
        let wanted = semantics == .pandas ? unique(values, column) : values
        return .needs(needs.map { .scalar($0) }) { (answers) throws(CheckFailure) in
            let unexpected = try others.map { (need) throws(CheckFailure) in try answers.count(need, metric) }
            let present = try found.map { (need) throws(CheckFailure) in try answers.count(need, metric) }
            let missing = present.map { wanted.count - $0 }
            return self.telling(
                DistinctCounts(unexpected: unexpected, missing: missing),
                column,
                test: test,
                rows: rows,
                wanted: wanted,
                metric
            )
        }
    }

    private struct DistinctCounts: Sendable {
        var unexpected: Int?
        var missing: Int?
    }

    private func distinctTally(_ column: CheckColumn, _ condition: String, _ rows: String?) -> ScalarNeed {
        ScalarNeed(
            .distinctTally(condition, of: column.sql),
            column: rows == nil && column.kind == .text ? column.name : nil,
            isDear: true
        )
    }

    private func unique(_ values: [JSONValue], _ column: CheckColumn) -> [JSONValue] {
        var seen: Set<SQLValue> = []
        var others: Set<JSONValue> = []
        return values.filter { value in
            if let typed = TypedValue.equal(value, to: column.column, semantics) { return seen.insert(typed).inserted }
            return others.insert(value).inserted
        }
    }

    private func telling(
        _ counts: DistinctCounts,
        _ column: CheckColumn,
        test: String,
        rows: String?,
        wanted: [JSONValue],
        _ metric: String
    ) -> CheckStep {
        let isMet = (counts.unexpected ?? 0) == 0 && (counts.missing ?? 0) == 0
        var told: [String: JSONValue] = [:]
        told["unexpected_count"] = counts.unexpected.map { .integer($0) }
        told["missing_count"] = counts.missing.map { .integer($0) }
        let tellsLists = format.level > .booleanOnly && format.partialUnexpectedCount > 0
        if tellsLists {
            if counts.unexpected != nil { told["partial_unexpected_list"] = .array([]) }
            if counts.missing != nil { told["partial_missing_list"] = .array([]) }
        }
        let others =
            tellsLists && (counts.unexpected ?? 0) > 0
            ? distinctList(column, SQLCondition.and([rows, "NOT (\(test))"]), limit: Self.distinctTold) : nil
        let found =
            tellsLists && (counts.missing ?? 0) > 0
            ? distinctList(column, SQLCondition.and([rows, test]), limit: max(wanted.count, 1)) : nil
        let needs = [others, found].compactMap(\.self)
        guard !needs.isEmpty else { return .done(Self.outcome(isMet, told)) }
        let counts = told
        return .needs(needs.map { .rows($0) }) { (answers) throws(CheckFailure) in
            var told = counts
            if let others {
                let values = try answers.table(others, metric).rows.compactMap(\.first)
                told["partial_unexpected_list"] = .array(values.map(ValueJSON.json))
            }
            if let found {
                let present = Set(try answers.table(found, metric).rows.compactMap(\.first).map(Self.key))
                let missing = wanted.filter { value in
                    TypedValue.equal(value, to: column.column, self.semantics).map { !present.contains(Self.key($0)) }
                        ?? true
                }
                told["partial_missing_list"] = .array(Array(missing.prefix(Self.distinctTold)))
            }
            return .done(Self.outcome(isMet, told))
        }
    }

    /// Most distinct values that a result tells, as in Great Expectations.
    private static let distinctTold = 20

    private static func outcome(_ isMet: Bool, _ told: [String: JSONValue]) -> CheckOutcome {
        CheckOutcome(success: isMet, observation: .value(.null, counts: told))
    }

    private func distinctList(_ column: CheckColumn, _ condition: String?, limit: Int) -> RowsNeed {
        RowsNeed(
            sql: "SELECT DISTINCT \(column.sql) AS value FROM \(relation)\(SQLCondition.clause(condition))"
                + " ORDER BY 1 LIMIT \(limit)",
            purpose: "some of the distinct values"
        )
    }

    /// What makes values of one column equal, whatever engine type they came in.
    static func key(_ value: SQLValue) -> SQLValue {
        switch value {
        case .decimal(let digits): Double(digits).map { .double($0) } ?? value
        case .integer(let number): .double(Double(number))
        case .wideInteger(let digits): Double(digits).map { .double($0) } ?? value
        default: value
        }
    }
}
