/// Text with `{{ expressions }}` in it.
///
/// A value is never trusted as text of another language: ``render(_:_:)`` is told where the text goes and makes the
/// value safe there.
public struct Template: Hashable, Sendable {
    /// A piece of the text.
    public enum Segment: Hashable, Sendable {
        case text(String)
        case expression(Expression)
    }

    /// The pieces, in order.
    public let segments: [Segment]

    /// Reads a template.
    ///
    /// - Throws: ``TemplateError`` with the place and reason.
    public init(_ source: String) throws(TemplateError) {
        let bytes = Array(source.utf8)
        var segments: [Segment] = []
        var textStart = 0
        var position = 0
        func text(upTo end: Int) {
            if end > textStart { segments.append(.text(String(decoding: bytes[textStart..<end], as: UTF8.self))) }
        }
        let open = UInt8(ascii: "{")
        while position + 1 < bytes.count {
            guard bytes[position] == open, bytes[position + 1] == open else {
                position += 1
                continue
            }
            guard let close = Self.closing(bytes, from: position + 2) else {
                throw TemplateError(offset: position, reason: "{{ is not closed by }}")
            }
            text(upTo: position)
            var parser = ExpressionParser(bytes, in: (position + 2)..<close)
            segments.append(.expression(try parser.parse()))
            position = close + 2
            textStart = position
        }
        text(upTo: bytes.count)
        self.segments = segments
    }

    /// The position of the `}}` that ends an expression; quoted text is passed over.
    private static func closing(_ bytes: [UInt8], from start: Int) -> Int? {
        var quote: UInt8?
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            if let open = quote {
                if byte == UInt8(ascii: "\\") { position += 1 } else if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "}"), position + 1 < bytes.count, bytes[position + 1] == byte {
                return position
            }
            position += 1
        }
        return nil
    }

    /// Every name used, with its place in UTF-8 bytes.
    public var names: [(path: [String], offset: Int)] {
        segments.flatMap { segment -> [(path: [String], offset: Int)] in
            if case .expression(let expression) = segment { expression.names } else { [] }
        }
    }

    /// The only expression, when the template is nothing else.
    public var soleExpression: Expression? {
        let meaningful = segments.filter { segment in
            if case .text(let text) = segment { !text.allSatisfy(\.isWhitespace) } else { true }
        }
        if meaningful.count == 1, case .expression(let expression) = meaningful[0] { return expression }
        return nil
    }

    /// The text with each expression replaced by its value.
    ///
    /// - Throws: ``TemplateError`` for a name that is not defined, for operands that do not fit, and for places in shell
    ///   text where no value can stand.
    public func render(
        _ escaping: TextEscaping = .none,
        _ lookup: ([String]) -> JSONValue?
    ) throws(TemplateError) -> RenderedText {
        var result = RenderedText()
        var shell = ShellScanner()
        var sql = SQLScanner()
        var spark = SparkSQLScanner()
        for segment in segments {
            switch segment {
            case .text(let text):
                result.text += text
                if escaping == .shell { shell.read(text) }
                if escaping == .sql { sql.read(text) }
                if escaping == .sparkSQL { spark.read(text) }
            case .expression(let expression):
                let value = try expression.evaluate(lookup)
                switch escaping {
                case .none: result.text += value.displayText
                case .url: result.text += Self.percentEncoded(value.displayText)
                case .sql:
                    result.text += sql.text(of: value)
                    sql.passValue()
                case .sparkSQL:
                    result.text += spark.text(of: value)
                    spark.passValue()
                case .shell:
                    let name = "MARTLET_VALUE_\(result.variables.count + 1)"
                    result.variables.append((name, value.displayText))
                    let offset = expression.names.first?.offset ?? 0
                    result.text += try shell.text(ofVariable: name, holding: value, at: offset)
                    shell.passValue()
                }
            }
        }
        return result
    }

    private static func percentEncoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126, 58, 47: result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

/// The language that surrounds the values of a template.
public enum TextEscaping: Hashable, Sendable {
    /// Plain text: values stand as they are.
    case none
    /// A URL: of a value all is percent-encoded but unreserved characters, colons and slashes (RFC 3986, 2.3).
    case url
    /// A POSIX shell line: values become references to environment variables, which no shell reads as code.
    case shell
    /// An SQL script: values become literals, or escaped text inside quotes.
    case sql
    /// The same by the lexical rules of Spark SQL.
    case sparkSQL
}

/// A template with its values filled in.
public struct RenderedText: Sendable {
    /// The text.
    public var text = ""
    /// Environment variables that the text refers to.
    public var variables: [(name: String, value: String)] = []
}
