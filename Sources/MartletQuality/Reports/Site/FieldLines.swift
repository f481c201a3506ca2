/// Lines of fields with tabs between them; a tab, line break or backslash in a field is written with a backslash.
struct FieldLines {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            for byte in field.utf8 {
                switch byte {
                case UInt8(ascii: "\t"): bytes += #"\t"#.utf8
                case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
                case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The fields of a line, which is given without its end.
    static func fields(_ line: ArraySlice<UInt8>) -> [String] {
        line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { field in
            guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
            var plain: [UInt8] = []
            var isEscaped = false
            for byte in field {
                if isEscaped {
                    plain.append(
                        byte == UInt8(ascii: "t") ? UInt8(ascii: "\t") : byte == UInt8(ascii: "n") ? 0x0a : byte
                    )
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else {
                    plain.append(byte)
                }
            }
            return String(decoding: plain, as: UTF8.self)
        }
    }
}
