import MartletCore
import Yams

/// Says in our words, with a remedy, what Yams says about text that is not YAML.
enum YAMLSyntax {
    /// The error for what was thrown while `source` was parsed.
    static func error(_ error: any Error, in source: SourceText) -> MartletError {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return explain(
                problem,
                at: TextPosition(line: mark.line, column: mark.column),
                opened: context.map { TextPosition(line: $0.mark.line, column: $0.mark.column) },
                in: source
            )
        case .reader(let problem, _, _, _):
            return explain(problem, at: .start, opened: nil, in: source)
        default:
            return explain("the YAML parser gave up", at: .start, opened: nil, in: source)
        }
    }

    private static func explain(
        _ problem: String,
        at position: TextPosition,
        opened: TextPosition?,
        in source: SourceText
    ) -> MartletError {
        var code = ErrorCode.syntaxInvalid
        var position = position
        let offset = source.offset(of: position)
        let byte = offset < source.bytes.count ? source.bytes[offset] : nil
        var (message, reason, remedy): (String, String?, String?) = ("this is not YAML", problem, nil)
        if let tab = tab(in: source, near: position) {
            position = tab
            message = "a tab indents this line"
            reason = "YAML allows only spaces there"
            remedy = "indent with spaces"
        } else if let template = bareTemplate(in: source.line(position.line)) {
            position.column = template
            message = "a value that starts with {{ needs quotes"
            reason = "{ starts a mapping in YAML"
            remedy = "write \"{{ ... }}\""
        } else if problem.contains("another document") {
            message = "the file holds more than one document"
            reason = "--- starts another one"
            remedy = "keep one pipeline in a file"
        } else if problem.contains("nesting level") {
            code = .limitExceeded
            message = "values are nested too deeply"
            reason = "at most \(Limits.nestingDepth) levels are read"
            remedy = "nest them less"
        } else if problem.contains("mapping values are not allowed") {
            message = "a colon is not expected here"
            reason = "the line above is not finished, or the line holds two colons"
            remedy = "check the indentation, and put text that holds \": \" in quotes"
        } else if problem.contains("unexpected end of stream"), let opened {
            position = opened
            message = "the quote that opens here is not closed"
            reason = nil
            remedy = "close it"
        } else if problem.contains("cannot start any token"), let byte {
            message = "a value cannot start with \(Character(Unicode.Scalar(byte)))"
            reason = "YAML reserves it"
            remedy = "put the value in quotes"
        } else if problem.contains("escape character") {
            message = "this escape does not exist in double quotes"
            reason = nil
            remedy = "write \\\\ for a backslash, or use single quotes"
        } else if problem.contains("',' or ']'") || problem.contains("',' or '}'"), let opened {
            position = opened
            message = "the \(problem.contains("]") ? "list" : "mapping") that opens here is not closed"
            reason = nil
            remedy = "add \(problem.contains("]") ? "]" : "}"), or a comma between its parts"
        } else if problem.contains("expected ':'") {
            message = "a key needs a colon after it"
            reason = nil
            remedy = "write key: value"
        } else if problem.contains("'-' indicator") {
            message = "this line belongs to a list but is no element of it"
            reason = nil
            remedy = "start it with \"- \", or indent it like the keys above"
        } else if problem.contains("did not find expected key") {
            message = "a key is expected here"
            reason = "the line is indented unlike the keys above it, or quotes end in the middle of a value"
            remedy = "align it with the other keys"
        }
        return MartletError(
            code,
            message,
            reason: reason,
            remedy: remedy,
            location: source.location(position),
            cause: "YAML: \(problem)"
        )
    }

    /// The tab that indents the line of `position`, or the line before it.
    private static func tab(in source: SourceText, near position: TextPosition) -> TextPosition? {
        for line in [position.line, position.line - 1] where line > 0 {
            let indentation = source.line(line).prefix { $0 == 32 || $0 == 9 }
            if let column = indentation.firstIndex(of: 9) {
                return TextPosition(line: line, column: column - indentation.startIndex + 1)
            }
        }
        return nil
    }

    /// The column of `{{` at the start of an unquoted value.
    private static func bareTemplate(in line: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(line)
        for index in bytes.indices.dropLast() where bytes[index] == 123 && bytes[index + 1] == 123 {
            let before = bytes[..<index].reversed().drop { $0 == 32 }
            if let last = before.first, last == UInt8(ascii: ":") || last == UInt8(ascii: "-") {
                return 1 + bytes[..<index].count { $0 & 0xC0 != 0x80 }
            }
            return nil
        }
        return nil
    }
}
