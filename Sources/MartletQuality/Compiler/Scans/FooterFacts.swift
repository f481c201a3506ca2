import MartletCore

/// What statistics of files answer without a scan; nothing where they are not certain.
struct FooterFacts: Sendable {
    let statistics: TableStatistics?

    func answer(_ need: Need) -> SQLValue? {
        guard let statistics, case .scalar(let scalar) = need, let fact = scalar.fact else { return nil }
        switch fact {
        case .rows: return .integer(Int64(statistics.rowCount))
        case .values(let name): return values(name, statistics).map { .integer(Int64($0)) }
        case .nulls(let name): return statistics.columns[name]?.nullCount.map { .integer(Int64($0)) }
        case .minimum(let name): return bound(name, statistics, \.minimum)
        case .maximum(let name): return bound(name, statistics, \.maximum)
        case .members(let name, let set, let areIn): return members(name, statistics, set, areIn: areIn)
        case .outside(let name, let below, let above): return outside(name, statistics, below, above)
        }
    }

    private func values(_ name: String, _ statistics: TableStatistics) -> Int? {
        statistics.columns[name]?.nullCount.map { statistics.rowCount - $0 }
    }

    private func bound(
        _ name: String,
        _ statistics: TableStatistics,
        _ end: KeyPath<TableStatistics.Column, SQLValue?>
    ) -> SQLValue? {
        if values(name, statistics) == 0 { return .null }
        guard let column = statistics.columns[name], !column.isWithin else { return nil }
        return column[keyPath: end]
    }

    /// All values are members when all numbers between the least and the greatest are, and none when none is.
    private func members(
        _ name: String,
        _ statistics: TableStatistics,
        _ set: Set<Int64>,
        areIn: Bool
    ) -> SQLValue? {
        let count = values(name, statistics)
        if count == 0 { return .integer(0) }
        guard let column = statistics.columns[name], case .integer(let low)? = column.minimum,
            case .integer(let high)? = column.maximum, low <= high
        else { return nil }
        let between = set.count { low <= $0 && $0 <= high }
        let (span, overflows) = high.subtractingReportingOverflow(low)
        let isFull = !overflows && Int64(between) > span
        guard between == 0 || isFull else { return nil }
        if isFull != areIn { return .integer(0) }
        return count.map { .integer(Int64($0)) }
    }

    private func outside(
        _ name: String,
        _ statistics: TableStatistics,
        _ below: Fact.Limit?,
        _ above: Fact.Limit?
    ) -> SQLValue? {
        let count = values(name, statistics)
        if count == 0 { return .integer(0) }
        guard let column = statistics.columns[name], let low = column.minimum, let high = column.maximum else {
            return nil
        }
        if (below.map { isInside(low, $0, isLower: true) } ?? true) == true,
            (above.map { isInside(high, $0, isLower: false) } ?? true) == true
        {
            return .integer(0)
        }
        // All are outside when even the greatest is too low, or the least too high.
        let isBelow = below.map { isInside(high, $0, isLower: true) == false } ?? false
        let isAbove = above.map { isInside(low, $0, isLower: false) == false } ?? false
        guard isBelow || isAbove, let count else { return nil }
        return .integer(Int64(count))
    }

    /// Whether `value` keeps to an end; nil when they cannot be compared.
    private func isInside(_ value: SQLValue, _ limit: Fact.Limit, isLower: Bool) -> Bool? {
        guard let order = ValueOrder.compare(value, limit.value) else { return nil }
        return order == 0 ? !limit.isStrict : (order > 0) == isLower
    }
}
