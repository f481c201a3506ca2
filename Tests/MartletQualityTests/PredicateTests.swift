import Foundation
import MartletCore
import MartletQuality
import Testing

/// Predicates held against the verdicts of Python's own libraries, which Tests/Peers/quality_predicates.py wrote down:
/// Python 3.11's `datetime.strptime`, `json.loads` and `re`, python-dateutil 4.0.0, and jsonschema 4.26.0.
@Suite
struct PredicateTests {
    @Test
    func strftimeFormatsAreStrptimes() throws {
        for line in try Self.lines(of: "strftime") {
            let format = try #require(line["format"]?.stringValue)
            let text = try #require(line["text"]?.stringValue)
            let verdict = (try? StrftimeFormat(format)).map { JSONValue.bool($0.accepts(text)) } ?? .null
            #expect(verdict == line["accepts"], "\(format) \(text.debugDescription)")
        }
    }

    @Test
    func datesAreThoseOfDateutil() throws {
        for line in try Self.lines(of: "dateutil") {
            let text = try #require(line["text"]?.stringValue)
            #expect(.bool(DateutilParser().accepts(text)) == line["accepts"], "\(text.debugDescription)")
        }
    }

    @Test
    func jsonIsWhatPythonLoads() throws {
        for line in try Self.lines(of: "json_text") {
            let text = try #require(line["text"]?.stringValue)
            #expect(.bool(PythonJSONText().accepts(text)) == line["accepts"], "\(text.prefix(80).debugDescription)")
        }
    }

    @Test
    func schemasMeanWhatTheyMeanInPython() throws {
        let lines = try Self.lines(of: "json_schema")
        let texts = try #require(Self.texts(of: lines))
        for line in lines.dropFirst() {
            let value = try #require(line["schema"])
            let schema = try? JSONSchema(value)
            let verdicts = texts.map { text in
                schema.flatMap { try? $0.accepts(text) }.map { $0 ? "t" : "f" } ?? "e"
            }
            // A whole number beyond 64 bits is a double here; Python itself fails on multiples of what is not finite.
            let isOld = value["$schema"]?.stringValue?.contains("draft-04") ?? false
            let except = isOld ? ["12345678901234567890"] : value["multipleOf"] == nil ? [] : ["1e400", "NaN"]
            try Self.compare(verdicts, with: line, texts, "\(value.jsonText)", except: except)
        }
    }

    @Test
    func regularExpressionsFindWhatPythonFinds() throws {
        let lines = try Self.lines(of: "regex")
        let texts = try #require(Self.texts(of: lines))
        for line in lines.dropFirst() {
            let pattern = try #require(line["pattern"]?.stringValue)
            // The engine has no conditional groups and no flag for ASCII, and says so.
            if pattern.contains("(?(") || pattern.contains("(?a)") {
                #expect(throws: MartletError.self) { try PythonRegex(pattern) }
                continue
            }
            let regex = try? PythonRegex(pattern)
            let verdicts = texts.map { text in regex.map { $0.accepts(text) ? "t" : "f" } ?? "e" }
            try Self.compare(verdicts, with: line, texts, pattern)
        }
    }

    @Test(
        arguments: [
            ("a(?=b)", RegexObstacle.lookahead, 1), ("(?!a)b", .lookahead, 0), ("x(?<=a)", .lookbehind, 1),
            ("(?<!a)b", .lookbehind, 0), (#"(a)\1"#, .backreference, 3), ("(?P<n>a)(?P=n)", .backreference, 8),
            ("(a)?(?(1)b|c)", .condition, 4), ("(?>a)", .atomicGroup, 0), ("a++", .possessiveQuantifier, 2),
        ]
    )
    func whatAnEngineCannotRunIsNamed(_ pattern: String, _ obstacle: RegexObstacle, _ place: Int) {
        let found = RegexObstacle.first(in: pattern)
        #expect(found?.obstacle == obstacle)
        #expect(found?.place == place)
    }

    @Test(
        arguments: [
            "", "abc", #"^\d+(?:a|b)*?$"#, "[(?=)]", #"\(?=a"#, #"[\1]"#, "(?i)a", "(?P<n>a)", "a{2}b", "a+?",
            #"a\+\+"#,
        ]
    )
    func whatAnyEngineRunsIsNotNamed(_ pattern: String) { #expect(RegexObstacle.first(in: pattern) == nil) }

    @Test(
        arguments: [
            ("%Y-%q", "%q"), ("%Y %", "lone %"), ("%Y %Y", "twice"), ("%-d", "%-"),
        ]
    )
    func aFormatThatIsNoneIsExplained(_ format: String, _ reason: String) throws {
        let error = try #require(#expect(throws: MartletError.self) { try StrftimeFormat(format) })
        #expect(error.code == .dateFormatInvalid)
        #expect(error.reason?.contains(reason) ?? false)
    }

    @Test
    func aSchemaTellsWhereItIsWrong() throws {
        let schema = JSONValue.object(["properties": .object(["a": .object(["minimum": .string("1")])])])
        let error = try #require(#expect(throws: MartletError.self) { try JSONSchema(schema) })
        #expect(error.code == .jsonSchemaInvalid)
        #expect(error.message.contains("#/properties/a/minimum"))
    }

    @Test
    func aSchemaThatGoesInCirclesEnds() throws {
        let schema = try JSONSchema(.object(["$ref": .string("#")]))
        let error = try #require(#expect(throws: MartletError.self) { try schema.accepts("1") })
        #expect(error.code == .jsonSchemaInvalid)
    }

    private static func lines(of name: String) throws -> [JSONValue] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let url = tests.appendingPathComponent("Goldens/quality/\(name).jsonl")
        return try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n").map { line in
            try #require(PythonJSONText().value(String(line)))
        }
    }

    private static func texts(of lines: [JSONValue]) -> [String]? {
        guard case .array(let texts) = lines.first?["texts"] else { return nil }
        return texts.compactMap(\.stringValue)
    }

    private static func compare(
        _ verdicts: [String],
        with line: JSONValue,
        _ texts: [String],
        _ name: String,
        except: [String] = []
    ) throws {
        let expected = try #require(line["verdicts"]?.stringValue).map(String.init)
        for (index, text) in texts.enumerated() where verdicts[index] != expected[index] && !except.contains(text) {
            Issue.record("\(name) of \(text.debugDescription): \(verdicts[index]), in Python \(expected[index])")
        }
    }
}
