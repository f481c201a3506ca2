import MartletCore

/// Values of suites as values of a column, so that comparing them is exact.
enum TypedValue {
    /// The value that `json` means where a column of `kind` is compared with it for equality; nil when no value of the
    /// column can be equal to it.
    static func equal(_ json: JSONValue, to column: TableColumn, _ semantics: Semantics) -> SQLValue? {
        switch column.kind {
        case .integer: integer(json, semantics)
        case .decimal: decimal(json, semantics)
        case .floating: floating(json, semantics)
        case .boolean: boolean(json)
        case .text, .enumeration, .uuid, .json, .other, .interval: text(json, semantics)
        case .date, .timestamp, .timestampWithZone: moment(json, column)
        case .time, .bytes, .list, .structure, .map: json.stringValue.map { .text($0) }
        }
    }

    /// A moment of the kind of `column`; nil for a date column and a moment that is no midnight, or what is no moment.
    static func moment(_ json: JSONValue, _ column: TableColumn) -> SQLValue? {
        guard let text = json.stringValue, let moment = CivilText.moment(text) else { return nil }
        switch column.kind {
        case .date:
            guard moment.microseconds % CivilText.dayMicroseconds == 0 else { return nil }
            return Int32(exactly: moment.microseconds / CivilText.dayMicroseconds).map { .date($0) }
        case .timestampWithZone: return .timestamp(moment.microseconds, hasZone: true)
        default: return .timestamp(moment.microseconds, hasZone: false)
        }
    }

    /// A number in plain digits, as doubles print only between 0.0001 and 2^54.
    static func plain(_ value: Double) -> String {
        let text = "\(value)"
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let isNegative = text.hasPrefix("-")
        let mantissa = text[..<mark].drop { $0 == "-" }
        let parts = mantissa.split(separator: ".", maxSplits: 1)
        let whole = String(parts.first ?? "0")
        let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
        let digits = whole + fraction
        let point = whole.count + exponent
        let plain =
            if point <= 0 { "0." + String(repeating: "0", count: -point) + digits } else if point >= digits.count {
                digits + String(repeating: "0", count: point - digits.count)
            } else { String(digits.prefix(point)) + "." + String(digits.dropFirst(point)) }
        return (isNegative ? "-" : "") + plain
    }

    private static func integer(_ json: JSONValue, _ semantics: Semantics) -> SQLValue? {
        switch json {
        case .integer(let value): return .integer(Int64(value))
        case .bool(let value): return .integer(value ? 1 : 0)
        default:
            guard let value = number(json, semantics), let exact = Int64(exactly: value) else { return nil }
            return .integer(exact)
        }
    }

    private static func decimal(_ json: JSONValue, _ semantics: Semantics) -> SQLValue? {
        if case .integer(let value) = json { return .integer(Int64(value)) }
        return number(json, semantics).flatMap { $0.isFinite ? .decimal(plain($0)) : nil }
    }

    private static func floating(_ json: JSONValue, _ semantics: Semantics) -> SQLValue? {
        if case .bool(let value) = json { return .double(value ? 1 : 0) }
        return number(json, semantics).map { .double($0) }
    }

    private static func number(_ json: JSONValue, _ semantics: Semantics) -> Double? {
        switch json {
        case .integer, .number: json.doubleValue
        // Databases read a number out of text that is compared with numbers; Python does not.
        case .string(let text): semantics == .sql ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil
        default: nil
        }
    }

    private static func boolean(_ json: JSONValue) -> SQLValue? {
        switch json {
        case .bool(let value): .boolean(value)
        case .integer(let value): value == 0 ? .boolean(false) : value == 1 ? .boolean(true) : nil
        case .number(let value): value == 0 ? .boolean(false) : value == 1 ? .boolean(true) : nil
        default: nil
        }
    }

    private static func text(_ json: JSONValue, _ semantics: Semantics) -> SQLValue? {
        switch json {
        case .string(let text): .text(text)
        case .integer(let value): semantics == .sql ? .text("\(value)") : nil
        case .number(let value): semantics == .sql ? .text("\(value)") : nil
        default: nil
        }
    }
}
