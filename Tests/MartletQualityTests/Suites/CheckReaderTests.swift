import MartletCore
import MartletQuality
import Testing

@Suite("What expectations mean")
struct CheckReaderTests {
    static func check(_ type: String, _ arguments: String, shape: SuiteShape = .one) throws(SuiteProblems) -> Check? {
        guard let json = try? ExactJSON.value(arguments), case .object(let members) = json else { return nil }
        let suite = Suite(name: "s", expectations: [Expectation(type: type, arguments: members)], shape: shape)
        return try CheckReader.checks(of: suite).first
    }

    static func messages(_ type: String, _ arguments: String) -> [String] {
        do {
            _ = try check(type, arguments)
            return []
        } catch {
            return error.problems.map { "\($0.code) \($0.message) \($0.remedy ?? "")" }
        }
    }

    @Test("are all 60 of Great Expectations and one of our own")
    func catalog() {
        let peers = ExpectationCatalog.all.filter(\.isInGreatExpectations)
        // One of the 60 cannot run there and is read as another.
        #expect(peers.count == 59)
        #expect(Set(ExpectationCatalog.all.map(\.type)).count == ExpectationCatalog.all.count)
        #expect(ExpectationCatalog.definition(of: "expect_multicolumn_values_to_be_unique") != nil)
    }

    @Test("is read from numbers in text, dates without zeros, and words for flags")
    func coercion() throws {
        let check = try Self.check(
            "expect_column_values_to_be_between",
            #"{"column": "x", "min_value": " 5 ", "max_value": "2020-1-1", "strict_min": "yes", "mostly": "0.9"}"#
        )
        #expect(check?.mostly == 0.9)
        #expect(
            check?.rule
                == .values(
                    column: "x",
                    .between(Bounds(minimum: 5, maximum: "2020-01-01", isMinimumStrict: true))
                )
        )
        let lengths = try Self.check("expect_column_value_lengths_to_be_between", #"{"column": "x", "min_value": 1.7}"#)
        #expect(lengths?.rule == .values(column: "x", .lengthBetween(Bounds(minimum: 1))))
    }

