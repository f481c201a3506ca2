import MartletCore
import Testing

@testable import MartletSpark

@Suite("Scripts of Spark SQL")
struct SparkSQLScriptTests {
    @Test(
        "statements end at semicolons that mean it",
        arguments: [
            ("", []),
            (" ;; \n", []),
            ("SELECT 1", ["1: SELECT 1"]),
            ("SELECT 1;\nSELECT 2;\n", ["1: SELECT 1", "2: SELECT 2"]),
            ("-- a; b\nSELECT 1", ["2: SELECT 1"]),
            ("/* ; /* ; */ ; */ SELECT 1 /* ; */ ; SELECT 2", ["1: SELECT 1 /* ; */", "1: SELECT 2"]),
            (#"SELECT ';', ";", `;`; SELECT 2"#, [#"1: SELECT ';', ";", `;`"#, "1: SELECT 2"]),
            (#"SELECT 'a\';b'; SELECT 2"#, [#"1: SELECT 'a\';b'"#, "1: SELECT 2"]),
            (#"SELECT r'a\'; SELECT 2"#, [#"1: SELECT r'a\'"#, "1: SELECT 2"]),
            ("SELECT 'a'';b'; SELECT 2", ["1: SELECT 'a'';b'", "1: SELECT 2"]),
            ("SELECT /*+ BROADCAST(t) */ 1; SELECT 2", ["1: SELECT /*+ BROADCAST(t) */ 1", "1: SELECT 2"]),
            ("SELECT 3 - -1; -- end", ["1: SELECT 3 - -1"]),
            ("SELECT 1 -- on \\\n; still\n; SELECT 2", ["1: SELECT 1 -- on \\\n; still", "3: SELECT 2"]),
            ("begin\n SELECT 1; SELECT 2;\nEND;", ["1: begin\n SELECT 1; SELECT 2;\nEND;"]),
            ("SELECT begin FROM t; SELECT 2", ["1: SELECT begin FROM t", "1: SELECT 2"]),
            ("(SELECT 1);\n\n  (SELECT 2)", ["1: (SELECT 1)", "3: (SELECT 2)"]),
        ]
    )
    func statements(script: String, expected: [String]) {
        #expect(SparkSQLScript(script).statements.map { "\($0.line): \($0.text)" } == expected)
    }

    @Test(
        "values become what Spark reads as those values",
        arguments: [
            ("SELECT {{ a }}", #"SELECT 'it\'s \\ "x"'"#),
            ("SELECT '{{ a }}'", #"SELECT 'it\'s \\ "x"'"#),
            (#"SELECT "{{ a }}""#, #"SELECT "it's \\ \"x\"""#),
            ("SELECT r'{{ a }}'", #"SELECT r'its \ "x"'"#),
            ("SELECT `{{ b }}`", "SELECT `a``b`"),
            ("SELECT -{{ n }}", "SELECT -(-3)"),
            ("SELECT /*+ REPARTITION({{ n }}) */ 1", "SELECT /*+ REPARTITION((-3)) */ 1"),
            ("SELECT 1 /* {{ c }} */", "SELECT 1 /*    DROP */"),
            ("SELECT 1 -- {{ d }}\n", "SELECT 1 -- x DROP\n"),
            // A backslash at the end would make the next line a part of the comment.
            ("SELECT 1 -- {{ e }}\n+ {{ n }}", "SELECT 1 -- x \n+ (-3)"),
            ("SELECT {{ t }}, {{ z }}", "SELECT TRUE, NULL"),
        ]
    )
    func values(source: String, expected: String) throws {
        let values: [String: JSONValue] = [
            "a": .string(#"it's \ "x""#), "b": .string("a`b"), "n": .integer(-3), "c": .string("*/ DROP"),
            "d": .string("x\nDROP"), "t": .bool(true), "z": .null,
            "e": .string("x\\"),
        ]
        #expect(try Template(source).render(.sparkSQL) { values[$0[0]] }.text == expected)
    }
}
