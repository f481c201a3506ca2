/// Follows SQL text to know how a value has to be written where the text ends.
///
/// The lexical rules are DuckDB's, which are PostgreSQL's: '...' and "..." with doubled quotes, e'...' with backslashes
/// too, `--` and nested `/* */` comments, $tag$ quotes, and `$` within identifiers. All of it is about bytes: to a
/// Swift `Character` a quote with a combining accent is no quote, to SQL it is.
struct SQLScanner {
    private enum Place: Equatable {
        case plain, single, escape, double, lineComment
        case blockComment(depth: Int)
        case dollar(tag: [UInt8])
    }

    private var place = Place.plain
    private var previous: UInt8 = 32
    /// How many bytes the identifier has that ends here.
    private var identifierLength = 0
    /// The `$tag` read so far, while a dollar quote may be opening.
    private var opening: [UInt8]?
    /// The last bytes inside a dollar quote, to see its end.
    private var tail: [UInt8] = []
    private var isEscaped = false

    mutating func read(_ text: String) {
        for byte in text.utf8 { read(byte) }
    }

    /// Notes that a value was put here.
    mutating func passValue() {
        previous = UInt8(ascii: "x")
        identifierLength = 0
        opening = nil
        tail = []
        isEscaped = false
    }

    private mutating func read(_ byte: UInt8) {
        var seen = byte
        switch place {
        case .plain: readPlain(byte)
        case .single: if byte == UInt8(ascii: "'") { place = .plain }
        case .escape:
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "'") {
                place = .plain
                // Of the two quotes of a doubled one the second opens the same kind of text again, as after an e.
                identifierLength = 1
                seen = UInt8(ascii: "e")
            }
        case .double: if byte == UInt8(ascii: "\"") { place = .plain }
        case .lineComment: if byte == 10 || byte == 13 { place = .plain }
        case .blockComment(let depth):
            if previous == UInt8(ascii: "*"), byte == UInt8(ascii: "/") {
                place = depth > 1 ? .blockComment(depth: depth - 1) : .plain
                seen = 32
            } else if previous == UInt8(ascii: "/"), byte == UInt8(ascii: "*") {
                place = .blockComment(depth: depth + 1)
                seen = 32
            }
        case .dollar(let tag):
            tail.append(byte)
            if tail.count > tag.count { tail.removeFirst() }
            if tail == tag { place = .plain }
        }
        previous = seen
    }

    private mutating func readPlain(_ byte: UInt8) {
        if let open = opening {
            if byte == UInt8(ascii: "$") {
                place = .dollar(tag: open + [byte])
                tail = []
                opening = nil
                return
            }
            let continues = Self.startsIdentifier(byte) || (open.count > 1 && NameRules.isDigit(byte))
            opening = continues ? open + [byte] : nil
            if continues { return }
        }
        let isIdentifier =
            Self.startsIdentifier(byte)
            || (identifierLength > 0 && (NameRules.isDigit(byte) || byte == UInt8(ascii: "$")))
        switch (previous, byte) {
        case (101, UInt8(ascii: "'")) where identifierLength == 1, (69, UInt8(ascii: "'")) where identifierLength == 1:
            place = .escape
        case (_, UInt8(ascii: "'")): place = .single
        case (_, UInt8(ascii: "\"")): place = .double
        case (UInt8(ascii: "-"), UInt8(ascii: "-")): place = .lineComment
        case (UInt8(ascii: "/"), UInt8(ascii: "*")): place = .blockComment(depth: 1)
        case (_, UInt8(ascii: "$")) where identifierLength == 0: opening = [byte]
        default: break
        }
        identifierLength = isIdentifier ? identifierLength + 1 : 0
    }

    private static func startsIdentifier(_ byte: UInt8) -> Bool {
        NameRules.isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    /// `value` as SQL at this place.
    func text(of value: JSONValue) -> String {
        let bytes = Array(value.displayText.utf8)
        func replacing(_ replacements: [UInt8: String]) -> String {
            let escaped = bytes.flatMap { byte in replacements[byte].map { Array($0.utf8) } ?? [byte] }
            return String(decoding: escaped, as: UTF8.self)
        }
        switch place {
        case .single: return replacing([39: "''"])
        case .escape: return replacing([39: "''", 92: "\\\\"])
        case .double: return replacing([34: "\"\""])
        // What could end a comment or a dollar quote goes; a comment's text means nothing, and a dollar quote's has no
        // way to hold it.
        case .lineComment: return replacing([10: " ", 13: " "])
        case .blockComment: return replacing([42: " ", 47: " "])
        case .dollar: return replacing([36: ""])
        case .plain: break
        }
        switch value {
        case .null: return separated("NULL")
        case .bool(let truth): return separated(truth ? "TRUE" : "FALSE")
        case .integer, .number:
            // With a minus before it, a bare minus would start a comment.
            return value.jsonText.hasPrefix("-") ? "(\(value.jsonText))" : value.jsonText
        case .string, .array, .object: return separated("'\(replacing([39: "''"]))'")
        }
    }

    /// `literal`, with a space before it where it would run into a name: e'...' is another kind of text.
    private func separated(_ literal: String) -> String { identifierLength == 0 ? literal : " \(literal)" }
}
