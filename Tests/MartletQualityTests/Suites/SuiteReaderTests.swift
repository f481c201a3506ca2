import MartletCore
import MartletQuality
import Testing

@Suite("Suites in files")
struct SuiteReaderTests {
    static let one = """
        {
          "expectations": [
            {
              "description": "d",
              "foo": [1, 1.0],
              "id": "e1",
              "kwargs": {"column": "x", "min_value": 0.0, "max_value": 5},
              "meta": {},
              "notes": ["a", "b"],
              "severity": "warning",
              "type": "expect_column_values_to_be_between"
            },
            {"kwargs": {}, "type": "expect_table_row_count_to_be_between", "notes": null}
          ],
          "id": "s1", "meta": {"great_expectations_version": "1.24.1"}, "name": "flights", "notes": null, "more": {}
        }
        """

    static let old = """
        {
          "data_asset_type": null, "expectation_suite_name": "flights", "ge_cloud_id": null,
          "evaluation_parameters": {"hi": 5},
          "expectations": [
            {
              "expectation_type": "expect_column_pair_values_A_to_be_greater_than_B",
              "kwargs": {"column_A": "a", "column_B": "b", "parse_strings_as_datetimes": true},
              "meta": {"notes": {"format": "markdown", "content": ["because"]}}
            },
            {
              "expectation_type": "expect_column_max_to_be_between",
              "kwargs": {
                "column": "x", "max_value": {"$PARAMETER": "hi", "$PARAMETER.hi": 7},
                "row_condition": "col(\\"y\\") >= 2", "condition_parser": "great_expectations__experimental__"
              },
              "meta": {}
            }
          ],
          "meta": {"great_expectations_version": "0.18.22"}
        }
        """

    @Test("of both versions of Great Expectations come back unchanged", arguments: [one, old])
    func lossless(_ text: String) throws {
        let suite = try SuiteReader.suite(text: text, name: "other")
        #expect(suite.name == "flights")
        #expect(SuiteWriter.json(suite) == (try ExactJSON.value(text)))
        #expect(try ExactJSON.value(SuiteWriter.text(suite)) == (try ExactJSON.value(text)))
    }

    @Test("of 0.18 become ones of 1.x, and what is left out is told")
    func raise() throws {
        let converted = try SuiteReader.suite(text: Self.old, name: "x").converted(to: .one)
        let expectations = converted.suite.expectations
        #expect(expectations[0].type == "expect_column_pair_values_a_to_be_greater_than_b")
        #expect(expectations[0].notes == "because")
        #expect(expectations[0].arguments["parse_strings_as_datetimes"] == nil)
        #expect(expectations[1].arguments["max_value"] == .object(["$PARAMETER": "hi"]))
        #expect(expectations[1].arguments["row_condition"]?["operator"] == ">=")
        #expect(expectations[1].arguments["condition_parser"] == nil)
        #expect(SuiteWriter.json(converted.suite)["suite_parameters"] == .object(["hi": 5]))
        #expect(converted.notes.contains { $0.contains("parse_strings_as_datetimes") })
        #expect(converted.notes.contains { $0.contains("last value of $hi") })
    }

    @Test("go to 0.18 and come back the same")
    func lower() throws {
        let suite = try SuiteReader.suite(text: Self.one, name: "x")
        let old = suite.converted(to: .zero18)
        #expect(old.suite.expectations[0].meta["notes"]?["content"] == .array(["a", "b"]))
        let back = old.suite.converted(to: .one).suite
        #expect(back.expectations == suite.expectations)
        #expect(back.notes == suite.notes)
    }

