import MartletCore

/// Sets of values as SQL.
extension CheckScope {
    /// Whether `sql`, a value of `column`, is among `values`: null for null, never null else.
    ///
    /// Nulls in the set are left out, since nothing equals them, and so is what no value of the column can be equal to.
    func membership(_ sql: String, _ column: TableColumn, _ values: [JSONValue]) -> String {
        var seen: Set<SQLValue> = []
        var literals: [String] = []
        for value in values {
            guard let typed = TypedValue.equal(value, to: column, semantics), seen.insert(typed).inserted else {
                continue
            }
            literals.append(dialect.literal(typed))
        }
        // Compared with itself, so that null stays null.
        guard !literals.isEmpty else { return "\(sql) <> \(sql)" }
        let value = column.kind == .text ? sql : comparable(sql, column)
        return "\(value) IN (\(literals.joined(separator: ", ")))"
    }

    /// `sql` in a type that literals of its kind can be compared with, without the literal being cast to the column's.
    func comparable(_ sql: String, _ column: TableColumn) -> String {
        switch column.kind {
        case .enumeration, .uuid, .json, .interval, .other, .time, .bytes, .list, .structure, .map: dialect.text(sql)
        default: sql
        }
    }

    /// A failure that says why `column` cannot be checked so.
    func unfit(_ column: CheckColumn, _ why: String, _ metric: String) -> CheckFailure {
        CheckFailure(
            metric: "\(metric)(\(column.name))",
            error: MartletError(
                .checkTypeUnfit,
                "column \"\(column.name)\" of type \(column.column.type) \(why)",
                remedy: "convert the column, or use an expectation that fits its type"
            )
        )
    }

    /// A failure of arguments.
    func invalid(_ message: String, remedy: String, _ metric: String) -> CheckFailure {
        CheckFailure(metric: metric, error: MartletError(.checkArgumentsInvalid, message, remedy: remedy))
    }
}
