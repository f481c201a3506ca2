import MartletCore

/// Checks of the most common value.
extension CheckScope {
    func mode(_ check: Check, _ name: String, _ values: [JSONValue], _ tiesOkay: Bool) throws(CheckFailure) -> CheckStep
    {
        let metric = "column.most_common_value"
        let column = try column(name, metric)
        let rows = try rows(check.rows, metric)
        let taken = SQLCondition.and([rows, "\(column.sql) IS NOT NULL"])
        let member = membership("value", column.column, values)
        // One row a mode, each with how many there are and how many are in the set, as the list may be cut short.
        let sql =
            "WITH counted AS MATERIALIZED (SELECT \(column.sql) AS value, count(*) AS times FROM \(relation)"
            + "\(SQLCondition.clause(taken)) GROUP BY 1) "
            + "SELECT value, count(*) OVER () AS modes, sum(CAST((\(member)) AS INT)) OVER () AS members FROM counted"
            + " WHERE times = (SELECT max(times) FROM counted) ORDER BY value LIMIT \(Limits.modes)"
        let need = RowsNeed(sql: sql, purpose: "the most common values")
        return .needs([.rows(need)]) { (answers) throws(CheckFailure) in
            let found = try answers.table(need, metric).rows
            let modes = found.first.flatMap { Self.whole($0, 1) } ?? 0
            let members = found.first.flatMap { Self.whole($0, 2) } ?? 0
            let isMet = tiesOkay ? members > 0 : modes == 1 && members == 1
            return .value(isMet, .array(found.compactMap(\.first).map(ValueJSON.json)))
        }
    }

    static func whole(_ row: [SQLValue], _ index: Int) -> Int? {
        guard row.indices.contains(index) else { return nil }
        switch row[index] {
        case .integer(let value): return Int(value)
        case .wideInteger(let digits): return Int(digits)
        case .decimal(let digits): return Double(digits).map { Int($0) }
        default: return nil
        }
    }
}
