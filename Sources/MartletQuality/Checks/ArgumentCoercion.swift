import MartletCore

/// Brings the value of an argument into one form, by the rules of Great Expectations (those of pydantic 1).
///
/// Numbers may be written as text, flags as words, and dates without leading zeros.
enum ArgumentCoercion {
    /// `value` as `kind` has it; nil when it is none.
    static func value(_ value: JSONValue, as kind: ArgumentKind) -> JSONValue? {
        switch kind {
        case .column: kept(value, if: value.stringValue != nil)
        case .columns(let least): texts(value, atLeast: least)
        case .names: texts(value, atLeast: 0)
        case .bound: number(value) ?? value.stringValue.flatMap(DateText.normalised).map(JSONValue.string)
        case .number(let least, let most): number(value, least, most)
        case .wholeNumber: whole(value)
        case .flag: flag(value)
        case .text: text(value)
        case .texts(let least): texts(value, atLeast: least)
        case .values(let least): list(value, atLeast: least)
        case .pairs: pairs(value)
        case .choice(let names): kept(value, if: value.stringValue.map(names.contains) ?? false)
        case .quantiles: kept(value, if: QuantileRule.isReadable(value))
        case .object: kept(value, if: value.typeName == "object")
        case .escape: kept(value, if: value.stringValue?.unicodeScalars.count == 1)
        case .dateFormat: kept(value, if: value.stringValue.map { StrptimeFormat.problem(in: $0) == nil } ?? false)
        case .query: kept(value, if: value.stringValue.map(BatchQuery.isWellFormed) ?? false)
        case .relativeError: relativeError(value)
        case .rowCondition: value
        }
    }

    /// `value`, or nothing.
    ///
    /// A conditional expression with `nil` would be the JSON value null here.
    private static func kept(_ value: JSONValue, if holds: Bool) -> JSONValue? {
        guard holds else { return nil }
        return value
    }

    // MARK: - Scalars

    private static func number(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .integer, .number: return value
        case .bool(let flag): return .integer(flag ? 1 : 0)
        case .string(let text): return number(text)
        default: return nil
        }
    }

    private static func number(_ text: String) -> JSONValue? {
        let trimmed = text.trimmed
        if let whole = Int(trimmed) { return .integer(whole) }
        // Python takes no hexadecimal digits here, which Swift does.
        guard !trimmed.contains(where: { $0 == "x" || $0 == "X" || $0 == "p" || $0 == "P" }) else { return nil }
        return Double(trimmed).map(JSONValue.number)
    }

    private static func number(_ value: JSONValue, _ least: Double?, _ most: Double?) -> JSONValue? {
        guard let read = number(value), let double = read.doubleValue else { return nil }
        if let least, !(double >= least) { return nil }
        if let most, !(double <= most) { return nil }
        return read
    }

    private static func whole(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .integer: return value
        case .number(let double): return Int(exactly: double.rounded(.towardZero)).map(JSONValue.integer)
        case .bool(let flag): return .integer(flag ? 1 : 0)
        case .string(let text): return Int(text.trimmed).map(JSONValue.integer)
        default: return nil
        }
    }

    private static func flag(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .bool: return value
        case .integer(0), .number(0): return false
        case .integer(1), .number(1): return true
        case .string(let text):
            let word = text.lowercased()
            if ["true", "t", "yes", "y", "on", "1"].contains(word) { return true }
            return kept(false, if: ["false", "f", "no", "n", "off", "0"].contains(word))
        default: return nil
        }
    }

    private static func text(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .string: return value
        case .integer, .number: return .string(ExactJSON.line(value))
        case .bool(let flag): return .string(flag ? "True" : "False")
        default: return nil
        }
    }

    private static func relativeError(_ value: JSONValue) -> JSONValue? {
        if case .string(let text) = value, ["linear", "lower", "higher", "midpoint", "nearest"].contains(text) {
            return value
        }
        if case .number = value { return value }
        return flag(value)
    }

    // MARK: - Lists

    private static func list(_ value: JSONValue, atLeast least: Int) -> JSONValue? {
        guard case .array(let elements) = value, elements.count >= least else { return nil }
        return value
    }

    private static func texts(_ value: JSONValue, atLeast least: Int) -> JSONValue? {
        guard case .array(let elements) = value, elements.count >= least else { return nil }
        var texts: [JSONValue] = []
        for element in elements {
            guard let text = text(element) else { return nil }
            texts.append(text)
        }
        return .array(texts)
    }

    private static func pairs(_ value: JSONValue) -> JSONValue? {
        guard case .array(let elements) = value else { return nil }
        let arePairs = elements.allSatisfy { if case .array(let pair) = $0 { pair.count == 2 } else { false } }
        return kept(value, if: arePairs)
    }
}

extension StringProtocol {
    /// The text without spaces around it.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
