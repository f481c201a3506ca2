/// A script cut into its statements.
///
/// DuckDB's C API tells how many statements a script has but not where each one is; Martlet needs the text of the last
/// one, to copy its rows into a file. The cut follows DuckDB's lexer: strings, escape strings, quoted identifiers,
/// dollar quotes, line comments and nested block comments hide a semicolon.
struct SQLScript: Hashable {
    /// The text of the script.
    let text: String
    /// Every statement that has more than comments in it.
    let statements: [Statement]

    /// A statement: from its first token to its last, without the semicolon.
    struct Statement: Hashable {
        /// The statement itself.
        var text: String
        /// The byte of the script at which it starts.
        var start: Int
        /// Its first word in upper case, after any opening parentheses.
        var keyword: String
    }

    /// Cuts `text` into statements.
    init(_ text: String) {
        self.text = text
        var scanner = Scanner(bytes: Array(text.utf8))
        statements = scanner.statements()
    }
}

/// Walks over a script's bytes; every byte of interest is ASCII, so that UTF-8 needs no decoding.
private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    mutating func statements() -> [SQLScript.Statement] {
        var found = [SQLScript.Statement]()
        var tokens: Range<Int>?
        while index < bytes.count {
            if skipSpaceOrComment() { continue }
            let start = index
            skipToken()
            if bytes[start] == UInt8(ascii: ";") {
                if let tokens { found.append(statement(tokens)) }
                tokens = nil
            } else {
                tokens = (tokens?.lowerBound ?? start)..<index
            }
        }
        if let tokens { found.append(statement(tokens)) }
        return found
    }

    private func statement(_ range: Range<Int>) -> SQLScript.Statement {
        var words = Scanner(bytes: Array(bytes[range]))
        while words.index < words.bytes.count,
            words.skipSpaceOrComment() || words.bytes[words.index] == UInt8(ascii: "(")
        {
            if words.index < words.bytes.count, words.bytes[words.index] == UInt8(ascii: "(") { words.index += 1 }
        }
        let word = words.bytes[words.index...].prefix { Self.isLetter($0) }
        return SQLScript.Statement(
            text: String(decoding: bytes[range], as: UTF8.self),
            start: range.lowerBound,
            keyword: String(decoding: word, as: UTF8.self).uppercased()
        )
    }

    private func byte(_ offset: Int) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while index < bytes.count, condition(bytes[index]) { index += 1 }
    }

    private mutating func skipSpaceOrComment() -> Bool {
        if Self.isSpace(bytes[index]) {
            index += 1
            return true
        }
        switch (byte(0), byte(1)) {
        case (UInt8(ascii: "-")?, UInt8(ascii: "-")?):
            skip { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        case (UInt8(ascii: "/")?, UInt8(ascii: "*")?):
            skipBlockComment()
        default:
            return false
        }
        return true
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            switch (byte(0), byte(1)) {
            case (UInt8(ascii: "/")?, UInt8(ascii: "*")?):
                depth += 1
                index += 2
            case (UInt8(ascii: "*")?, UInt8(ascii: "/")?):
                depth -= 1
                index += 2
            default:
                index += 1
            }
        } while depth > 0 && index < bytes.count
        index = min(index, bytes.count)
    }

    private mutating func skipToken() {
        let first = bytes[index]
        switch first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            skipQuoted(escapes: false)
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            if byte(1) == UInt8(ascii: "'") {
                index += 1
                skipQuoted(escapes: true)
            } else {
                skip { Self.isWord($0) }
            }
        case UInt8(ascii: "$"):
            skipDollar()
        case _ where Self.isWord(first):
            // A dollar sign inside a word is part of it and opens no quote.
            skip { Self.isWord($0) }
        default:
            index += 1
        }
    }

    /// Skips `'...'` or `"..."`, in which the quote itself is written twice.
    private mutating func skipQuoted(escapes: Bool) {
        let quote = bytes[index]
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if escapes, byte == UInt8(ascii: "\\") {
                index += 1
            } else if byte == quote {
                guard index < bytes.count, bytes[index] == quote else { break }
                index += 1
            }
        }
        index = min(index, bytes.count)
    }

    /// Skips `$tag$...$tag$`, or only the dollar sign of a parameter such as `$1`.
    private mutating func skipDollar() {
        let start = index
        index += 1
        if let first = byte(0), !Self.isDigit(first) { skip { Self.isWord($0) && $0 != UInt8(ascii: "$") } }
        guard byte(0) == UInt8(ascii: "$") else { return }
        index += 1
        let tag = bytes[start..<index]
        while index < bytes.count, !bytes[index...].starts(with: tag) { index += 1 }
        index = min(index + tag.count, bytes.count)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Whether a byte continues a word; every byte of a character beyond ASCII does.
    private static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
    }
}
