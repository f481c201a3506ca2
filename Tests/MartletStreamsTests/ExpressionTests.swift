import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Expressions", .tags(.machine))
struct ExpressionTests {
    static let fields = [
        StreamField("i", .integer), StreamField("d", .double), StreamField("s", .text), StreamField("b", .boolean),
        StreamField("t", .timestamp), StreamField("none", .integer), StreamField("carrier code", .text),
    ]

    /// i = 7, d = 2.5, s = Ab%c, b = true, t = 2013-01-05T06:07:08.5Z, none = null.
    static let row: [StreamColumn] = [
        StreamColumn(.integers([7])), StreamColumn(.doubles([2.5])), StreamColumn(.texts(TextColumn(["Ab%c"]))),
        StreamColumn(.booleans([true])), StreamColumn(.timestamps([1_357_366_028_500_000])),
        StreamColumn(.integer, [.null]), StreamColumn(.texts(TextColumn(["UA"]))),
    ]

    private func value(_ text: String) throws -> StreamValue {
        try ExpressionChecker(Self.fields).compile(text).evaluate(Self.row, rows: 1)[0]
    }

    @Test(
        arguments: [
            ("1 + 2 * 3", .integer(7)), ("(1 + 2) * 3", .integer(9)), ("i - -1", .integer(8)), ("-i", .integer(-7)),
            ("7 / 2", .double(3.5)), ("7 // 2", .integer(3)), ("-7 // 2", .integer(-3)), ("-7 % 3", .integer(-1)),
            ("7 / 0", .null), ("i // 0", .null), ("i % 0", .null), ("d / 0", .null), ("i + d", .double(9.5)),
            ("9223372036854775807 + 1", .null), ("-9223372036854775808", .integer(.min)),
            ("-9223372036854775808 // -1", .null), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
            ("1e3", .double(1000)), (".5", .double(0.5)), ("2 * none", .null),
        ] as [(String, StreamValue)]
    )
    func arithmetic(_ text: String, _ expected: StreamValue) throws { #expect(try value(text) == expected) }

    /// SQL's logic of three values.
    @Test(
        arguments: [
            ("true and null", .null), ("false and null", .boolean(false)), ("null and false", .boolean(false)),
            ("true or null", .boolean(true)), ("null or true", .boolean(true)), ("false or null", .null),
            ("not null", .null), ("not b", .boolean(false)), ("not not b", .boolean(true)), ("none = none", .null),
            ("none is null", .boolean(true)), ("i is not null", .boolean(true)), ("i in (1, 7, null)", .boolean(true)),
            ("i in (1, null)", .null), ("i not in (1, 2)", .boolean(true)), ("i not in (1, null)", .null),
            ("i between 7 and 8", .boolean(true)), ("i not between 7 and 8", .boolean(false)),
            ("i = 7 and d < 3 or false", .boolean(true)), ("i <> 7", .boolean(false)), ("i != 7.5", .boolean(true)),
            ("'Z' < 'a'", .boolean(true)), ("s == 'Ab%c'", .boolean(true)), ("b > false", .boolean(true)),
            ("cast('nan' as double) = cast('nan' as double)", .boolean(true)),
            ("cast('nan' as double) > 1e308", .boolean(true)), ("isnan(d)", .boolean(false)),
            ("case when none > 1 then 'x' when i > 1 then 'y' else 'z' end", .text("y")),
            ("case when none > 1 then 'x' end", .null), ("case i when 6 then 1 when 7 then 2.5 end", .double(2.5)),
        ] as [(String, StreamValue)]
    )
    func logic(_ text: String, _ expected: StreamValue) throws { #expect(try value(text) == expected) }

    @Test(
        arguments: [
            ("lower(s)", .text("ab%c")), ("upper(s) || '!'", .text("AB%C!")), ("length('añ')", .integer(2)),
            ("trim('  x ')", .text("x")), ("substring('hello', 2, 3)", .text("ell")),
            ("substr('hello', 4)", .text("lo")),
            ("substring('hello', -1, 3)", .text("h")), ("substring('hello', 9)", .text("")), ("'it''s'", .text("it's")),
            ("s like 'A%c'", .boolean(true)), ("s like 'A_c'", .boolean(false)), ("s not like '%x%'", .boolean(true)),
            ("'' like '%'", .boolean(true)), ("'aab' like '%ab'", .boolean(true)),
            ("'abab' like 'a%b_'", .boolean(false)),
            ("starts_with(s, 'Ab')", .boolean(true)), ("contains(s, '')", .boolean(true)), ("s || null", .null),
            ("coalesce(none, i)", .integer(7)), ("coalesce(none, d)", .double(2.5)), ("nullif(i, 7)", .null),
            ("greatest(1, none, 3)", .integer(3)), ("least(2, 1.5)", .double(1.5)), ("abs(-2.5)", .double(2.5)),
            ("round(2.5)", .double(3)), ("round(-2.345, 2)", .double(-2.35)), ("floor(-0.5)", .double(-1)),
            ("ceil(0.2)", .double(1)), ("sqrt(-1)", .null), ("power(2, 10)", .double(1024)), ("ln(0)", .null),
            ("round(exp(1), 5)", .double(2.71828)), ("ln(exp(0))", .double(0)),
            ("\"carrier code\"", .text("UA")), ("I + 1", .integer(8)),
        ] as [(String, StreamValue)]
    )
    func functions(_ text: String, _ expected: StreamValue) throws { #expect(try value(text) == expected) }

    @Test(
        arguments: [
            ("hour(t)", .integer(6)), ("minute(t)", .integer(7)), ("second(t)", .integer(8)), ("day(t)", .integer(5)),
            ("month(t)", .integer(1)), ("year(t)", .integer(2013)), ("dayofweek(t)", .integer(6)),
            ("dayofweek(timestamp '1969-12-31')", .integer(3)), ("epoch(t)", .double(1_357_366_028.5)),
            ("epoch_us(t)", .integer(1_357_366_028_500_000)),
            ("date_trunc('hour', t) = '2013-01-05 06:00'", .boolean(true)),
            ("date_trunc('week', t) = timestamp '2012-12-31'", .boolean(true)),
            ("date_trunc('quarter', t) = timestamp '2013-01-01T00:00:00Z'", .boolean(true)),
            ("date_trunc('day', timestamp '1969-12-31 23:00') = '1969-12-31'", .boolean(true)),
            ("t - interval '8.5s' = '2013-01-05 06:07'", .boolean(true)),
            ("seconds(t - timestamp '2013-01-05')", .double(22_028.5)), ("t > '2013'", nil),
            ("t - t < interval '1s'", .boolean(true)),
            ("seconds(2 * interval '1m' + interval '1s')", .double(121)),
            ("interval '1h' / interval '1m'", .double(60)),
            ("cast(t as text)", .text("2013-01-05T06:07:08.500000Z")), ("cast('12x' as integer)", .null),
            ("cast(2.5 as integer)", .integer(2)), ("cast(3.5 as int)", .integer(4)), ("cast(1e300 as integer)", .null),
            ("cast('2013-02-30' as timestamp)", .null), ("cast('Yes' as boolean)", .boolean(true)),
            ("cast(b as integer)", .integer(1)), ("cast(null as double)", .null),
        ] as [(String, StreamValue?)]
    )
    func timesAndCasts(_ text: String, _ expected: StreamValue?) throws {
        if let expected {
            #expect(try value(text) == expected)
        } else {
            #expect(throws: ExpressionFault.self) { try value(text) }
        }
    }

    /// Where the fault is, in bytes, and words that the reason and the remedy have.
    @Test(arguments: [
        ("", 0, "the expression ends where a value is expected"), ("1 +", 3, "ends"), ("(1", 2, "\")\""),
        ("1 2", 2, "operator or the end"), ("'abc", 0, "never closed"), ("a ? b", 2, "\"?\" has no meaning"),
        ("carier + 1", 0, "there is no column carier"), ("i + s", 4, "integer + text"), ("not i", 4, "condition"),
        ("i = s", 4, "integer and text cannot be compared"), ("lenght(s)", 0, "did you mean length?"),
        ("length(i)", 7, "argument 1 of length is a text"), ("round()", 0, "1 or more arguments"),
        ("cast(t as integer)", 5, "timestamp cannot be made integer"), ("cast(i as intt)", 10, "did you mean int?"),
        ("interval 'soon'", 9, "not a duration"), ("timestamp 'soon'", 10, "not an instant"),
        ("date_trunc('hours', t)", 11, "did you mean hour?"), ("case end", 5, "a value"),
        ("t + 1", 0, "has no meaning"),
        ("i not 5", 6, "IN, LIKE or BETWEEN"), ("1 and true", 0, "condition"), ("t = s", 4, "text cannot stand"),
        ("case when b then 1 else 'x' end", 24, "cannot be the results of one CASE"), ("ö + i", 0, "no column"),
    ])
    func faults(_ text: String, _ offset: Int, _ words: String) {
        let fault = #expect(throws: ExpressionFault.self) { try value(text) }
        #expect(fault?.offset == offset)
        let said = "\(fault?.reason ?? "") \(fault?.remedy ?? "")"
        #expect(said.contains(words), "\(said)")
    }

    @Test func faultsAreShownInTheText() {
        let fault = ExpressionFault(4, "this is wrong", remedy: "mend it", isReadable: true)
        #expect(
            fault.error(in: "1 + x\n", of: "filter of flights").description == """
                error MT6032: filter of flights: this is wrong (character 5)
                  why    1 + x
                             ^
                  fix    mend it
                """
        )
    }

    @Test func limitsHold() {
        let nested = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
        let long = String(repeating: "1+", count: 5000) + "1"
        let minus = String(repeating: "- ", count: 5000) + "i"
        #expect(throws: ExpressionFault.self) { try value(nested) }
        #expect(throws: ExpressionFault.self) { try value(long) }
        #expect(throws: ExpressionFault.self) { try value(String(repeating: " ", count: 70_000)) }
        #expect((try? value(minus)) == .integer(7))
    }

    /// Columns give what rows give one by one.
    @Test func wholeColumns() throws {
        let columns = [
            StreamColumn(.integer, [.integer(1), .null, .integer(3), .integer(.max)]),
            StreamColumn(.double, [.null, .double(2), .double(.nan), .double(0)]),
        ]
        let checker = ExpressionChecker([StreamField("i", .integer), StreamField("d", .double)])
        for text in ["i + 1", "d / i", "i > d or d is null", "case when i > 1 then i else d end", "i in (1, 3, d)"] {
            let typed = try checker.compile(text)
            let whole = typed.evaluate(columns, rows: 4)
            for row in 0..<4 {
                let single = typed.evaluate(columns.map { $0.selecting([Int32(row)]) }, rows: 1)
                #expect(String(describing: single[0]) == String(describing: whole[row]), "\(text), row \(row)")
            }
        }
    }
}
