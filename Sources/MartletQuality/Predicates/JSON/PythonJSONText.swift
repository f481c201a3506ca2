public import MartletCore

/// JSON text as Python's `json.loads` reads it, which also takes `NaN` and the infinities.
public struct PythonJSONText: Hashable, Sendable {
    /// A reader; all are alike.
    public init() {}

    /// Whether `json.loads` takes `text`.
    public func accepts(_ text: String) -> Bool { value(text) != nil }

    /// The value in `text`; nil when `json.loads` does not take it.
    ///
    /// A whole number that does not fit into 64 bits becomes a double; of members of one name the last counts.
    public func value(_ text: String) -> JSONValue? {
        var reader = Reader(bytes: Array(text.utf8))
        return reader.document()
    }
}

/// Walks over the bytes of a text.
private struct Reader {
    let bytes: [UInt8]
    var index = 0

    /// Python gives up when lists and objects are nested about this deep.
    private static let depthLimit = 900
    /// Python reads no whole number of more digits.
    private static let digitLimit = 4300

    mutating func document() -> JSONValue? {
        skipSpace()
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        guard index == bytes.count else { return nil }
        return value
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.depthLimit, let byte = peek else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        default:
            for (word, value) in Self.words where take(word) { return value }
            return number()
        }
    }

    private static let words: [(String, JSONValue)] = [
        ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("NaN", .number(.nan)),
        ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
    ]

    private mutating func object(depth: Int) -> JSONValue? {
        var members = [String: JSONValue]()
        index += 1
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            guard let name = string() else { return nil }
            skipSpace()
            guard take(":") else { return nil }
            skipSpace()
            guard let value = value(depth: depth + 1) else { return nil }
            members[name] = value
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
            skipSpace()
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var elements = [JSONValue]()
        index += 1
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { return nil }
            skipSpace()
        }
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var units = [UInt8]()
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                units += Array(String(scalar).utf8)
            case 0..<0x20: return nil
            default: units.append(byte)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        guard let byte = peek else { return nil }
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return nil }
            if (0xD800..<0xDC00).contains(unit), bytes[index...].starts(with: "\\u".utf8) {
                let start = index
                index += 2
                guard let low = hexadecimal() else { return nil }
                if (0xDC00..<0xE000).contains(low) {
                    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
                }
                index = start
            }
            // Python keeps half a pair, which is no character.
            return Unicode.Scalar(unit) ?? "\u{FFFD}"
        default: return nil
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        let digits = bytes[index..<index + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }) else { return nil }
        index += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> JSONValue? {
        let start = index
        _ = take("-")
        let whole = index
        guard digits() > 0, bytes[whole] != UInt8(ascii: "0") || index == whole + 1 else { return nil }
        let digitCount = index - whole
        let hasMore = fraction() || exponent()
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if !hasMore {
            guard digitCount <= Self.digitLimit else { return nil }
            if let value = Int(text) { return .integer(value) }
        }
        return Double(text).map(JSONValue.number)
    }

    /// Takes what follows the point; a point without digits belongs to what comes next.
    private mutating func fraction() -> Bool {
        let start = index
        if take("."), digits() > 0 {
            _ = exponent()
            return true
        }
        index = start
        return false
    }

    private mutating func exponent() -> Bool {
        let start = index
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            if digits() > 0 { return true }
        }
        index = start
        return false
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = peek, (0x30...0x39).contains(byte) { index += 1 }
        return index - start
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ word: String) -> Bool {
        guard bytes[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }
}