    @Test("in the short form stand for expectations, columns in their order")
    func short() throws {
        let json = try ExactJSON.value(
            """
            {
              "suite": "flights", "severity": "warning", "parameters": {"hi": 5},
              "columns": {
                "z": {"not_null": 0.5, "between": [0, null], "mostly": 0.99, "where": "x > 1"},
                "a": [{"in": ["p", "q"], "severity": "info", "name": "known"}, {"unique": true, "min": [1, 2], "mostly": 0.9}]
              },
              "expect": [
                {"row_count_between": [1, 100]},
                {"sql": "dep < arr", "name": "flies", "severity": "critical"},
                {"greater_or_equal": ["a", "b"], "ignore_row_if": "neither"},
                {"column": "a", "quantiles": {"0.5": [1, 2]}},
                {"type": "expect_column_to_exist", "kwargs": {"column": "a"}},
                {"no_rows": "SELECT * FROM {batch}"}
              ]
            }
            """
        )
        let suite = try SuiteReader.suite(json, name: "x", columnOrder: ["z", "a"])
        let lines = suite.expectations.map {
            "\($0.type) \(ExactJSON.line(.object($0.arguments))) \($0.severity.rawValue)"
        }
        #expect(
            lines == [
                #"expect_column_values_to_not_be_null {"column":"z","mostly":0.5,"row_condition":"x > 1"} warning"#,
                #"expect_column_values_to_be_between {"column":"z","min_value":0,"mostly":0.99,"row_condition":"x > 1"} warning"#,
                #"expect_column_values_to_be_in_set {"column":"a","value_set":["p","q"]} info"#,
                #"expect_column_values_to_be_unique {"column":"a","mostly":0.9} warning"#,
                #"expect_column_min_to_be_between {"column":"a","max_value":2,"min_value":1} warning"#,
                #"expect_table_row_count_to_be_between {"max_value":100,"min_value":1} warning"#,
                #"expect_rows_to_satisfy_sql {"condition":"dep < arr"} critical"#,
                #"expect_column_pair_values_a_to_be_greater_than_b {"column_A":"a","column_B":"b","ignore_row_if":"neither","or_equal":true} warning"#,
                #"expect_column_quantile_values_to_be_between {"column":"a","quantile_ranges":{"quantiles":[0.5],"value_ranges":[[1,2]]}} warning"#,
                #"expect_column_to_exist {"column":"a"} warning"#,
                #"unexpected_rows_expectation {"unexpected_rows_query":"SELECT * FROM {batch}"} warning"#,
            ]
        )
        #expect(suite.expectations[2].description == "known")
        #expect(try CheckReader.checks(of: suite).count == lines.count)
    }

    @Test("in the short form are written as they are read")
    func yaml() throws {
        let suite = Suite(
            name: "flights",
            expectations: [
                Expectation(type: "expect_column_values_to_not_be_null", arguments: ["column": "distance"]),
                Expectation(
                    type: "expect_column_values_to_be_between",
                    arguments: ["column": "distance", "min_value": 0.0, "max_value": 5000]
                ),
                Expectation(
                    type: "expect_column_values_to_match_regex",
                    arguments: ["column": "the tail", "regex": "^N", "mostly": 0.9]
                ),
                Expectation(type: "expect_table_row_count_to_equal", arguments: ["value": 5], severity: .info),
                Expectation(
                    type: "expect_column_values_to_be_between",
                    arguments: ["column": "a", "min_value": 1, "meta": 2]
                ),
            ]
        )
        #expect(
            SuiteWriter.yaml(suite) == """
                suite: flights
                columns:
                  distance: { not_null: true, between: [0.0, 5000] }
                  "the tail": { matches: "^N", mostly: 0.9 }
                expect:
                  - { row_count: 5, severity: info }
                  - { kwargs: { column: a, meta: 2, min_value: 1 }, type: expect_column_values_to_be_between }

                """
        )
    }

    @Test(
        "that are none are refused with what is wrong",
        arguments: [
            ("[]", "array"), ("{}", "neither expectations nor columns"), ("{", "line 1"),
            (#"{"expectations": 5}"#, "expectations is integer"),
            (#"{"expectations": [5]}"#, "expectations[0] is integer"),
            (#"{"expectations": [{"kwargs": {}}]}"#, "expectations[0].type is missing"),
            (#"{"expectations": [{"type": "a", "kwargs": []}]}"#, "expectations[0].kwargs is array"),
            (#"{"expectations": [{"type": "a", "severity": "warn"}]}"#, "severity is warn"),
            (#"{"columns": {"a": {"betwen": [1, 2]}}}"#, "there is no rule betwen"),
            (#"{"columns": {"a": {"between": [1]}}}"#, "has to be [least, greatest]"),
            (#"{"columns": {"a": 5}}"#, "columns.a is integer"), (#"{"suite": "a", "expct": []}"#, "no member expct"),
            (#"{"expect": [{"mostly": 1}]}"#, "has no rule"), (#"{"expect": [5]}"#, "not a rule"),
        ]
    )
    func refused(_ text: String, _ part: String) {
        do {
            _ = try SuiteReader.suite(text: text, name: "x")
            Issue.record("\(text) was read")
        } catch {
            #expect(error.problems.contains { $0.message.contains(part) }, "\(error.problems.map(\.message))")
        }
    }
}
