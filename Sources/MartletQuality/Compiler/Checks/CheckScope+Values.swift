import MartletCore

/// Tests of the values of one column.
extension CheckScope {
    func valueTest(
        _ check: Check,
        _ name: String,
        _ rule: ValueRule,
        _ statistics: RowStatistics
    ) throws(CheckFailure) -> RowTest {
        let metric = rule.metric
        let condition = "\(metric).condition"
        let column = try column(name, condition)
        let rows = try rows(check.rows, condition)
        var test = RowTest(
            values: [column],
            shape: .scalar,
            rows: rows,
            kept: "\(column.sql) IS NOT NULL",
            unexpected: .condition("FALSE", needsKept: false),
            metric: metric
        )
        switch rule {
        case .null, .notNull:
            test.kept = nil
            test.countsMissing = false
            test.unexpected = .condition("\(column.sql) IS \(rule == .null ? "NOT " : "")NULL", needsKept: false)
            if column.isPlain { test.fact = rule == .null ? .values(of: column.name) : .nulls(of: column.name) }
        case .unique:
            test.unexpected = .duplicate(keys: [column.sql], column: column.isPlain ? column.name : nil)
        case .between(let bounds):
            let outside = try outside(column, bounds, condition)
            test.unexpected = .condition(outside.sql, needsKept: false)
            test.fact = outside.fact
        case .increasing(let strictly), .decreasing(let strictly):
            try requireOrdered(column, condition)
            let isIncreasing = if case .increasing = rule { true } else { false }
            let comparison = (isIncreasing ? "<" : ">") + (strictly ? "=" : "")
            let previous = dialect.identifier(CheckScope.previousValue)
            test.unexpected = .ordered(
                value: column.sql,
                previous: previous,
                condition: "\(column.sql) \(comparison) \(previous)"
            )
        case .zScore, .notOutlier:
            test.unexpected = .condition(try spreadTest(column, rule, statistics, rows, condition), needsKept: false)
        default:
            test.isDear = true
            test.unexpected = try textTest(column, rule, condition)
            test.fact = memberFact(column, rule)
        }
        return test
    }

    /// What the value before is called.
    static let previousValue = "martlet previous"

    private func requireOrdered(_ column: CheckColumn, _ metric: String) throws(CheckFailure) {
        switch column.kind {
        case .list, .structure, .map, .bytes, .json: throw unfit(column, "has no order", metric)
        case .text, .enumeration, .uuid:
            guard semantics == .sql else { throw unfit(column, "has no differences to tell an order by", metric) }
        default: break
        }
    }

    /// A condition that is true for values outside `bounds`.
    func outside(
        _ column: CheckColumn,
        _ bounds: Bounds,
        _ metric: String
    ) throws(CheckFailure) -> (sql: String, fact: Fact?) {
        guard bounds.minimum != nil || bounds.maximum != nil else {
            throw invalid("min_value and max_value cannot both be open", remedy: "give at least one of them", metric)
        }
        if let low = bounds.minimum, let high = bounds.maximum, isGreater(low, high) {
            throw invalid(
                "min_value \(low.displayText) is greater than max_value \(high.displayText)",
                remedy: "swap them",
                metric
            )
        }
        var conditions: [String] = []
        var limits: [Fact.Limit?] = []
        for (bound, isLower, isStrict) in [
            (bounds.minimum, true, bounds.isMinimumStrict), (bounds.maximum, false, bounds.isMaximumStrict),
        ] {
            guard let bound else {
                limits.append(nil)
                continue
            }
            let limit = try self.limit(column, bound, isLower: isLower, isStrict: isStrict, metric)
            let comparison = (isLower ? "<" : ">") + (limit.isStrict ? "=" : "")
            conditions.append("\(limit.sql) \(comparison) \(literal(limit.value, for: column))")
            limits.append(limit.isProvable ? Fact.Limit(value: limit.value, isStrict: limit.isStrict) : nil)
        }
        let isProvable = column.isPlain && limits.compactMap(\.self).count == conditions.count
        return (
            conditions.joined(separator: " OR "),
            isProvable ? .outside(of: column.name, below: limits[0], above: limits[1]) : nil
        )
    }