    @Test(
        "is refused with the place, and the nearest name",
        arguments: [
            ("expect_column_values_to_be_betwen", "{}", "MT5002", "did you mean expect_column_values_to_be_between?"),
            (
                "expect_column_values_to_be_between", #"{"column": "x", "min_valu": 1, "max_value": 2}"#, "MT5003",
                "did you mean min_value?"
            ),
            ("expect_column_values_to_be_between", #"{"column": "x"}"#, "MT5005", "neither min_value nor max_value"),
            (
                "expect_column_values_to_be_between", #"{"column": "x", "min_value": 1, "mostly": 1.5}"#, "MT5004",
                "expectations[0].kwargs.mostly is 1.5, and has to be a number from 0 to 1"
            ),
            ("expect_column_values_to_be_between", #"{"column": "x", "min_value": "abc"}"#, "MT5004", "min_value"),
            ("expect_column_values_to_be_between", #"{"column": "x", "min_value": "2020-02-30"}"#, "MT5004", "date"),
            ("expect_column_values_to_be_in_set", #"{"column": "x", "value_set": null}"#, "MT5004", "value_set"),
            ("expect_column_values_to_be_null", "{}", "MT5005", "column is missing"),
            (
                "expect_column_values_to_match_strftime_format", #"{"column": "x", "strftime_format": "%Q"}"#, "MT5004",
                "strptime"
            ),
            (
                "expect_column_values_to_match_like_pattern", #"{"column": "x", "like_pattern": "a", "escape": "ab"}"#,
                "MT5004", "a single character"
            ),
            ("expect_compound_columns_to_be_unique", #"{"column_list": ["a"]}"#, "MT5004", "at least 2 columns"),
            ("expect_table_row_count_to_be_between", #"{"min_value": 3, "max_value": 1}"#, "MT5004", "swap them"),
            ("unexpected_rows_expectation", #"{"unexpected_rows_query": "SELECT {batch"}"#, "MT5004", "a query"),
            (
                "expect_column_values_to_be_null", #"{"column": "x", "row_condition": {"type": "nulity"}}"#, "MT5007",
                "did you mean nullity?"
            ),
            (
                "expect_column_values_to_be_null",
                #"{"column": "x", "row_condition": "col(\"a\") > 5 and col(\"b\") < 3", "condition_parser": "great_expectations"}"#,
                "MT5007", "which this parser cannot read"
            ),
            ("expect_column_min_to_be_between", #"{"column": "x", "min_value": {"$PARAMETER": "lo"}}"#, "MT5006", "lo"),
        ]
    )
    func refused(_ type: String, _ arguments: String, _ code: String, _ part: String) {
        let messages = Self.messages(type, arguments)
        #expect(messages.contains { $0.hasPrefix(code) && $0.contains(part) }, "\(messages)")
    }

    @Test("all mistakes of a suite are told together")
    func together() {
        let suite = Suite(
            name: "s",
            expectations: [Expectation(type: "nope"), Expectation(type: "expect_column_values_to_be_null")]
        )
        do {
            _ = try CheckReader.checks(of: suite)
            Issue.record("read")
        } catch {
            #expect(error.problems.map(\.code) == [.expectationUnknown, .argumentMissing])
        }
    }

    @Test(
        "row conditions are read in all their forms",
        arguments: [
            (#"{"row_condition": "x > 5"}"#, RowCondition.verbatim("x > 5")),
            (
                #"{"row_condition": "col(\"x\") >= -1.5", "condition_parser": "great_expectations"}"#,
                .comparison(column: "x", .greaterOrEqual, -1.5)
            ),
            (
                #"{"row_condition": "col(\"x y\").notNull()", "condition_parser": "great_expectations__experimental__"}"#,
                .nullity(column: "x y", isNull: false)
            ),
            (
                #"{"row_condition": "col(\"d\") < date(\"2024-01-01\")", "condition_parser": "great_expectations"}"#,
                .comparison(column: "d", .less, "2024-01-01")
            ),
            (
                #"""
                {"row_condition": {"type": "or", "conditions": [
                  {"type": "comparison", "column": {"name": "a"}, "operator": "IN", "parameter": [1, 2]},
                  {"type": "nullity", "column": {"name": "b"}, "is_null": true}]}}
                """#,
                .or([.comparison(column: "a", .isIn, .array([1, 2])), .nullity(column: "b", isNull: true)])
            ),
        ]
    )
    func conditions(_ arguments: String, _ condition: RowCondition) throws {
        let json = arguments.replacing(
            "{\"row_condition\"",
            with: "{\"column\": \"x\", \"row_condition\"",
            maxReplacements: 1
        )
        #expect(try Self.check("expect_column_values_to_be_null", json)?.rows == condition)
    }

    @Test(
        "parameters are filled in, with the arithmetic of 0.18",
        arguments: [
            ("lo", "5"), ("lo * 2 + 1", "11"), ("lo / 2", "2.5"), ("-lo ^ 2", "25"), ("2 ^ 3 ^ 2", "512"),
            ("round(lo * 0.9)", "4"), ("trunc(7.9)", "7"), ("abs(1 - lo)", "4"), ("PI", "3.141592653589793"),
            ("now() - timedelta(days=1)", #""2026-01-01T00:00:00.000000""#),
            ("datetime(2024, 2, 29)", #""2024-02-29T00:00:00.000000""#),
        ]
    )
    func parameters(_ expression: String, _ value: String) throws {
        let suite = Suite(
            name: "s",
            expectations: [
                Expectation(
                    type: "expect_column_min_to_be_between",
                    arguments: ["column": "x", "min_value": .object(["$PARAMETER": .string(expression)])]
                )
            ],
            parameters: ["lo": 3]
        )
        let now = Timestamp(rfc3339: "2026-01-02T00:00:00Z")
        let read = try CheckReader.read(suite, parameters: ["lo": 5], now: now)
        #expect(read.suite.expectations[0].arguments["min_value"].map(ExactJSON.line) == value)
    }

    @Test(
        "expressions that cannot be computed are refused, also hostile ones",
        arguments: [
            "lo /", "1 / 0", "lo + timedelta(days=1)", "nope * 2", "(lo", "foo(1)", "urn:great_expectations:x",
            String(repeating: "(", count: 3000), String(repeating: "2^", count: 2000) + "2",
        ]
    )
    func expressions(_ expression: String) {
        let arguments = ExactJSON.line(
            .object(["column": "x", "min_value": .object(["$PARAMETER": .string(expression)])])
        )
        #expect(Self.messages("expect_column_min_to_be_between", arguments).contains { $0.hasPrefix("MT5006") })
    }

    @Test("a null set passes every value in a suite of 0.18, as it did there")
    func nullSet() throws {
        let check = try Self.check(
            "expect_column_values_to_be_in_set",
            #"{"column": "x", "value_set": null, "parse_strings_as_datetimes": true}"#,
            shape: .zero18
        )
        #expect(check?.rule == .values(column: "x", .notInSet([])))
    }

    @Test(
        "reads as a sentence",
        arguments: [
            (
                #"{"column": "x", "min_value": 0, "max_value": 5, "mostly": 0.99}"#,
                "values of x are from 0 to 5, in at least 99 % of rows"
            ),
            (#"{"column": "x", "min_value": 0, "strict_min": true}"#, "values of x are more than 0"),
            (
                #"{"column": "x", "max_value": {"$PARAMETER": "hi"}, "row_condition": "y > 1"}"#,
                "values of x are at most $hi, where y > 1"
            ),
        ]
    )
    func prose(_ arguments: String, _ sentence: String) throws {
        guard case .object(let members) = try ExactJSON.value(arguments) else { return }
        let expectation = Expectation(type: "expect_column_values_to_be_between", arguments: members)
        #expect(ExpectationProse.sentence(expectation) == sentence)
    }
}
