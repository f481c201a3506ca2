/// Follows Spark SQL to know how a value has to be written where the text ends, and where a statement ends.
///
/// The lexical rules are those of Spark's grammar, `SqlBaseLexer.g4`: '...' and "..." are both text, with backslashes
/// unless an r stands before; `...` is a name; `--` comments go on after a backslash at the end of a line; `/* */`
/// comments nest, and `/*+ */` is a hint, which is no comment. All of it is about bytes.
package struct SparkSQLScanner {
    private enum Place: Equatable {
        case plain, name, lineComment
        case text(quote: UInt8, isRaw: Bool)
        case blockComment(depth: Int)
    }

    private var place = Place.plain
    private var previous: UInt8 = 32
    /// How many bytes the identifier has that ends here.
    private var identifierLength = 0
    private var isEscaped = false
    /// Whether `/*` has just been read, which a plus makes a hint.
    private var mayBeHint = false

    /// A scanner at the beginning of a script.
    package init() {}

    /// Whether the text so far ends outside of texts, names and comments.
    package var isPlain: Bool { place == .plain }

    /// Whether the text so far ends within a comment.
    package var isComment: Bool {
        switch place {
        case .lineComment, .blockComment: true
        default: false
        }
    }

    mutating func read(_ text: String) {
        for byte in text.utf8 { read(byte) }
    }

    /// Notes that a value was put here.
    mutating func passValue() {
        previous = UInt8(ascii: "x")
        identifierLength = 0
        isEscaped = false
        mayBeHint = false
    }

    /// Reads the next byte.
    package mutating func read(_ byte: UInt8) {
        var seen = byte
        let wasHint = mayBeHint
        mayBeHint = false
        switch place {
        case .plain:
            readPlain(byte)
            if case .blockComment = place { seen = 32 }
        case .name: if byte == UInt8(ascii: "`") { place = .plain }
        case .text(let quote, let isRaw):
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), !isRaw {
                isEscaped = true
            } else if byte == quote {
                place = .plain
            }
        case .lineComment: if byte == 10, previous != UInt8(ascii: "\\") { place = .plain }
        case .blockComment(let depth):
            if wasHint, byte == UInt8(ascii: "+") {
                place = .plain
            } else if previous == UInt8(ascii: "*"), byte == UInt8(ascii: "/") {
                place = depth > 1 ? .blockComment(depth: depth - 1) : .plain
                seen = 32
            } else if previous == UInt8(ascii: "/"), byte == UInt8(ascii: "*") {
                place = .blockComment(depth: depth + 1)
                seen = 32
            }
        }
        previous = seen
    }

    private mutating func readPlain(_ byte: UInt8) {
        let isRaw = identifierLength == 1 && (previous == UInt8(ascii: "r") || previous == UInt8(ascii: "R"))
        let isIdentifier =
            NameRules.isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
            || (identifierLength > 0 && NameRules.isDigit(byte))
        switch (previous, byte) {
        case (_, UInt8(ascii: "'")), (_, UInt8(ascii: "\"")): place = .text(quote: byte, isRaw: isRaw)
        case (_, UInt8(ascii: "`")): place = .name
        case (UInt8(ascii: "-"), UInt8(ascii: "-")): place = .lineComment
        case (UInt8(ascii: "/"), UInt8(ascii: "*")):
            place = .blockComment(depth: 1)
            mayBeHint = true
        default: break
        }
        identifierLength = isIdentifier ? identifierLength + 1 : 0
    }

    /// `value` as SQL at this place.
    func text(of value: JSONValue) -> String {
        let bytes = Array(value.displayText.utf8)
        func replacing(_ replacements: [UInt8: String]) -> String {
            let escaped = bytes.flatMap { byte in replacements[byte].map { Array($0.utf8) } ?? [byte] }
            return String(decoding: escaped, as: UTF8.self)
        }
        switch place {
        case .text(let quote, let isRaw):
            let sign = String(decoding: [quote], as: UTF8.self)
            // A raw text has no way to hold its quote.
            return replacing(isRaw ? [quote: ""] : [quote: "\\\(sign)", 92: "\\\\"])
        case .name: return replacing([96: "``"])
        // What could end a comment, or go on with it on the next line, goes; its text means nothing.
        case .lineComment: return replacing([10: " ", 13: " ", 92: " "])
        case .blockComment: return replacing([42: " ", 47: " "])
        case .plain: break
        }
        switch value {
        case .null: return separated("NULL")
        case .bool(let truth): return separated(truth ? "TRUE" : "FALSE")
        case .integer, .number:
            // With a minus before it, a bare minus would start a comment.
            return value.jsonText.hasPrefix("-") ? "(\(value.jsonText))" : value.jsonText
        case .string, .array, .object: return separated("'\(replacing([39: "\\'", 92: "\\\\"]))'")
        }
    }

    /// `literal`, with a space before it where it would run into a name: r'...' is another kind of text.
    private func separated(_ literal: String) -> String { identifierLength == 0 ? literal : " \(literal)" }
}
