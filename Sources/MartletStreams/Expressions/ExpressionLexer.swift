import MartletCore

/// A word of an expression.
struct ExpressionToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A name or a keyword as written.
        case word
        /// A name between double quotes, which is never a keyword.
        case quotedName
        /// A text between single quotes.
        case text
        case number
        /// An operator, a parenthesis or a comma.
        case sign
        case end
    }

    var kind: Kind
    /// The word, or the content of what is quoted.
    var text: String
    /// Where it starts, in UTF-8 bytes.
    var offset: Int
}

/// Cuts an expression into words.
struct ExpressionLexer {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The words, with an end after them.
    static func tokens(of text: String) throws(ExpressionFault) -> [ExpressionToken] {
        var lexer = ExpressionLexer(text)
        var tokens = [ExpressionToken]()
        while let token = try lexer.next() { tokens.append(token) }
        tokens.append(ExpressionToken(kind: .end, text: "the end", offset: lexer.bytes.count))
        return tokens
    }

    private static let doubleSigns: Set<String> = ["<=", ">=", "<>", "!=", "==", "||", "//"]

    private mutating func next() throws(ExpressionFault) -> ExpressionToken? {
        while at < bytes.count, bytes[at] == 32 || (9...13).contains(bytes[at]) { at += 1 }
        guard at < bytes.count else { return nil }
        let start = at
        let byte = bytes[at]
        if Self.isNameStart(byte) {
            while at < bytes.count, Self.isNameStart(bytes[at]) || Self.isDigit(bytes[at]) { at += 1 }
            return ExpressionToken(kind: .word, text: text(start, at), offset: start)
        }
        let startsFraction = byte == 46 && at + 1 < bytes.count && Self.isDigit(bytes[at + 1])
        if Self.isDigit(byte) || startsFraction { return number(start) }
        if byte == 39 { return ExpressionToken(kind: .text, text: try quoted(39), offset: start) }
        if byte == 34 { return ExpressionToken(kind: .quotedName, text: try quoted(34), offset: start) }
        if at + 1 < bytes.count, Self.doubleSigns.contains(text(at, at + 2)) {
            at += 2
            return ExpressionToken(kind: .sign, text: text(start, at), offset: start)
        }
        guard "+-*/%=<>(),".utf8.contains(byte) else {
            throw ExpressionFault(start, "\"\(character(start))\" has no meaning here")
        }
        at += 1
        return ExpressionToken(kind: .sign, text: text(start, at), offset: start)
    }

    private mutating func number(_ start: Int) -> ExpressionToken {
        while at < bytes.count, Self.isDigit(bytes[at]) || bytes[at] == 46 { at += 1 }
        if at < bytes.count, bytes[at] | 0x20 == 101 {
            var exponent = at + 1
            if exponent < bytes.count, bytes[exponent] == 43 || bytes[exponent] == 45 { exponent += 1 }
            if exponent < bytes.count, Self.isDigit(bytes[exponent]) {
                at = exponent
                while at < bytes.count, Self.isDigit(bytes[at]) { at += 1 }
            }
        }
        return ExpressionToken(kind: .number, text: text(start, at), offset: start)
    }

    /// What stands between two quotes, a doubled quote standing for one.
    private mutating func quoted(_ quote: UInt8) throws(ExpressionFault) -> String {
        let start = at
        var content = [UInt8]()
        at += 1
        while at < bytes.count {
            if bytes[at] != quote {
                content.append(bytes[at])
            } else if at + 1 < bytes.count, bytes[at + 1] == quote {
                content.append(quote)
                at += 1
            } else {
                at += 1
                return String(decoding: content, as: UTF8.self)
            }
            at += 1
        }
        throw ExpressionFault(start, "the quote is never closed", remedy: "write a quote inside as two")
    }

    private func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    private func character(_ start: Int) -> Character {
        String(decoding: bytes[start...].prefix(8), as: UTF8.self).first ?? "?"
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        byte == 95 || byte >= 128 || (97...122).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
