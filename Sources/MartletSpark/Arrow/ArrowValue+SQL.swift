package import MartletCore

extension ArrowValue {
    /// The value in the terms of other engines; what these have no case for is text as Spark writes it.
    package var sqlValue: SQLValue {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .unsigned(let value): .wideInteger(String(value))
        case .float(let value): .double(Double(value))
        case .double(let value): .double(value)
        case .decimal(let value, let scale): .decimal(ArrowText.decimal(value, scale: scale))
        case .text(let value): .text(value)
        case .binary(let bytes): .bytes(bytes)
        case .date(let days): Int32(exactly: days).map(SQLValue.date) ?? .other(ArrowText.date(days))
        case .time(let value, let unit):
            Self.microseconds(value, unit).map(SQLValue.time) ?? .other(ArrowText.time(value, unit))
        case .timestamp(let value, let unit, let zone):
            Self.microseconds(value, unit).map { .timestamp($0, hasZone: zone != nil) }
                ?? .other(ArrowText.timestamp(value, unit))
        case .duration(let value, let unit): .other(ArrowText.duration(value, unit))
        case .interval(let months, let days, let nanoseconds):
            .other(ArrowText.interval(months: months, days: days, nanoseconds: nanoseconds))
        case .months(let months): .other(ArrowText.months(months))
        case .list(let values): .list(values.map(\.sqlValue))
        case .structure(let members):
            .structure(members.map { SQLValue.Member(name: $0.name, value: $0.value.sqlValue) })
        case .map(let entries):
            .list(
                entries.map {
                    .structure([
                        SQLValue.Member(name: "key", value: $0.key.sqlValue),
                        SQLValue.Member(name: "value", value: $0.value.sqlValue),
                    ])
                }
            )
        }
    }

    /// Microseconds, when they are whole and fit.
    private static func microseconds(_ value: Int64, _ unit: ArrowTimeUnit) -> Int64? {
        if unit == .nanosecond { return value % 1000 == 0 ? value / 1000 : nil }
        let (product, overflows) = value.multipliedReportingOverflow(by: 1_000_000 / unit.perSecond)
        return overflows ? nil : product
    }
}

extension ArrowField {
    /// The field as a column of a table of other engines.
    package var tableColumn: TableColumn { TableColumn(name: name, type: type.sparkName, kind: type.kind) }
}

extension ArrowType {
    /// What kind of type it is.
    package var kind: TableColumn.Kind {
        switch self {
        case .null: .other
        case .boolean: .boolean
        case .integer: .integer
        case .float, .double: .floating
        case .decimal: .decimal
        case .utf8: .text
        case .binary: .bytes
        case .date, .dateMilliseconds: .date
        case .time: .time
        case .timestamp(_, let zone): zone == nil ? .timestamp : .timestampWithZone
        case .duration, .interval: .interval
        case .list: .list
        case .structure: .structure
        case .map: .map
        }
    }
}
