import MartletCore

/// The row tests of checks; nil for checks that are not about rows one by one.
extension CheckScope {
    /// What `check` tests of rows, with what has to be known first, such as a mean, taken from `answers`.
    ///
    /// - Throws: why the check cannot be made.
    func rowTest(_ check: Check, _ statistics: RowStatistics) throws(CheckFailure) -> RowTest? {
        switch check.rule {
        case .values(let name, let rule):
            switch rule {
            case .ofType, .inTypeList: return nil
            default: return try valueTest(check, name, rule, statistics)
            }
        case .pair(let a, let b, let rule, let ignoring): return try pairTest(check, a, b, rule, ignoring)
        case .multicolumn(let names, let rule, let ignoring):
            return try multicolumnTest(check, names, rule, ignoring)
        case .condition(let sql): return try conditionTest(check, sql)
        case .closure(let names): return try closureTest(check, names)
        default: return nil
        }
    }

    private func conditionTest(_ check: Check, _ sql: String) throws(CheckFailure) -> RowTest {
        let metric = "rows.satisfy_sql"
        try SQLFragment.requireWhole(sql, metric, dialect)
        return RowTest(
            values: columns.prefix(Self.columnsTold).map(read),
            shape: .object,
            rows: try rows(check.rows, metric),
            unexpected: .condition("(\(sql)\n) IS NOT TRUE", needsKept: false),
            metric: metric
        )
    }

    private func closureTest(_ check: Check, _ names: [String]) throws(CheckFailure) -> RowTest {
        let metric = check.type
        guard let expectation = custom[check.type] else {
            let nearest = NearestName.of(check.type, among: custom.keys)
            throw CheckFailure(
                metric: metric,
                error: MartletError(
                    .checkArgumentsInvalid,
                    "no test is registered for \(check.type)",
                    remedy: nearest.map { "did you mean \($0)?" } ?? "register a closure under that type"
                )
            )
        }
        let columns = try columns(names, metric)
        return RowTest(
            values: columns,
            shape: columns.count == 1 ? .scalar : .object,
            rows: try rows(check.rows, metric),
            unexpected: .evaluated(
                columns.map(\.sql),
                column: columns.count == 1 ? columns[0].name : nil,
                expectation.test
            ),
            metric: metric
        )
    }

    /// Most columns that a failing row of a free condition tells.
    private static let columnsTold = 50
}

/// Where a test of rows has statistics from that it needs first.
enum RowStatistics: Sendable {
    /// They are numbers already.
    case known(center: Double?, spread: Double?, lower: Double?, upper: Double?)
    /// They are computed in the query itself, by window functions.
    case windowed
}
