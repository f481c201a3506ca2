package import MartletCore

/// Values of the engine as Great Expectations writes them in JSON.
package enum ValueJSON {
    /// `value` as JSON: dates and times as ISO 8601 text, decimals as floats, whole numbers exact as far as they fit.
    package static func json(_ value: SQLValue) -> JSONValue {
        switch value {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .integer(let value): .integer(Int(value))
        case .wideInteger(let digits): Int(digits).map { .integer($0) } ?? .number(Double(digits) ?? .nan)
        case .decimal(let digits): .number(Double(digits) ?? .nan)
        case .double(let value): .number(value)
        case .text(let text), .other(let text): .string(text)
        case .bytes(let bytes): .string(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        case .date(let days): .string(CivilText.date(days: Int64(days)))
        case .time(let microseconds): .string(CivilText.time(microseconds: microseconds))
        case .timestamp(let microseconds, let hasZone):
            .string(CivilText.timestamp(microseconds: microseconds) + (hasZone ? "+00:00" : ""))
        case .list(let values): .array(values.map(json))
        case .structure(let members):
            .object(Dictionary(members.map { ($0.name, json($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// `value` as text: a string as it is, anything else as JSON.
    static func text(_ value: SQLValue) -> String { json(value).displayText }
}
