import MartletCore

/// Writes JSON with sorted keys and a point in every fraction.
struct ExactJSONWriter {
    private var bytes: [UInt8] = []
    private let indent: Int?
    private let isASCII: Bool
    private var level = 0

    init(indent: Int?, isASCII: Bool) {
        self.indent = indent
        self.isASCII = isASCII
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements): array(elements)
        case .object(let members): object(members)
        }
    }

    private mutating func array(_ elements: [JSONValue]) {
        if elements.isEmpty {
            bytes += "[]".utf8
            return
        }
        bytes.append(UInt8(ascii: "["))
        level += 1
        for (index, element) in elements.enumerated() {
            separate(isFirst: index == 0)
            write(element)
        }
        level -= 1
        newLine()
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func object(_ members: [String: JSONValue]) {
        if members.isEmpty {
            bytes += "{}".utf8
            return
        }
        bytes.append(UInt8(ascii: "{"))
        level += 1
        // By scalars, as Python sorts; Swift's own order takes equivalent texts for equal.
        let sorted = members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
        for (index, member) in sorted.enumerated() {
            separate(isFirst: index == 0)
            string(member.key)
            bytes += (indent == nil ? ":" : ": ").utf8
            write(member.value)
        }
        level -= 1
        newLine()
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func separate(isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        newLine()
    }

    private mutating func newLine() {
        guard let indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: indent * level)
    }

    private mutating func number(_ value: Double) {
        // Swift and Python both write the shortest digits that read back, with an exponent from 1e16 on.
        guard value.isFinite else { return string(NonFinite.name(of: value)) }
        bytes += value.description.utf8
    }

    private mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": bytes += #"\""#.utf8
            case "\\": bytes += #"\\"#.utf8
            case "\n": bytes += #"\n"#.utf8
            case "\r": bytes += #"\r"#.utf8
            case "\t": bytes += #"\t"#.utf8
            case "\u{8}": bytes += #"\b"#.utf8
            case "\u{c}": bytes += #"\f"#.utf8
            case _ where scalar.value < 0x20 || isASCII && scalar.value > 0x7e: escape(scalar)
            default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            bytes += (#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8
        }
    }
}

/// Numbers that JSON cannot write.
enum NonFinite {
    /// `NaN`, `Infinity` or `-Infinity`.
    static func name(of value: Double) -> String { value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
}
