import MartletCore

/// Checks of what a column amounts to.
extension CheckScope {
    func statistic(
        _ check: Check,
        _ name: String,
        _ statistic: ColumnStatistic,
        _ bounds: Bounds
    ) throws(CheckFailure) -> CheckStep {
        let metric = statistic.metric
        let column = try column(name, "\(metric).aggregate_fn")
        let rows = try rows(check.rows, metric)
        switch statistic {
        case .uniqueValueCount, .proportionOfUniqueValues:
            let groups = groups(column, rows, countsShared: false)
            let values = valueCount(column, rows)
            let isShare = statistic == .proportionOfUniqueValues
            return .needs([.groups(groups)] + (isShare ? [.scalar(values)] : [])) { (answers) throws(CheckFailure) in
                let distinct = try answers.groups(groups, metric).distinct
                guard isShare else { return try self.within(.integer(Int64(distinct)), bounds, column, metric) }
                return try self.within(Self.share(distinct, try answers.count(values, metric)), bounds, column, metric)
            }
        case .proportionOfNonNullValues:
            let total = rowCount(rows)
            let values = valueCount(column, rows)
            return .needs([.scalar(total), .scalar(values)]) { (answers) throws(CheckFailure) in
                let share = Self.share(try answers.count(values, metric), try answers.count(total, metric))
                return try self.within(share, bounds, column, metric)
            }
        case .median where column.kind.isNumeric || column.kind == .boolean:
            return try quantile(column, [0.5], rows, metric) { (values) throws(CheckFailure) in
                try self.within(values.first.flatMap(\.self).map { .double($0) } ?? .null, bounds, column, metric)
            }
        default:
            let need = try aggregate(column, statistic, rows, metric)
            let isZeroForNone = statistic == .sum && semantics == .pandas
            return .needs([.scalar(need)]) { (answers) throws(CheckFailure) in
                var value = try answers.value(need, metric)
                if value == .null, isZeroForNone { value = .double(0) }
                return try self.within(value, bounds, column, metric)
            }
        }
    }

    private static func share(_ part: Int, _ whole: Int) -> SQLValue {
        whole > 0 ? .double(Double(part) / Double(whole)) : .integer(0)
    }

    private func aggregate(
        _ column: CheckColumn,
        _ statistic: ColumnStatistic,
        _ rows: String?,
        _ metric: String
    ) throws(CheckFailure) -> ScalarNeed {
        let isNumber = column.kind.isNumeric || column.kind == .boolean
        switch statistic {
        case .minimum, .maximum:
            let isLeast = statistic == .minimum
            switch column.kind {
            case .list, .structure, .map, .json: throw unfit(column, "has no least and greatest value", metric)
            default: break
            }
            let fact: Fact = isLeast ? .minimum(of: column.name) : .maximum(of: column.name)
            return aggregate(column.sql, rows, fact: column.isPlain ? fact : nil) {
                (isLeast ? "min" : "max") + "(\($0))"
            }
        case .mean, .median:
            guard isNumber || column.kind.isTemporal else {
                throw unfit(column, "has no \(statistic.rawValue)", metric)
            }
            if statistic == .median {
                return aggregate(column.sql, rows) { dialect.continuousQuantile($0, 0.5) }
            }
            if column.kind == .floating { return aggregate(column.sql, rows, mean) }
            return aggregate(column.kind == .boolean ? "CAST(\(column.sql) AS INT)" : column.sql, rows) { "avg(\($0))" }
        case .standardDeviation:
            guard isNumber else { throw unfit(column, "has no standard deviation", metric) }
            return aggregate(column.kind == .boolean ? double(column) : column.sql, rows, deviation)
        default:
            guard isNumber else { throw unfit(column, "has no sum", metric) }
            let value = column.kind == .boolean ? "CAST(\(column.sql) AS INT)" : column.sql
            if column.kind == .floating { return aggregate(value, rows, sum) }
            return aggregate(value, rows) { "sum(\($0))" }
        }
    }

    /// The step that says whether `value` is within `bounds`; no value never is.
    func within(
        _ value: SQLValue,
        _ bounds: Bounds,
        _ column: CheckColumn,
        _ metric: String
    ) throws(CheckFailure) -> CheckStep {
        if value == .null { return .value(false, .null) }
        if case .double(let number) = value, number.isNaN { return .value(false, .null) }
        var isWithin = true
        for (bound, isLower, isStrict) in [
            (bounds.minimum, true, bounds.isMinimumStrict), (bounds.maximum, false, bounds.isMaximumStrict),
        ] {
            guard let bound, bound != .null else { continue }
            guard let order = Self.compare(value, bound) else {
                throw unfit(
                    column,
                    "has the value \(ValueJSON.json(value).jsonText), which cannot be compared with \(bound.jsonText)",
                    metric
                )
            }
            isWithin = isWithin && (order == 0 ? !isStrict : (order > 0) == isLower)
        }
        return .value(isWithin, ValueJSON.json(value))
    }

    /// How a value of the engine compares with a bound of a suite; nil when it does not.
    static func compare(_ value: SQLValue, _ bound: JSONValue) -> Int? {
        switch bound {
        case .integer(let number): return ValueOrder.compare(numeric(value), .integer(Int64(number)))
        case .number(let number): return compare(numeric(value), number)
        case .string(let text):
            guard let moment = CivilText.moment(text) else { return nil }
            if case .text(let text) = value {
                guard let read = CivilText.moment(text) else { return nil }
                return compare(.timestamp(read.microseconds, hasZone: false), bound)
            }
            return ValueOrder.compare(value, .timestamp(moment.microseconds, hasZone: moment.hasZone))
        default: return nil
        }
    }

    private static func compare(_ value: SQLValue, _ bound: Double) -> Int? {
        // A decimal is compared as it is told: as a float.
        if case .decimal(let digits) = value, let number = Double(digits) {
            return ValueOrder.compare(.double(number), .double(bound))
        }
        return ValueOrder.compare(value, .double(bound))
    }

    private static func numeric(_ value: SQLValue) -> SQLValue {
        if case .boolean(let value) = value { .integer(value ? 1 : 0) } else { value }
    }
}

extension ColumnStatistic {
    /// The name that Great Expectations has for it.
    var metric: String {
        switch self {
        case .minimum: "column.min"
        case .maximum: "column.max"
        case .mean: "column.mean"
        case .median: "column.median"
        case .sum: "column.sum"
        case .standardDeviation: "column.standard_deviation"
        case .uniqueValueCount: "column.distinct_values.count"
        case .proportionOfUniqueValues: "column.unique_proportion"
        case .proportionOfNonNullValues: "column.non_null_proportion"
        }
    }
}
