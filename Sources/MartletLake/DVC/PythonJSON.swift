import MartletCore

/// Writes values as Python's `json.dumps(value, sort_keys=True)` does, which DVC takes hashes of.
public enum PythonJSON {
    /// The text of a value, in ASCII.
    public static func text(of value: DVCValue) -> [UInt8] {
        var out: [UInt8] = []
        write(value, to: &out)
        return out
    }

    private static func write(_ value: DVCValue, to out: inout [UInt8]) {
        switch value {
        case .null, .boolean, .integer, .bigInteger, .number: out += scalar(value).utf8
        case .text(let text), .timestamp(let text): write(text: text.utf8, to: &out)
        case .list(let list):
            out.append(0x5b)
            for (index, element) in list.enumerated() {
                if index > 0 { out += ", ".utf8 }
                write(element, to: &out)
            }
            out.append(0x5d)
        case .map(let map):
            // Keys that are no texts become texts, as Python makes them.
            let entries = map.map { (key: scalar($0.key), value: $0.value) }
            out.append(0x7b)
            for (index, entry) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
                .enumerated()
            {
                if index > 0 { out += ", ".utf8 }
                write(text: entry.key.utf8, to: &out)
                out += ": ".utf8
                write(entry.value, to: &out)
            }
            out.append(0x7d)
        }
    }

    private static func scalar(_ value: DVCValue) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .bigInteger(let text), .text(let text), .timestamp(let text): text
        case .number(let value):
            value.isNaN
                ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : PythonNumber.text(of: value)
        case .null, .list, .map: "null"
        }
    }

    /// Writes a string with its quotes: printable ASCII as it is, everything else escaped in UTF-16.
    ///
    /// Bytes that are no UTF-8 become lone surrogates from U+DC80 on, as Python reads names of files
    /// (PEP 383).
    static func write(text: some Collection<UInt8>, to out: inout [UInt8]) {
        out.append(0x22)
        var rest = text[...]
        while let byte = rest.first {
            switch byte {
            case 0x22, 0x5c: out += [0x5c, byte]
            case 0x20...0x7e: out.append(byte)
            case 0x0a: out += "\\n".utf8
            case 0x0d: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case 0x08: out += "\\b".utf8
            case 0x0c: out += "\\f".utf8
            case 0x00..<0x80: escape(UInt16(byte), to: &out)
            default:
                if let (scalar, length) = PythonText.scalar(at: rest) {
                    for unit in UTF16.encode(scalar) ?? .init() { escape(unit, to: &out) }
                    rest = rest.dropFirst(length)
                    continue
                }
                escape(0xdc00 + UInt16(byte), to: &out)
            }
            rest = rest.dropFirst()
        }
        out.append(0x22)
    }

    private static func escape(_ unit: UInt16, to out: inout [UInt8]) {
        out += "\\u".utf8
        out += HexText.text(of: [UInt8(unit >> 8), UInt8(unit & 0xff)]).utf8
    }
}
