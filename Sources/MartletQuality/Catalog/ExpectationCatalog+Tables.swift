import MartletCore

/// Expectations about a table as a whole, and about what queries return.
extension ExpectationCatalog {
    static let tableDefinitions: [ExpectationDefinition] = [
        table("column_to_exist", [column, .nullable("column_index", .wholeNumber)], "there is a column {column}") {
            .columnExists($0.column, index: $0.whole("column_index"))
        },
        table("column_type_to_be", [column, .required("type_", .text)], "{column} has the type {type_}", new: true) {
            .columnType($0.column, $0.text("type_"))
        },
        table("table_column_count_to_be_between", bounds, "the number of columns is {bounds}") {
            .columnCount($0.bounds)
        },
        table("table_column_count_to_equal", [.required("value", .wholeNumber)], "there are {value} columns") {
            .columnCountEquals($0.whole("value") ?? 0)
        },
        table(
            "table_columns_to_match_ordered_list",
            [.nullable("column_list", .names)],
            "the columns are, in this order, {column_list}"
        ) { .columnsMatchOrdered($0.texts("column_list")) },
        table(
            "table_columns_to_match_set",
            [.nullable("column_set", .names), .nullable("exact_match", .flag, true)],
            "the columns{exact_match} {column_set}"
        ) { .columnsMatchSet($0.texts("column_set"), isExact: $0.flag("exact_match")) },
        table(
            "table_row_count_to_be_between",
            range(.wholeNumber) + strictness + condition,
            "the number of rows is {bounds}"
        ) { .rowCount($0.bounds) },
        table(
            "table_row_count_to_equal",
            [.required("value", .wholeNumber)] + condition,
            "there are {value} rows"
        ) { .rowCountEquals($0.whole("value") ?? 0) },
        table(
            "table_row_count_to_equal_other_table",
            [.required("other_table_name", .text)] + condition,
            "there are as many rows as in {other_table_name}"
        ) { .rowCountEqualsOtherTable($0.text("other_table_name")) },
        ExpectationDefinition(
            "unexpected_rows_expectation",
            .query,
            [.required("unexpected_rows_query", .query)],
            "no row comes back from {unexpected_rows_query}"
        ) { .unexpectedRows(query: $0.text("unexpected_rows_query")) },
        ExpectationDefinition(
            "expect_query_results_to_match_comparison",
            .query,
            [
                .required("base_query", .text), .required("comparison_data_source_name", .text),
                .required("comparison_query", .text), mostly,
            ],
            "{base_query} gives the same rows as {comparison_query} on {comparison_data_source_name}",
            new: true
        ) {
            .queryComparison(
                base: $0.text("base_query"),
                source: $0.text("comparison_data_source_name"),
                comparison: $0.text("comparison_query")
            )
        },
    ]

    private static func table(
        _ name: String,
        _ arguments: [ArgumentDefinition],
        _ prose: String,
        new: Bool = false,
        rule: @escaping @Sendable (ReadArguments) -> TableRule
    ) -> ExpectationDefinition {
        ExpectationDefinition("expect_" + name, .table, arguments, prose, new: new) { .table(rule($0)) }
    }
}
