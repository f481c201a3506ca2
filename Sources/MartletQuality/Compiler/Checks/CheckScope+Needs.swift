import MartletCore

/// Needs that many checks share.
extension CheckScope {
    /// How many rows there are of those that `rows` holds for.
    func rowCount(_ rows: String?) -> ScalarNeed {
        guard let rows else { return ScalarNeed(.aggregate("count(*)"), fact: .rows) }
        return ScalarNeed(.tally(rows))
    }

    /// How many values of `column` are not null.
    func valueCount(_ column: CheckColumn, _ rows: String?) -> ScalarNeed {
        guard let rows else {
            return ScalarNeed(
                .aggregate("count(\(column.sql))"),
                fact: column.isPlain ? .values(of: column.name) : nil
            )
        }
        return ScalarNeed(.tally("(\(rows)) AND \(column.sql) IS NOT NULL"))
    }

    /// An aggregate of `value`, over the rows that `rows` holds for.
    func aggregate(_ value: String, _ rows: String?, fact: Fact? = nil, _ make: (String) -> String) -> ScalarNeed {
        ScalarNeed(.aggregate(make(given(value, rows))), fact: rows == nil ? fact : nil)
    }

    /// How the values of `column` that are not null group.
    func groups(_ column: CheckColumn, _ rows: String?, countsShared: Bool) -> GroupNeed {
        GroupNeed(
            keys: [column.sql],
            rows: SQLCondition.and([rows, "\(column.sql) IS NOT NULL"]),
            column: rows == nil && column.isPlain ? column.name : nil,
            countsShared: countsShared
        )
    }
}
