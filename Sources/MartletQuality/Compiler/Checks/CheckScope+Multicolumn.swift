import MartletCore

/// Tests of several columns of a row.
extension CheckScope {
    func multicolumnTest(
        _ check: Check,
        _ names: [String],
        _ rule: MulticolumnRule,
        _ ignoring: MulticolumnIgnore
    ) throws(CheckFailure) -> RowTest {
        let metric = rule.metric
        let condition = "\(metric).condition"
        guard !names.isEmpty else {
            throw invalid("column_list is empty", remedy: "name the columns", condition)
        }
        let columns = try columns(names, condition)
        let kept: String? =
            switch ignoring {
            case _ where ignoring != .never && columns.allSatisfy(isNeverNull): nil
            case .allMissing: "NOT (" + columns.map { "\($0.sql) IS NULL" }.joined(separator: " AND ") + ")"
            case .anyMissing: columns.map { "\($0.sql) IS NOT NULL" }.joined(separator: " AND ")
            case .never: nil
            }
        return RowTest(
            values: columns,
            shape: .object,
            rows: try rows(check.rows, condition),
            kept: kept,
            unexpected: try multicolumnCondition(columns, rule, condition),
            metric: metric
        )
    }

    private func multicolumnCondition(
        _ columns: [CheckColumn],
        _ rule: MulticolumnRule,
        _ metric: String
    ) throws(CheckFailure) -> RowTest.Unexpected {
        switch rule {
        case .uniqueCombination: return .duplicate(keys: columns.map(\.sql), column: nil)
        case .sum(let total): return .condition(try sumCondition(columns, total, metric), needsKept: true)
        case .allEqual:
            let tests = columns.dropFirst().map { differ(columns[0], $0) }
            return .condition(tests.isEmpty ? "FALSE" : tests.joined(separator: " OR "), needsKept: true)
        case .allDifferent:
            var tests: [String] = []
            for (index, column) in columns.enumerated() {
                for other in columns[(index + 1)...] { tests.append("NOT (\(differ(column, other)))") }
            }
            return .condition(tests.isEmpty ? "FALSE" : tests.joined(separator: " OR "), needsKept: true)
        }
    }

    /// Whether two values differ; nulls are equal.
    private func differ(_ a: CheckColumn, _ b: CheckColumn) -> String {
        guard let (left, right) = comparable(a, b, forOrder: false) else {
            return "NOT (\(a.sql) IS NULL AND \(b.sql) IS NULL)"
        }
        switch dialect {
        case .duckdb: return "\(left) IS DISTINCT FROM \(right)"
        case .spark: return "NOT (\(left) <=> \(right))"
        }
    }

    private func sumCondition(
        _ columns: [CheckColumn],
        _ total: Double,
        _ metric: String
    ) throws(CheckFailure) -> String {
        for column in columns where !column.kind.isNumeric && column.kind != .boolean {
            throw unfit(column, "cannot be summed", metric)
        }
        let isFloating = columns.contains { $0.kind == .floating }
        let sum = columns.map { summand($0, isFloating: isFloating) }.joined(separator: " + ")
        let whole = isFloating ? nil : Int64(exactly: total)
        let literal =
            if let whole { dialect.literal(.integer(whole)) } else if !isFloating, total.isFinite {
                dialect.literal(.decimal(TypedValue.plain(total)))
            } else { dialect.double(total) }
        return semantics == .pandas ? "(\(sum) = \(literal)) IS NOT TRUE" : "\(sum) <> \(literal)"
    }

    /// A summand wide enough that sums do not overflow.
    private func summand(_ column: CheckColumn, isFloating: Bool) -> String {
        if isFloating { return double(column) }
        switch (column.kind, dialect) {
        case (.decimal, _): return column.sql
        case (_, .duckdb): return "CAST(\(column.sql) AS HUGEINT)"
        case (_, .spark): return "CAST(\(column.sql) AS DECIMAL(38, 0))"
        }
    }
}

extension MulticolumnRule {
    /// The name that Great Expectations has for what it computes.
    var metric: String {
        switch self {
        case .uniqueCombination: "compound_columns.unique"
        case .sum: "multicolumn_sum.equal"
        case .allEqual: "multicolumn_values.equal"
        case .allDifferent: "select_column_values.unique.within_record"
        }
    }
}
