import MartletCore
import MartletQuality
import Testing

@Suite("Validation results")
struct ValidationResultTests {
    static func result(
        _ type: String,
        _ arguments: [String: JSONValue],
        _ outcome: CheckOutcome,
        masked: Set<String> = []
    ) throws -> ValidationResult {
        let suite = Suite(name: "s", expectations: [Expectation(type: type, arguments: arguments, id: "e")])
        return ValidationResult(
            suite: suite,
            checks: try CheckReader.checks(of: suite),
            outcomes: [outcome],
            data: ValidatedData(source: "files", asset: "flights"),
            semantics: .sql,
            engine: "DuckDB",
            version: "0",
            time: Timestamp(microseconds: 1_000_001),
            masked: masked
        )
    }

    static let counts = CheckOutcome(
        success: false,
        observation: .counts(
            RowCounts(
                elementCount: 6,
                missingCount: 2,
                unexpectedCount: 3,
                unexpectedValues: [3, 9.5, 3],
                unexpectedIndex: [
                    .object(["id": 1, "x": 3]), .object(["id": 2, "x": 9.5]), .object(["id": 4, "x": 3]),
                ],
                indexQuery: "SELECT",
                unexpectedRows: [.object(["x": 3, "name": "Ada"])]
            )
        )
    )

    static func told(_ format: ResultFormat, masked: Set<String> = []) throws -> String {
        let result = try result(
            "expect_column_values_to_be_in_set",
            ["column": "x", "value_set": .array([1])],
            counts,
            masked: masked
        )
        guard case .array(let results)? = result.json(format: format)["results"] else { return "" }
        return ExactJSON.line(results[0]["result"] ?? .null)
    }

    @Test(
        "tell as much as the format asks for",
        arguments: [
            (ResultFormat(level: .booleanOnly), "{}"),
            (
                ResultFormat(level: .basic),
                #"{"element_count":6,"missing_count":2,"missing_percent":33.33333333333333,"partial_unexpected_list":[3,9.5,3],"unexpected_count":3,"unexpected_percent":75.0,"unexpected_percent_nonmissing":75.0,"unexpected_percent_total":50.0}"#
            ),
            (
                ResultFormat(level: .summary, partialUnexpectedCount: 2),
                #"{"element_count":6,"missing_count":2,"missing_percent":33.33333333333333,"partial_unexpected_counts":[{"count":2,"value":3},{"count":1,"value":9.5}],"partial_unexpected_index_list":[{"id":1,"x":3},{"id":2,"x":9.5}],"partial_unexpected_list":[3,9.5],"unexpected_count":3,"unexpected_percent":75.0,"unexpected_percent_nonmissing":75.0,"unexpected_percent_total":50.0}"#
            ),
            (
                ResultFormat(level: .complete, indexColumns: ["id"], excludesValues: true),
                #"{"element_count":6,"missing_count":2,"missing_percent":33.33333333333333,"partial_unexpected_index_list":[{"id":[1,2,4]}],"unexpected_count":3,"unexpected_index_column_names":["id"],"unexpected_index_list":[{"id":[1,2,4]}],"unexpected_index_query":"SELECT","unexpected_percent":75.0,"unexpected_percent_nonmissing":75.0,"unexpected_percent_total":50.0}"#
            ),
        ]
    )
    func formats(_ format: ResultFormat, _ text: String) throws {
        #expect(try Self.told(format) == text)
    }

    @Test("show no value of a masked column, wherever values are")
    func masked() throws {
        let format = ResultFormat(level: .complete, includesUnexpectedRows: true, indexColumns: ["id"])
        let text = try Self.told(format, masked: ["X", "NAME"])
        #expect(!text.contains("9.5") && !text.contains("Ada") && !text.contains(#""x":3"#))
        #expect(text.contains(#""partial_unexpected_counts":[{"count":3,"value":"***"}]"#))
        #expect(text.contains(#"{"id":4,"x":"***"}"#))
        let least = CheckOutcome(success: true, observation: .value(17))
        let result = try Self.result("expect_column_min_to_be_between", ["column": "x"], least, masked: ["x"])
        #expect(result.json().jsonText.contains(#""observed_value":"***""#))
        let count = try Self.result(
            "expect_column_unique_value_count_to_be_between",
            ["column": "x"],
            least,
            masked: ["x"]
        )
        #expect(count.json().jsonText.contains(#""observed_value":17"#))
    }

