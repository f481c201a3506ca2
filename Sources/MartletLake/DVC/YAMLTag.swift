internal import OrderedCollections

/// What plain text stands for in YAML 1.2 as DVC's parser and writer (ruamel.yaml) have it; a little wider than YAML's
/// core schema.
enum YAMLTag {
    case null, boolean, integer, number, timestamp, merge, value, text

    /// The kind of value that plain text stands for.
    static func of(_ text: some StringProtocol) -> YAMLTag {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            return ["~", "null", "Null", "NULL"].contains(String(text)) ? .null : .text
        case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
            return ["true", "True", "TRUE", "false", "False", "FALSE"].contains(String(text)) ? .boolean : .text
        case UInt8(ascii: "<"): return bytes.count == 2 && bytes[1] == first ? .merge : .text
        case UInt8(ascii: "="): return bytes.count == 1 ? .value : .text
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            if isNumber(bytes) { return .number }
            if first != UInt8(ascii: "."), isInteger(bytes) { return .integer }
            return YAMLTimestamp.matches(bytes) ? .timestamp : .text
        default: return .text
        }
    }

    /// The value that plain text stands for.
    static func value(of text: String) -> DVCValue {
        switch of(text) {
        case .null: .null
        case .boolean: .boolean(text.lowercased() == "true")
        case .integer: integer(text)
        case .number: number(text)
        case .timestamp: .timestamp(text)
        case .merge, .value, .text: .text(text)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isDigitOrLine(_ byte: UInt8) -> Bool { isDigit(byte) || byte == 95 }

    private static func unsigned(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.first == 43 || bytes.first == 45 ? bytes.dropFirst() : bytes[...]
    }

    private static func isInteger(_ bytes: [UInt8]) -> Bool {
        let rest = unsigned(bytes)
        if rest.isEmpty { return false }
        if rest.allSatisfy(isDigitOrLine) { return true }
        guard rest.first == 48, rest.count > 2 else { return false }
        let digits = rest.dropFirst(2)
        switch rest[rest.startIndex + 1] {
        case UInt8(ascii: "b"): return digits.allSatisfy { [48, 49, 95].contains($0) }
        case UInt8(ascii: "o"): return digits.allSatisfy { (48...55).contains($0) || $0 == 95 }
        case UInt8(ascii: "x"):
            return digits.allSatisfy { isDigitOrLine($0) || (65...70).contains($0) || (97...102).contains($0) }
        default: return false
        }
    }

    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        var rest = unsigned(bytes)
        if rest.first == 46 {
            let word = String(decoding: rest, as: UTF8.self)
            if [".inf", ".Inf", ".INF"].contains(word) { return true }
            if bytes.first == 46, [".nan", ".NaN", ".NAN"].contains(word) { return true }
            let fraction = rest.dropFirst().prefix(while: isDigitOrLine)
            if fraction.isEmpty { return false }
            rest = rest.dropFirst(1 + fraction.count)
            return rest.isEmpty || isExponent(rest, signed: true)
        }
        guard let first = rest.first, isDigit(first) else { return false }
        rest = rest.drop(while: isDigitOrLine)
        if rest.first == 46 {
            rest = rest.dropFirst().drop(while: isDigitOrLine)
            return rest.isEmpty || isExponent(rest, signed: false)
        }
        return isExponent(rest, signed: false)
    }

    private static func isExponent(_ bytes: ArraySlice<UInt8>, signed: Bool) -> Bool {
        guard bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E") else { return false }
        var rest = bytes.dropFirst()
        if rest.first == 43 || rest.first == 45 { rest = rest.dropFirst() } else if signed { return false }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func integer(_ text: String) -> DVCValue {
        var digits = text.utf8.filter { $0 != 95 }
        let isNegative = digits.first == 45
        if isNegative || digits.first == 43 { digits.removeFirst() }
        var radix = 10
        if digits.count > 2, digits[0] == 48, let base = [98: 2, 111: 8, 120: 16][digits[1]] {
            radix = base
            digits.removeFirst(2)
        }
        let body = String(decoding: digits, as: UTF8.self)
        if let value = Int((isNegative ? "-" : "") + body, radix: radix) { return .integer(value) }
        // Nothing but lines is no number, and one of another radix beyond 64 bits is kept as it is written.
        guard radix == 10, !body.isEmpty else { return .text(text) }
        return .bigInteger((isNegative ? "-" : "") + body.drop { $0 == "0" })
    }

    private static func number(_ text: String) -> DVCValue {
        let plain = text.lowercased().filter { $0 != "_" }
        switch plain {
        case ".nan": return .number(.nan)
        case ".inf", "+.inf": return .number(.infinity)
        case "-.inf": return .number(-.infinity)
        default:
            return Double(plain.hasSuffix(".") ? plain + "0" : plain.replacing(".e", with: ".0e")).map { .number($0) }
                ?? .text(text)
        }
    }
}
