import MartletCore

/// Fetching some of what is not as expected, once it is known that there is any.
extension CheckScope {
    /// The step that completes `outcome` with values and places, as far as the format asks for them.
    func sampling(_ check: Check, _ test: RowTest, _ counts: RowCounts, _ outcome: CheckOutcome) -> CheckStep {
        var outcome = outcome
        var counts = counts
        guard format.level > .booleanOnly else { return .done(outcome) }
        let query = format.level == .complete && format.returnsIndexQuery ? indexQuery(test) : nil
        counts.indexQuery = query
        let places: [CheckColumn]
        do {
            places = try columns(format.indexColumns, "\(test.metric).unexpected_index_list")
        } catch {
            return .failed(error)
        }
        let telling = Telling(scope: self, test: test, places: places)
        if telling.tellsPlaces { counts.unexpectedIndex = [] }
        if format.includesUnexpectedRows { counts.unexpectedRows = [] }
        outcome.observation = .counts(counts)
        let limit = telling.limit
        guard counts.unexpectedCount > 0, limit > 0 else { return .done(outcome) }
        let metric = "\(test.metric).unexpected_values"
        let (whole, base) = (outcome, counts)
        switch sample(check, test, telling, limit: limit) {
        case .query(let need):
            return .needs([.rows(need)]) { (answers) throws(CheckFailure) in
                let rows = try answers.table(need, metric).rows
                return .done(telling.completed(whole, base, rows))
            }
        case .evaluation(let need):
            return .needs([.evaluation(need)]) { (answers) throws(CheckFailure) in
                let rows = try answers.evaluation(need, metric).rows
                return .done(telling.completed(whole, base, rows))
            }
        }
    }

    private enum Sample {
        case query(RowsNeed)
        case evaluation(EvaluationNeed)
    }

    private func sample(_ check: Check, _ test: RowTest, _ telling: Telling, limit: Int) -> Sample {
        if case .evaluated(let values, _, let evaluate) = test.unexpected {
            return .evaluation(
                EvaluationNeed(
                    check: check.index,
                    values: values,
                    places: telling.selected,
                    source: source(withNumbers: telling.numbersRows),
                    rows: test.taking,
                    column: nil,
                    limit: limit,
                    test: evaluate
                )
            )
        }
        let sql =
            "SELECT \(telling.selected.joined(separator: ", ")) FROM "
            + failing(test, withNumbers: telling.numbersRows) + " LIMIT \(limit)"
        return .query(RowsNeed(sql: sql, purpose: "some of what is not as expected"))
    }

    private func source(withNumbers: Bool) -> String {
        let number = "row_number() OVER () - 1 AS \(dialect.identifier(Telling.rowNumber))"
        return withNumbers ? "(SELECT *, \(number) FROM \(relation)) AS numbered" : relation
    }

    /// What stands after FROM for the rows that are not as expected, in their order.
    func failing(_ test: RowTest, withNumbers: Bool) -> String {
        let source = source(withNumbers: withNumbers)
        switch test.unexpected {
        case .condition(let condition, _):
            return source + SQLCondition.clause(SQLCondition.and([test.taking, condition]))
        case .duplicate(let keys, _):
            let taken = SQLCondition.and([test.taking, matchable(keys)])
            let names = keys.indices.map { dialect.identifier("martlet key \($0)") }
            let grouped = zip(keys, names).map { "\($0) AS \($1)" }.joined(separator: ", ")
            let positions = keys.indices.map { "\($0 + 1)" }.joined(separator: ", ")
            let repeated =
                "(SELECT \(grouped) FROM \(relation)\(SQLCondition.clause(taken)) GROUP BY \(positions)"
                + " HAVING count(*) > 1) AS repeated"
            let joined = zip(keys, names).map { "\($0) IS NOT DISTINCT FROM \($1)" }.joined(separator: " AND ")
            let rows = "\(source) SEMI JOIN \(repeated) ON \(joined)\(SQLCondition.clause(taken))"
            // Databases count a column's values by sorting them, so that equal ones come together.
            return keys.count == 1 && semantics == .sql ? "\(rows) ORDER BY \(keys[0])" : rows
        case .ordered(let value, let previous, let condition):
            let lag = "lag(\(value)) OVER () AS \(previous)"
            return "(SELECT *, \(lag) FROM \(source)\(SQLCondition.clause(test.taking))) AS ordered WHERE \(condition)"
        case .evaluated: return source + SQLCondition.clause(test.taking)
        }
    }

    private func indexQuery(_ test: RowTest) -> String? {
        if case .evaluated = test.unexpected { return nil }
        let names = (format.indexColumns + test.values.map(\.name)).map(dialect.identifier)
        return "SELECT \(names.joined(separator: ", ")) FROM \(failing(test, withNumbers: false));"
    }
}
