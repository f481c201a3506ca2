import MartletCore

/// A parser of JSON (RFC 8259) by recursive descent, with the depth bounded.
struct ExactJSONReader {
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
    }

    mutating func document() throws(ExactJSON.Problem) -> JSONValue {
        let value = try value()
        skipSpace()
        if place < bytes.count { throw problem("something follows the value") }
        return value
    }

    private mutating func value() throws(ExactJSON.Problem) -> JSONValue {
        skipSpace()
        guard let byte = peek else { throw problem("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { (self) throws(ExactJSON.Problem) in try self.object() }
        case UInt8(ascii: "["): return try nested { (self) throws(ExactJSON.Problem) in try self.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            if take("-Infinity") { return .number(-.infinity) }
            return try number()
        default:
            for (word, value) in Self.words where take(word) { return value }
            throw problem("this is no value")
        }
    }

    private static let words: [(String, JSONValue)] = [
        ("true", .bool(true)), ("false", .bool(false)), ("null", .null), ("NaN", .number(.nan)),
        ("Infinity", .number(.infinity)),
    ]

    private mutating func nested(
        _ read: (inout Self) throws(ExactJSON.Problem) -> JSONValue
    ) throws(ExactJSON.Problem) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        if depth > Limits.nestingDepth { throw problem("it is nested more than \(Limits.nestingDepth) deep") }
        place += 1
        return try read(&self)
    }

    private mutating func object() throws(ExactJSON.Problem) -> JSONValue {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if takes(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw problem("a key in quotes is missing") }
            let key = try string()
            skipSpace()
            guard takes(UInt8(ascii: ":")) else { throw problem("a colon is missing after a key") }
            members[key] = try value()
            skipSpace()
            if takes(UInt8(ascii: "}")) { return .object(members) }
            guard takes(UInt8(ascii: ",")) else { throw problem("a comma or } is missing") }
        }
    }

    private mutating func array() throws(ExactJSON.Problem) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if takes(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if takes(UInt8(ascii: "]")) { return .array(elements) }
            guard takes(UInt8(ascii: ",")) else { throw problem("a comma or ] is missing") }
        }
    }

    private mutating func number() throws(ExactJSON.Problem) -> JSONValue {
        let start = place
        var isWhole = true
        _ = takes(UInt8(ascii: "-"))
        let digits = takeDigits()
        if digits == 0 { throw problem("a number has no digits") }
        if digits > 1, bytes[place - digits] == UInt8(ascii: "0") { throw problem("a number begins with 0") }
        if takes(UInt8(ascii: ".")) {
            isWhole = false
            if takeDigits() == 0 { throw problem("a number has no digits after its point") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isWhole = false
            place += 1
            if !takes(UInt8(ascii: "+")) { _ = takes(UInt8(ascii: "-")) }
            if takeDigits() == 0 { throw problem("a number has no digits in its exponent") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text) else { throw problem("this is no number") }
        return .number(value)
    }

    private mutating func string() throws(ExactJSON.Problem) -> String {
        place += 1
        var content: [UInt8] = []
        while let byte = peek {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw problem("a text is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): content += Array(String(try escape()).utf8)
            case 0..<0x20: throw problem("a text holds a control character that is not escaped")
            default: content.append(byte)
            }
        }
        throw problem("a text has no closing quote")
    }

    private mutating func escape() throws(ExactJSON.Problem) -> Character {
        guard let byte = peek else { throw problem("a text ends in a backslash") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try scalar())
        default: throw problem("there is no escape \\\(Character(Unicode.Scalar(byte)))")
        }
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair; half a pair is U+FFFD.
    private mutating func scalar() throws(ExactJSON.Problem) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, peek == UInt8(ascii: "\\"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "u")
        else { return "\u{fffd}" }
        let before = place
        place += 2
        let second = try codeUnit()
        guard (0xdc00..<0xe000).contains(second) else {
            place = before
            return "\u{fffd}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? "\u{fffd}"
    }

    private mutating func codeUnit() throws(ExactJSON.Problem) -> UInt32 {
        guard place + 4 <= bytes.count, bytes[place..<(place + 4)].allSatisfy(Self.isHex),
            let unit = UInt32(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
        else { throw problem("\\u is not followed by four hexadecimal digits") }
        place += 4
        return unit
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    // MARK: - Bytes

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func takes(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        place += 1
        return true
    }

    private mutating func take(_ word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    private mutating func takeDigits() -> Int {
        let start = place
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
    }

    private func problem(_ message: String) -> ExactJSON.Problem {
        let before = bytes[..<min(place, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return ExactJSON.Problem(message: message, line: line, column: before.count - start + 1)
    }
}
