import MartletCore

/// Expectations about several columns of a row.
extension ExpectationCatalog {
    private static let pairColumns = [ArgumentDefinition.required("column_A", .column), .required("column_B", .column)]
    private static let several = ArgumentDefinition.required("column_list", .columns(atLeast: 2))

    static let rowDefinitions: [ExpectationDefinition] = [
        pair(
            "a_to_be_greater_than_b",
            [.nullable("or_equal", .flag)],
            "values of {column_A} are greater than those of {column_B}{or_equal}"
        ) { .greater(orEqual: $0.flag("or_equal")) },
        pair("to_be_equal", [], "values of {column_A} and {column_B} are equal") { _ in .equal },
        pair(
            "to_be_in_set",
            [.required("value_pairs_set", .pairs)],
            "values of {column_A} and {column_B} are together in {value_pairs_set}"
        ) {
            .inSet($0.pairs("value_pairs_set"))
        },
        multicolumn("compound_columns_to_be_unique", [], "{column_list} are unique together") { _ in .uniqueCombination
        },
        multicolumn(
            "multicolumn_sum_to_equal",
            [.required("sum_total", .number(least: nil, most: nil))],
            "the sum of {column_list} is {sum_total} in each row"
        ) { .sum($0.number("sum_total") ?? 0) },
        multicolumn("multicolumn_values_to_be_equal", [], "{column_list} are equal in each row", new: true) { _ in
            .allEqual
        },
        multicolumn(
            "select_column_values_to_be_unique_within_record",
            [],
            "{column_list} are all different in each row"
        ) { _ in .allDifferent },
        ExpectationDefinition(
            "expect_rows_to_satisfy_sql",
            .row,
            [.required("condition", .text), mostly] + condition,
            "{condition}",
            isInGreatExpectations: false
        ) { .condition(sql: $0.text("condition")) },
    ]

    private static func pair(
        _ name: String,
        _ arguments: [ArgumentDefinition],
        _ prose: String,
        rule: @escaping @Sendable (ReadArguments) -> PairRule
    ) -> ExpectationDefinition {
        ExpectationDefinition(
            "expect_column_pair_values_" + name,
            .columnPair,
            pairColumns + arguments + [mostly, ignoring(PairIgnore.allCases.map(\.rawValue))] + condition,
            prose
        ) {
            .pair(
                a: $0.text("column_A"),
                b: $0.text("column_B"),
                rule($0),
                ignoring: PairIgnore(rawValue: $0.text("ignore_row_if")) ?? .bothMissing
            )
        }
    }

    private static func multicolumn(
        _ name: String,
        _ arguments: [ArgumentDefinition],
        _ prose: String,
        new: Bool = false,
        rule: @escaping @Sendable (ReadArguments) -> MulticolumnRule
    ) -> ExpectationDefinition {
        ExpectationDefinition(
            "expect_" + name,
            .multicolumn,
            [several] + arguments + [mostly, ignoring(MulticolumnIgnore.allCases.map(\.rawValue))] + condition,
            prose,
            new: new
        ) {
            .multicolumn(
                $0.texts("column_list"),
                rule($0),
                ignoring: MulticolumnIgnore(rawValue: $0.text("ignore_row_if")) ?? .allMissing
            )
        }
    }
}
