import MartletCore
import MartletTestKit
import Testing

/// Values in SQL text, judged by a small lexer of its own.
@Suite struct SQLTemplateTests {
    private func render(_ template: String, _ value: JSONValue) throws -> String {
        try Template(template).render(.sql) { _ in value }.text
    }

    @Test(
        arguments: [
            ("{{ v.a }}", 5, "5"), ("{{ v.a }}", -5, "(-5)"), ("1 -{{ v.a }}", -0.0, "1 -(-0)"),
            ("{{ v.a }}", true, "TRUE"),
            ("{{ v.a }}", .null, "NULL"), ("{{ v.a }}", "it's", "'it''s'"), ("'{{ v.a }}'", "it's", "'it''s'"),
            ("\"{{ v.a }}\"", "a\"b", "\"a\"\"b\""), ("e'{{ v.a }}'", "a\\'b", "e'a\\\\''b'"),
            ("e{{ v.a }}", "\\'", "e '\\'''"),
            ("t_{{ v.a }}", 3, "t_3"), ("{{ v.a }}", .object(["a": 1]), "'{\"a\":1}'"),
            ("-- {{ v.a }}\n", "x\r\ny\rz", "-- x  y z\n"),
            ("/* {{ v.a }} */", "*/ DROP", "/*    DROP */"), ("$$ {{ v.a }} $$", "$$;", "$$ ; $$"),
        ] as [(String, JSONValue, String)]
    )
    func renders(template: String, value: JSONValue, expected: String) throws {
        #expect(try render(template, value) == expected)
    }

    /// Texts around a value; the value must change neither the number nor the kinds of the tokens.
    private static let templates = [
        "SELECT {{ v.a }}, 1", "SELECT '{{ v.a }}', 1", "SELECT \"{{ v.a }}\" FROM t", "SELECT 1 -- {{ v.a }}\n, 2",
        "SELECT 1 /* {{ v.a }} */, 2", "SELECT /* /* x */ {{ v.a }} */ 2", "SELECT $$ {{ v.a }} $$, 1",
        "SELECT $tag$ {{ v.a }} $tag$, 1", "SELECT $é$ {{ v.a }} $é$, 1", "SELECT e'{{ v.a }}', 1",
        "SELECT E'it\\'s', {{ v.a }}, '{{ v.a }}'", "SELECT 4 /{{ v.b }}* 2, {{ v.a }}",
        "SELECT 4 -{{ v.b }}- 2, {{ v.a }}",
        "SELECT a$b$, {{ v.a }}, '$b$'", "SELECT 'it''s', {{ v.a }}", "SELECT e{{ v.a }}, 1", "SELECT x'00', {{ v.a }}",
        "SELECT '{{ v.a }}''{{ v.a }}', 1", "-- don't\nSELECT {{ v.a }}", "SELECT e'\\\\', {{ v.a }}, 1",
        "SELECT e'a''\\'', {{ v.a }}, 'b'",
    ]

    @Test(arguments: templates.indices) func valuesNeverBecomeSQL(index: Int) throws {
        let seed = UInt64(index) &+ 20_260_106
        var random = SeededGenerator(seed: seed)
        let template = Self.templates[index]
        func text(_ value: String) throws -> String {
            try Template(template).render(.sql) { $0.last == "b" ? 2 : .string(value) }.text
        }
        let expected = SQLTokens.kinds(of: try text("x"))
        for _ in 0..<300 {
            let value = random.nastyText()
            #expect(SQLTokens.kinds(of: try text(value)) == expected, "seed \(seed): \(value.debugDescription)")
        }
    }
}

/// The kinds of the tokens of an SQL text, by PostgreSQL's lexical rules; written apart from the scanner under test.
enum SQLTokens {
    static func kinds(of text: String) -> [String] {
        var rest = Array(text.utf8)[...]
        var kinds: [String] = []
        while let byte = rest.first {
            if [9, 10, 13, 32].contains(byte) {
                rest.removeFirst()
            } else if rest.starts(with: "--".utf8) {
                rest = rest.drop { $0 != 10 && $0 != 13 }
            } else if rest.starts(with: "/*".utf8) {
                comment(&rest)
            } else if byte == 39 || (rest.dropFirst().first == 39 && (byte | 32) == 101) {
                let isEscape = byte != 39
                rest.removeFirst(isEscape ? 2 : 1)
                kinds.append(quoted(&rest, by: 39, escapes: isEscape) ? "text" : "open")
            } else if byte == 34 {
                rest.removeFirst()
                kinds.append(quoted(&rest, by: 34, escapes: false) ? "name" : "open")
            } else if byte == 36, let tag = tag(rest) {
                rest.removeFirst(tag.count)
                while !rest.isEmpty, !rest.starts(with: tag) { rest.removeFirst() }
                kinds.append(rest.isEmpty ? "open" : "text")
                rest.removeFirst(min(tag.count, rest.count))
            } else if isLetter(byte) {
                rest = rest.drop { isLetter($0) || isDigit($0) || $0 == 36 }
                kinds.append("word")
            } else if isDigit(byte) {
                rest = rest.drop(while: isDigit)
                kinds.append("number")
            } else {
                kinds.append(String(decoding: [byte], as: UTF8.self))
                rest.removeFirst()
            }
        }
        return kinds
    }

    private static func comment(_ rest: inout ArraySlice<UInt8>) {
        var depth = 0
        while !rest.isEmpty {
            if rest.starts(with: "/*".utf8) {
                depth += 1
                rest.removeFirst(2)
            } else if rest.starts(with: "*/".utf8) {
                depth -= 1
                rest.removeFirst(2)
                if depth == 0 { return }
            } else {
                rest.removeFirst()
            }
        }
    }

    /// Passes over quoted text; false when it does not end.
    private static func quoted(_ rest: inout ArraySlice<UInt8>, by quote: UInt8, escapes: Bool) -> Bool {
        while let byte = rest.popFirst() {
            if escapes, byte == 92 {
                rest = rest.dropFirst()
            } else if byte == quote {
                guard rest.first == quote else { return true }
                rest.removeFirst()
            }
        }
        return false
    }

    private static func tag(_ rest: ArraySlice<UInt8>) -> [UInt8]? {
        let inner = rest.dropFirst().prefix { isLetter($0) || isDigit($0) }
        guard rest.dropFirst(1 + inner.count).first == 36, inner.first.map(isDigit) != true else { return nil }
        return [36] + inner + [36]
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte >= 128
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
