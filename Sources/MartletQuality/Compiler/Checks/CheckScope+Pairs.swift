import MartletCore

/// Tests of two columns of a row.
extension CheckScope {
    func pairTest(
        _ check: Check,
        _ first: String,
        _ second: String,
        _ rule: PairRule,
        _ ignoring: PairIgnore
    ) throws(CheckFailure) -> RowTest {
        let metric = rule.metric
        let condition = "\(metric).condition"
        let a = try column(first, condition)
        let b = try column(second, condition)
        let kept: String? =
            switch ignoring {
            case .bothMissing:
                isNeverNull(a) || isNeverNull(b) ? nil : "NOT (\(a.sql) IS NULL AND \(b.sql) IS NULL)"
            case .eitherMissing:
                isNeverNull(a) && isNeverNull(b) ? nil : "\(a.sql) IS NOT NULL AND \(b.sql) IS NOT NULL"
            case .neither: nil
            }
        return RowTest(
            values: [a, b],
            shape: .pair,
            rows: try rows(check.rows, condition),
            kept: kept,
            unexpected: .condition(try pairCondition(a, b, rule, condition), needsKept: true),
            metric: metric
        )
    }

    private func pairCondition(
        _ a: CheckColumn,
        _ b: CheckColumn,
        _ rule: PairRule,
        _ metric: String
    ) throws(CheckFailure) -> String {
        switch rule {
        case .greater(let orEqual):
            guard let (left, right) = comparable(a, b, forOrder: true) else {
                throw unfit(a, "cannot be compared with column \"\(b.name)\" of type \(b.column.type)", metric)
            }
            let test = "\(left) \(orEqual ? ">=" : ">") \(right)"
            if semantics == .pandas { return "(\(test)) IS NOT TRUE" }
            return "NOT (\(test))"
        case .equal:
            guard let (left, right) = comparable(a, b, forOrder: false) else { return "TRUE" }
            return "(\(left) = \(right)) IS NOT TRUE"
        case .inSet(let pairs): return pairMembership(a, b, pairs)
        }
    }

    /// What two columns are compared as; nil when no value of one can be equal to one of the other.
    func comparable(_ a: CheckColumn, _ b: CheckColumn, forOrder: Bool) -> (String, String)? {
        let isNumber = [a, b].map { $0.kind.isNumeric || $0.kind == .boolean }
        let isText = [a, b].map { $0.kind == .text || $0.kind == .enumeration }
        if isNumber[0], isNumber[1] {
            return (
                a.kind == .boolean && b.kind != .boolean ? "CAST(\(a.sql) AS INT)" : a.sql,
                b.kind == .boolean && a.kind != .boolean ? "CAST(\(b.sql) AS INT)" : b.sql
            )
        }
        if a.kind.isTemporal && b.kind.isTemporal { return (a.sql, b.sql) }
        if a.kind == b.kind || (isText[0] && isText[1]) {
            return a.column.type == b.column.type ? (a.sql, b.sql) : (dialect.text(a.sql), dialect.text(b.sql))
        }
        // A database reads numbers out of the text; Python finds them different.
        guard semantics == .sql, dialect == .duckdb else { return nil }
        if isNumber[0], isText[1] { return (double(a), "TRY_CAST(\(b.sql) AS DOUBLE)") }
        if isText[0], isNumber[1] { return ("TRY_CAST(\(a.sql) AS DOUBLE)", double(b)) }
        if isText[0] || isText[1], !forOrder { return (dialect.text(a.sql), dialect.text(b.sql)) }
        return nil
    }

    /// A pair with a null in it equals none in SQL, unless the set has that null.
    private func pairMembership(_ a: CheckColumn, _ b: CheckColumn, _ pairs: [[JSONValue]]) -> String {
        let tests = pairs.filter { $0.count == 2 }.map { "(\(equals(a, $0[0])) AND \(equals(b, $0[1])))" }
        let isMember = tests.isEmpty ? "FALSE" : tests.joined(separator: " OR ")
        return semantics == .pandas ? "(\(isMember)) IS NOT TRUE" : "NOT (\(isMember))"
    }

    private func equals(_ column: CheckColumn, _ value: JSONValue) -> String {
        if value == .null { return "\(column.sql) IS NULL" }
        guard let typed = TypedValue.equal(value, to: column.column, semantics) else {
            return "\(column.sql) <> \(column.sql)"
        }
        return "\(comparable(column.sql, column.column)) = \(dialect.literal(typed))"
    }
}

extension PairRule {
    /// The name that Great Expectations has for what it computes.
    var metric: String {
        switch self {
        case .greater: "column_pair_values.a_greater_than_b"
        case .equal: "column_pair_values.equal"
        case .inSet: "column_pair_values.in_set"
        }
    }
}
