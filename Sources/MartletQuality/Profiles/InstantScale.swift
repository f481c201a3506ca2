import MartletCore

/// How numbers of a scan stand for values of a column: days for dates, microseconds for timestamps.
struct InstantScale: Hashable, Sendable {
    let kind: TableColumn.Kind

    /// The value that `number` stands for, as profiles tell it.
    func value(_ number: Double) -> JSONValue {
        switch kind {
        case .integer:
            let whole = number.rounded()
            return whole == number && abs(whole) < 9e15 ? .integer(Int(whole)) : .number(number)
        case .date: return .string(Self.date(days: Int(clamping: number)))
        case .timestamp: return .string(Self.timestamp(microseconds: Int(clamping: number), hasZone: false))
        case .timestampWithZone: return .string(Self.timestamp(microseconds: Int(clamping: number), hasZone: true))
        default: return .number(number)
        }
    }

    /// The number that stands for a value; nil for what is not finite.
    func number(_ value: SQLValue) -> Double? {
        switch value {
        case .date(let days): Double(days)
        case .timestamp(let microseconds, _): Double(microseconds)
        default: value.number.flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// `2024-02-29`; years of more than five digits are told as days since 1970.
    static func date(days: Int) -> String {
        guard abs(days) < 36_000_000 else { return "day \(days)" }
        return CivilDate(of: Timestamp(microseconds: Int64(days) * 86_400_000_000)).dayText
    }

    /// `2024-02-29T12:30:00`, with six digits of a second where they are not zero, and `Z` for UTC.
    static func timestamp(microseconds: Int, hasZone: Bool) -> String {
        let date = CivilDate(of: Timestamp(microseconds: Int64(microseconds)))
        return "\(date.dayText)T\(clock(date))" + (hasZone ? "Z" : "")
    }

    /// `12:30:00.000001`.
    static func time(microseconds: Int) -> String { clock(CivilDate(of: Timestamp(microseconds: Int64(microseconds)))) }

    private static func clock(_ date: CivilDate) -> String {
        let digits = String(1_000_000 + date.microsecond).dropFirst()
        return date.timeText(separator: ":") + (date.microsecond == 0 ? "" : ".\(digits)")
    }
}

extension Int {
    /// The whole number nearest to `number`, or the end of the range beyond it.
    init(clamping number: Double) {
        let rounded = number.rounded()
        if rounded.isNaN {
            self = 0
        } else if rounded >= 0x1p63 {
            self = .max
        } else {
            self = rounded < -0x1p63 ? .min : Int(rounded)
        }
    }
}

extension SQLValue {
    /// The value as profiles tell it: numbers as numbers where JSON can hold them, all else as text.
    var told: JSONValue {
        switch self {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .integer(let value): .integer(Int(value))
        case .wideInteger(let digits), .decimal(let digits): Double(digits).map(JSONValue.number) ?? .string(digits)
        case .double(let value): .number(value)
        case .text(let text): .string(text)
        case .bytes(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .date(let days): .string(InstantScale.date(days: Int(days)))
        case .time(let microseconds): .string(InstantScale.time(microseconds: Int(microseconds)))
        case .timestamp(let microseconds, let hasZone):
            .string(InstantScale.timestamp(microseconds: Int(microseconds), hasZone: hasZone))
        case .list(let values): .array(values.map(\.told))
        case .structure(let members):
            .object(Dictionary(members.map { ($0.name, $0.value.told) }, uniquingKeysWith: { first, _ in first }))
        case .other(let text): .string(text)
        }
    }
}