    @Test("write null for what JSON cannot say, and what it was")
    func nonFinite() throws {
        let outcome = CheckOutcome(success: false, observation: .value(.number(.infinity)))
        let result = try Self.result("expect_column_max_to_be_between", ["column": "x"], outcome)
        #expect(
            ExactJSON.line(result.json()).contains(
                #""result":{"non_finite":{"observed_value":"Infinity"},"observed_value":null}"#
            )
        )
    }

    @Test("name the metric of a check that cannot be made, and leave masked columns out of why")
    func failures() throws {
        let error = MartletError(.sqlFailed, "could not convert 'Ada'")
        let outcome = CheckOutcome(
            success: false,
            observation: .nothing,
            failure: CheckFailure(metric: "column.mean", error: error)
        )
        let open = ExactJSON.line(try Self.result("expect_column_mean_to_be_between", ["column": "x"], outcome).json())
        #expect(open.contains(#""exception_info":{"column.mean":{"exception_message":"could not convert 'Ada'""#))
        let hidden = try Self.result("expect_column_mean_to_be_between", ["column": "x"], outcome, masked: ["x"])
        #expect(!ExactJSON.line(hidden.json()).contains("Ada"))
    }

    @Test("have the members of both versions of Great Expectations")
    func shapes() throws {
        let result = try Self.result("expect_column_values_to_not_be_null", ["column": "x"], Self.counts)
        let one = result.json()
        #expect(one["suite_name"] == "s" && one["statistics"]?["success_percent"] == 0.0)
        #expect(one["meta"]?["run_id"]?["run_time"] == "1970-01-01T00:00:01.000001+00:00")
        let old = result.json(shape: .zero18)
        #expect(old["meta"]?["expectation_suite_name"] == "s" && old["suite_name"] == nil)
        #expect(old["meta"]?["validation_time"] == "19700101T000001.000001Z")
        #expect(old.jsonText.contains(#""expectation_type":"expect_column_values_to_not_be_null""#))
        let checkpoint = CheckpointResult(name: "c", validations: [result], time: result.time)
        #expect(checkpoint.described()["statistics"]?["unsuccessful_validations"] == 1)
        #expect(
            checkpoint.json().jsonText.contains(
                "ValidationResultIdentifier::s/__none__/19700101T000001.000001Z/files-flights"
            )
        )
    }

    @Test("of a suite without expectations succeed without a percentage")
    func empty() {
        let result = ValidationResult(
            suite: Suite(name: "s"),
            checks: [],
            outcomes: [],
            data: ValidatedData(source: "files", asset: "a"),
            semantics: .sql,
            engine: "e",
            version: "0",
            time: Timestamp(microseconds: 0)
        )
        #expect(result.success && result.statistics["success_percent"] == .null)
    }

    @Test(
        "tally values as Python does",
        arguments: [
            (#"["b", "a", "b", "a", "c"]"#, #"[["a", 2], ["b", 2], ["c", 1]]"#),
            (#"[2, 1.0, 1, 2.0]"#, #"[[1.0, 2], [2, 2]]"#), (#"[null, null, "a"]"#, #"[[null, 2], ["a", 1]]"#),
        ]
    )
    func tally(_ values: String, _ expected: String) throws {
        guard case .array(let list) = try ExactJSON.value(values),
            case .array(let pairs) = try ExactJSON.value(expected)
        else { return }
        let outcome = CheckOutcome(
            success: false,
            observation: .counts(
                RowCounts(elementCount: 9, missingCount: 0, unexpectedCount: list.count, unexpectedValues: list)
            )
        )
        let result = try Self.result("expect_column_values_to_be_unique", ["column": "x"], outcome)
        guard case .array(let results)? = result.json()["results"],
            case .array(let counts)? = results[0]["result"]?["partial_unexpected_counts"]
        else {
            Issue.record("no counts")
            return
        }
        #expect(counts.map { JSONValue.array([$0["value"] ?? .null, $0["count"] ?? .null]) } == pairs)
    }
}
