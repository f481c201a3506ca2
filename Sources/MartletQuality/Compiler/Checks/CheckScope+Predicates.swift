import MartletCore

/// Row tests as conditions that stand by themselves.
extension CheckScope {
    /// A condition, never null, that is true for rows that are not as expected; nil for tests that only Swift can make.
    func predicate(_ test: RowTest) -> String? {
        switch test.unexpected {
        case .condition(let condition, _): definite([test.taking, condition])
        case .duplicate(let keys, _):
            definite([test.taking, matchable(keys), repeated(keys, SQLCondition.and([test.taking, matchable(keys)]))])
        case .ordered(let value, let previous, let condition):
            definite([
                test.taking,
                condition.replacing(previous, with: "lag(\(given(value, test.taking)) IGNORE NULLS) OVER ()"),
            ])
        case .evaluated: nil
        }
    }

    private func definite(_ parts: [String?]) -> String {
        "coalesce(\(SQLCondition.and(parts) ?? "FALSE"), FALSE)"
    }

    /// Whether another row has the same keys; as members of a structure nulls are equal to each other.
    private func repeated(_ keys: [String], _ rows: String?) -> String {
        let key: String
        if keys.count == 1 {
            key = keys[0]
        } else {
            switch dialect {
            case .duckdb: key = "struct_pack(\(keys.enumerated().map { "k\($0) := \($1)" }.joined(separator: ", ")))"
            case .spark: key = "struct(\(keys.joined(separator: ", ")))"
            }
        }
        return "\(key) IN (SELECT \(key) FROM \(relation)\(SQLCondition.clause(rows)) GROUP BY 1 HAVING count(*) > 1)"
    }

    /// Whether a row has one of the `bad` values.
    func listed(_ bad: [[SQLValue]], _ values: [String], _ test: RowTest) -> String {
        guard !bad.isEmpty else { return "FALSE" }
        guard values.count > 1 else {
            let literals = bad.compactMap(\.first).filter { $0 != .null }.map(dialect.literal)
            let among = literals.isEmpty ? nil : "\(values[0]) IN (\(literals.joined(separator: ", ")))"
            let isNull = bad.contains { $0.first == .null } ? "\(values[0]) IS NULL" : nil
            return definite([
                test.taking, [among, isNull].compactMap(\.self).map { "(\($0))" }.joined(separator: " OR "),
            ])
        }
        let rows = bad.map { row in
            "("
                + zip(values, row).map { "\($0) IS NOT DISTINCT FROM \(dialect.literal($1))" }.joined(
                    separator: " AND "
                )
                + ")"
        }
        return definite([test.taking, rows.joined(separator: " OR ")])
    }
}