    private func literal(_ value: SQLValue, for column: CheckColumn) -> String {
        // Python's numbers take the type of an array of single precision, where a database widens the column.
        guard semantics == .pandas, column.column.type == "FLOAT", case .double = value else {
            return dialect.literal(value)
        }
        return "CAST(\(dialect.literal(value)) AS FLOAT)"
    }

    /// Whether a bound is above another, both numbers or both moments.
    func isGreater(_ low: JSONValue, _ high: JSONValue) -> Bool {
        if let low = low.doubleValue, let high = high.doubleValue { return low > high }
        guard let low = low.stringValue.flatMap(CivilText.moment), let high = high.stringValue.flatMap(CivilText.moment)
        else { return false }
        return low.microseconds > high.microseconds
    }

    private struct BoundLimit {
        var sql: String
        var value: SQLValue
        var isStrict: Bool
        var isProvable = true
    }

    private func limit(
        _ column: CheckColumn,
        _ bound: JSONValue,
        isLower: Bool,
        isStrict: Bool,
        _ metric: String
    ) throws(CheckFailure) -> BoundLimit {
        switch column.kind {
        case .integer, .decimal, .floating:
            guard let number = bound.doubleValue else { break }
            return numberLimit(column, bound, number, isLower: isLower, isStrict: isStrict)
        case .boolean where semantics == .pandas:
            guard let number = bound.doubleValue else { break }
            let sql = "CAST(\(column.sql) AS INT)"
            return BoundLimit(sql: sql, value: .double(number), isStrict: isStrict, isProvable: false)
        case .date, .timestamp, .timestampWithZone:
            guard let moment = bound.stringValue.flatMap(CivilText.moment) else { break }
            let value =
                TypedValue.moment(bound, column.column) ?? .timestamp(moment.microseconds, hasZone: false)
            return BoundLimit(sql: column.sql, value: value, isStrict: isStrict)
        default: break
        }
        throw unfit(column, "cannot be compared with \(bound.jsonText)", metric)
    }

    private func numberLimit(
        _ column: CheckColumn,
        _ bound: JSONValue,
        _ number: Double,
        isLower: Bool,
        isStrict: Bool
    ) -> BoundLimit {
        switch column.kind {
        case .integer:
            if case .integer(let value) = bound {
                return BoundLimit(sql: column.sql, value: .integer(Int64(value)), isStrict: isStrict)
            }
            if let value = Int64(exactly: number) {
                return BoundLimit(sql: column.sql, value: .integer(value), isStrict: isStrict)
            }
            // The next whole number inside, which is never itself outside.
            if let value = Int64(exactly: number.rounded(isLower ? .up : .down)) {
                return BoundLimit(sql: column.sql, value: .integer(value), isStrict: false)
            }
            let wide = "CAST(\(column.sql) AS DOUBLE)"
            return BoundLimit(sql: wide, value: .double(number), isStrict: isStrict, isProvable: false)
        case .decimal:
            if case .integer(let value) = bound {
                return BoundLimit(sql: column.sql, value: .integer(Int64(value)), isStrict: isStrict)
            }
            // A literal of more digits than decimals have would be read as a double, and the column with it.
            let digits = TypedValue.plain(number)
            guard number.isFinite, digits.utf8.count <= 30 else {
                let wide = "CAST(\(column.sql) AS DOUBLE)"
                return BoundLimit(sql: wide, value: .double(number), isStrict: isStrict, isProvable: false)
            }
            return BoundLimit(sql: column.sql, value: .decimal(digits), isStrict: isStrict)
        default:
            return BoundLimit(sql: column.sql, value: .double(number), isStrict: isStrict)
        }
    }
}
