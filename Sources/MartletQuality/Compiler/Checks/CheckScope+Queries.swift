import MartletCore

/// Checks that are queries of their own.
extension CheckScope {
    func unexpectedRows(_ check: Check, _ query: String) throws(CheckFailure) -> CheckStep {
        let metric = "unexpected_rows_query.row_count"
        let source = try subquery(query, check.rows, metric)
        let count = RowsNeed(
            sql: "SELECT count(*) FROM (\(source)) AS unexpected_rows",
            purpose: "rows that a query finds"
        )
        return .needs([.rows(count)]) { (answers) throws(CheckFailure) in
            let found = Self.whole(try answers.table(count, metric).rows.first ?? [], 0) ?? 0
            guard self.format.level == .complete, found > 0 else {
                let details: [String: JSONValue] =
                    self.format.level == .complete ? ["unexpected_rows": .array([])] : [:]
                return .value(found == 0, .integer(found), details: details)
            }
            let rows = RowsNeed(
                sql: "SELECT * FROM (\(source)) AS unexpected_rows LIMIT \(Limits.queryRows)",
                purpose: "some of the rows that a query finds"
            )
            return .needs([.rows(rows)]) { (answers) throws(CheckFailure) in
                let table = try answers.table(rows, "unexpected_rows_query.table")
                return .value(false, .integer(found), details: ["unexpected_rows": Self.objects(table)])
            }
        }
    }

    func queryComparison(_ check: Check, _ base: String, _ comparison: String) throws(CheckFailure) -> CheckStep {
        let metric = "base_query.table"
        let left = try subquery(base, check.rows, metric)
        let right = try subquery(comparison, nil, "comparison_query.data_source_table")
        let only: @Sendable (String, String) -> String = { a, b in
            "(SELECT * FROM (\(a)) AS a EXCEPT ALL SELECT * FROM (\(b)) AS b)"
        }
        let counts =
            [left, right].map { "(SELECT count(*) FROM (\($0)) AS counted)" } + [
                "(SELECT count(*) FROM \(only(left, right)) AS unmatched)"
            ]
        let need = RowsNeed(sql: "SELECT \(counts.joined(separator: ", "))", purpose: "two queries against each other")
        return .needs([.rows(need)]) { (answers) throws(CheckFailure) in
            let row = try answers.table(need, metric).rows.first ?? []
            let (mine, theirs) = (Self.whole(row, 0) ?? 0, Self.whole(row, 1) ?? 0)
            let matched = mine - (Self.whole(row, 2) ?? 0)
            let larger = max(mine, theirs)
            let percent = larger == 0 ? 0 : (1 - Double(matched) / Double(larger)) * 100
            let counts: [String: JSONValue] = [
                "unexpected_count": .integer(larger - matched), "unexpected_percent": .number(percent),
            ]
            let isMet = 100 - percent >= check.mostly * 100
            guard self.format.level == .complete else {
                return .done(CheckOutcome(success: isMet, observation: .value(nil, counts: counts)))
            }
            let lists = [only(right, left), only(left, right)].map {
                RowsNeed(
                    sql: "SELECT * FROM \($0) AS rest ORDER BY ALL NULLS FIRST LIMIT \(Limits.queryRows)",
                    purpose: "rows that differ"
                )
            }
            return .needs(lists.map { .rows($0) }) { (answers) throws(CheckFailure) in
                let details: [String: JSONValue] = [
                    "missing_rows": Self.objects(try answers.table(lists[0], metric)),
                    "unexpected_rows": Self.objects(try answers.table(lists[1], metric)),
                ]
                return .done(
                    CheckOutcome(success: isMet, observation: .value(nil, details: details, counts: counts))
                )
            }
        }
    }

    /// A query of a suite, with the table in place of `{batch}`, fit to stand in parentheses.
    private func subquery(_ query: String, _ condition: RowCondition?, _ metric: String) throws(CheckFailure) -> String
    {
        let rows = try rows(condition, metric)
        let batch = rows.map { "(SELECT * FROM \(relation) WHERE \($0)) AS batch" } ?? relation
        var text = query
        while let last = text.last, last == ";" || last.isWhitespace { text.removeLast() }
        // Doubled braces stand for themselves, as in Python's formats.
        let filled = text.replacing("{{", with: "\u{1}").replacing("}}", with: "\u{2}").replacing(
            "{batch}",
            with: batch
        )
        .replacing("\u{1}", with: "{").replacing("\u{2}", with: "}")
        try SQLFragment.requireWhole(filled, metric, dialect)
        return filled + "\n"
    }

    /// Rows as objects by column.
    static func objects(_ table: SQLTable) -> JSONValue {
        .array(
            table.rows.map { row in
                .object(
                    Dictionary(
                        zip(table.columns.map(\.name), row.map(ValueJSON.json)),
                        uniquingKeysWith: { first, _ in first }
                    )
                )
            }
        )
    }
}
