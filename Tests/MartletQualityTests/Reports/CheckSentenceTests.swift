import MartletCore
import Testing

@testable import MartletQuality

@Suite("Sentences of expectations")
struct CheckSentenceTests {
    @Test(
        "say what is expected, with all that the arguments say",
        arguments: [
            (
                "expect_column_values_to_be_between", ["column": "fare", "min_value": 0.0, "max_value": 100.0],
                "Values of fare are from 0.0 to 100.0"
            ),
            (
                "expect_column_values_to_be_between",
                ["column": "fare", "min_value": 0, "strict_min": true, "max_value": nil, "mostly": 0.95],
                "Values of fare are more than 0, in at least 95% of rows"
            ),
            (
                "expect_table_row_count_to_be_between",
                [
                    "min_value": 1, "max_value": 9, "strict_max": true,
                    "row_condition": [
                        "type": "comparison", "column": ["name": "x"], "operator": "IN", "parameter": [1, 2],
                    ],
                ],
                "The number of rows is at least 1 and less than 9, where x in [1,2]"
            ),
            (
                "expect_column_values_to_be_in_set", ["column": "kind", "value_set": ["a", "b"], "batch_id": "x"],
                "Values of kind are in a b"
            ),
            (
                "expect_column_values_to_be_in_set", ["column": "kind", "value_set": ["$PARAMETER": "kinds"]],
                "Values of kind are in the parameter kinds"
            ),
            (
                "expect_column_pair_values_A_to_be_greater_than_B",
                ["column_A": "b", "column_B": "a", "or_equal": true],
                "Values of b are greater than those of a, or equal"
            ),
            (
                "expect_table_columns_to_match_set", ["column_set": ["a"], "exact_match": false],
                "The columns include a"
            ),
            (
                "expect_column_quantile_values_to_be_between",
                ["column": "x", "quantile_ranges": ["quantiles": [0.5, 0.9], "value_ranges": [[1, 2], [nil, 9]]]],
                "Quantiles of x are in their ranges: 0.5 from 1 to 2, 0.9 at most 9"
            ),
            (
                "expect_column_values_to_be_odd", ["column": "n", "base": 2, "min_value": 1],
                "Values to be odd of n at least 1; base 2"
            ),
            ("expect_nothing", [:], "Nothing"),
            ("", [:], ""),
        ] as [(String, [String: JSONValue], String)]
    )
    func sentences(type: String, arguments: [String: JSONValue], expected: String) {
        #expect(CheckSentence.text(type, arguments).map(\.words).joined() == expected)
    }

    @Test("every type of the catalog has one without gaps", arguments: ExpectationCatalog.all.map(\.type))
    func catalog(type: String) {
        let words = CheckSentence.text(type, ["column": "c", "min_value": 1]).map(\.words).joined()
        #expect(!words.isEmpty)
    }
}
