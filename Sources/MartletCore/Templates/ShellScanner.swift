/// Follows shell text to know how a value has to be written where the text ends.
///
/// The rules of POSIX.1-2017, Shell Command Language, sections 2.2 (quoting), 2.3 (tokens), 2.6 (expansions) and
/// 2.7.4 (here-documents). A value is never text of the shell: it becomes a reference to an environment variable,
/// which the shell expands but does not read as code.
struct ShellScanner {
    /// What encloses the place; nothing, at the top.
    private enum Frame { case double, parenthesis, substitution, arithmetic, backquote }

    /// A `<<word` whose text is still to come, or is being read.
    private struct HereDocument {
        var delimiter: [UInt8] = []
        var isQuoted = false
        var stripsTabs = false
    }

    private var frames: [Frame] = []
    private var isSingleQuoted = false
    private var isComment = false
    private var isEscaped = false
    private var previous: UInt8 = 10
    /// The byte before the previous one, to know `$((`.
    private var beforePrevious: UInt8 = 10
    private var waiting: [HereDocument] = []
    private var current: HereDocument?
    /// The line of the here-document so far.
    private var line: [UInt8] = []
    /// The quote that the delimiter of a here-document is in.
    private var delimiterQuote: UInt8?
    private var readsDelimiter = false

    mutating func read(_ text: String) {
        for byte in text.utf8 {
            read(byte)
            (beforePrevious, previous) = (previous, byte)
        }
    }

    /// Notes that a value was put here.
    mutating func passValue() {
        (beforePrevious, previous) = (UInt8(ascii: "x"), UInt8(ascii: "x"))
        if current != nil { line.append(previous) }
    }

    private var isPlain: Bool { frames.last != .double }

    private mutating func read(_ byte: UInt8) {
        if current != nil {
            readHereDocument(byte)
        } else if isEscaped {
            isEscaped = false
        } else if isComment {
            if byte == 10 {
                isComment = false
                endLine()
            }
        } else if isSingleQuoted {
            if byte == UInt8(ascii: "'") { isSingleQuoted = false }
        } else if readsDelimiter {
            readDelimiter(byte)
        } else if isPlain {
            readPlain(byte)
        } else {
            readDouble(byte)
        }
    }

    private mutating func readDouble(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "\""): frames.removeLast()
        case UInt8(ascii: "(") where previous == UInt8(ascii: "$"): frames.append(.substitution)
        case UInt8(ascii: "`"): toggleBackquote()
        default: break
        }
    }

    private mutating func readPlain(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "'"): isSingleQuoted = true
        case UInt8(ascii: "\""): frames.append(.double)
        case UInt8(ascii: "`"): toggleBackquote()
        case UInt8(ascii: "(") where previous == UInt8(ascii: "$"): frames.append(.substitution)
        case UInt8(ascii: "("):
            if frames.last == .substitution, previous == byte, beforePrevious == UInt8(ascii: "$") {
                frames[frames.count - 1] = .arithmetic
            }
            frames.append(.parenthesis)
        case UInt8(ascii: ")"):
            if let last = frames.last, last != .backquote { frames.removeLast() }
        case UInt8(ascii: "#") where startsWord && !isArithmetic: isComment = true
        case UInt8(ascii: "<") where previous == byte && beforePrevious != byte && !isArithmetic:
            readsDelimiter = true
            delimiterQuote = nil
            waiting.append(HereDocument())
        case 10: endLine()
        default: break
        }
    }

    private var startsWord: Bool { [9, 10, 13, 32, 38, 40, 41, 59, 96, 124].contains(previous) }

    private var isArithmetic: Bool { frames.last { $0 != .parenthesis } == .arithmetic }

    private mutating func toggleBackquote() {
        if let open = frames.lastIndex(of: .backquote) {
            frames.removeSubrange(open...)
        } else {
            frames.append(.backquote)
        }
    }

    /// Reads the word after `<<`.
    private mutating func readDelimiter(_ byte: UInt8) {
        let last = waiting.count - 1
        if let quote = delimiterQuote {
            if byte == quote { delimiterQuote = nil } else { waiting[last].delimiter.append(byte) }
            return
        }
        let isEmpty = waiting[last].delimiter.isEmpty && !waiting[last].isQuoted
        switch byte {
        case UInt8(ascii: "-") where isEmpty && previous == UInt8(ascii: "<"): waiting[last].stripsTabs = true
        case UInt8(ascii: "<") where isEmpty && previous == byte:
            // `<<<` is no here-document.
            waiting.removeLast()
            readsDelimiter = false
        case _ where isEmpty && (byte == 9 || byte == 32): break
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            waiting[last].isQuoted = true
            delimiterQuote = byte
        case UInt8(ascii: "\\"): waiting[last].isQuoted = true
        case 9, 10, 32, 38, 40, 41, 59, 60, 62, 96, 124:
            readsDelimiter = false
            if isEmpty { waiting.removeLast() }
            readPlain(byte)
        default: waiting[last].delimiter.append(byte)
        }
    }

    /// After a line with `<<word`, its text begins.
    private mutating func endLine() {
        guard !waiting.isEmpty else { return }
        current = waiting.removeFirst()
        line = []
    }

    private mutating func readHereDocument(_ byte: UInt8) {
        guard byte == 10 else {
            line.append(byte)
            return
        }
        let text = current?.stripsTabs == true ? line.drop { $0 == 9 } : line[...]
        line = []
        if text.elementsEqual(current?.delimiter ?? []) {
            current = nil
            endLine()
        }
    }

    /// The text that stands for the environment variable `name`, which holds `value`, at this place.
    ///
    /// - Throws: ``TemplateError`` where no text could: the value would be read as code, or not at all.
    func text(ofVariable name: String, holding value: JSONValue, at offset: Int) throws(TemplateError) -> String {
        if isEscaped || (current != nil && previous == UInt8(ascii: "\\")) {
            throw TemplateError(
                offset: offset,
                reason: "a backslash right before {{ hides the value from the shell",
                remedy: "remove the backslash, or write two"
            )
        }
        if let current {
            if current.isQuoted {
                throw TemplateError(
                    offset: offset,
                    reason: "the shell puts no values into a here-document whose delimiter is quoted",
                    remedy: "write <<\(String(decoding: current.delimiter, as: UTF8.self)) without quotes"
                )
            }
            return "${\(name)}"
        }
        if isComment { return "${\(name)}" }
        if isSingleQuoted { return "'\"${\(name)}\"'" }
        if isArithmetic {
            // Some shells evaluate the text of a variable here, even `a[$(command)]`.
            guard case .integer = value else {
                throw TemplateError(
                    offset: offset,
                    reason: "only whole numbers may stand in $(( )); this is a \(value.typeName)",
                    remedy: "make it a parameter of type integer, or move it out of $(( ))"
                )
            }
            return "${\(name)}"
        }
        return isPlain ? "\"${\(name)}\"" : "${\(name)}"
    }
}
