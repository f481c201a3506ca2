import MartletCore
import Testing

@Suite struct ExpressionTests {
    private static let values: [String: JSONValue] = [
        "params.month": 3, "params.name": "Ab", "params.full": true, "params.none": .null,
        "params.big": 9_007_199_254_740_993,
        "steps.my-step.values.auc": 0.7,
    ]

    private func evaluate(_ text: String) throws(TemplateError) -> JSONValue {
        let template = try Template("{{ \(text) }}")
        guard let expression = template.soleExpression else { throw TemplateError(offset: 0, reason: "none") }
        return try expression.evaluate { Self.values[$0.joined(separator: ".")] }
    }

    @Test(
        arguments: [
            ("1", 1), ("-2", -2), ("1.5e3", 1500.0), ("'it''s'", .null), ("'a\\'b'", "a'b"), ("\"x\"", "x"),
            ("true", true),
            ("null", .null), ("params.month", 3), ("params.month == 3", true), ("params.month == 3.0", true),
            ("params.month != 3", false), ("2 < 10", true), ("'2' < '10'", false), ("3 >= 3 and not false", true),
            ("true or missing.name", true), ("false and missing.name", false), ("not not true", true),
            ("(1 == 2) or (2 == 2)", true), ("missing.x | default('d')", "d"), ("params.none | default(1)", 1),
            ("params.name | lower", "ab"), ("params.name | upper", "AB"), ("params.name | json", "\"Ab\""),
            ("steps.my-step.values.auc >= 0.7", true), ("params.big == 9007199254740992", false),
            ("params.big > 9007199254740992", true), ("1 == '1'", false), ("null == null", true),
            ("'}}' == '}}'", true),
            ("params.month==3", true), ("params.name == 'Ab' and params.full", true),
        ] as [(String, JSONValue)]
    )
    func evaluates(text: String, expected: JSONValue) throws {
        if text == "'it''s'" {
            #expect(throws: TemplateError.self) { try evaluate(text) }
        } else {
            #expect(try evaluate(text) == expected)
        }
    }

    @Test(arguments: [
        ("", 4), ("1 +", 5), ("params.", 10), ("a = b", 5), ("(1", 6), ("1)", 4), ("'x", 0), ("1 < 2 < 3", 9),
        ("x | nope", 7), ("x | default", 15), ("-", 3), ("1.2.3", 3), ("a b", 5), ("@", 3), ("not", 7), ("a..b", 5),
    ])
    func refusesAtItsPlace(text: String, offset: Int) {
        let error = #expect(throws: TemplateError.self) { try Template("{{ \(text) }}") }
        #expect(error?.offset == offset, "\(error?.description ?? "")")
    }

    @Test(arguments: ["missing.x", "1 < 'a'", "true < false", "not 1", "1 and true", "params.month | default(1) | x"])
    func failsToEvaluate(text: String) { #expect(throws: TemplateError.self) { try evaluate(text) } }

    @Test func depthAndLengthAreLimited() {
        let nested = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
        #expect(throws: TemplateError.self) { try evaluate(nested) }
        for joiner in [" or ", " and ", " | lower | "] {
            #expect(throws: TemplateError.self) {
                try evaluate(Array(repeating: "true", count: 100_000).joined(separator: joiner))
            }
        }
        #expect(throws: TemplateError.self) { try evaluate("1" + String(repeating: " | lower", count: 100_000)) }
    }

    @Test func namesKnowTheirOffsets() throws {
        let template = try Template("é {{ params.a }} {{ x.y | default(z.w) }}")
        #expect(template.names.map(\.offset) == [6, 21, 35])
        #expect(template.names.map { $0.path.joined(separator: ".") } == ["params.a", "x.y", "z.w"])
    }

    @Test(arguments: ["plain", "{ x }", "}}", "{", "{ {", ""])
    func textWithoutTemplatesIsKept(text: String) throws {
        #expect(try Template(text).render { _ in nil }.text == text)
    }
}
