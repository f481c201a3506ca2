import MartletCore

/// How a rule of the short form stands for an expectation.
struct ShortRule {
    /// The word that it begins with.
    let key: String
    /// The expectation it stands for.
    let type: String
    /// What follows the word.
    let form: Form
    /// Arguments that the word itself says.
    let constants: [String: JSONValue]

    /// What follows the word of a rule.
    enum Form {
        /// `true`, or a share that is `mostly`.
        case flag
        /// The value of one argument.
        case value(String)
        /// `[least, greatest]`, either of them null.
        case range
        /// One end of a range.
        case end(String)
        /// Two columns.
        case pair
        /// An object whose members are arguments under shorter names.
        case object([String: String])
        /// `{share: [least, greatest]}`.
        case quantiles
    }

    init(_ key: String, _ type: String, _ form: Form, _ constants: [String: JSONValue] = [:]) {
        self.key = key
        self.type = type
        self.form = form
        self.constants = constants
    }
}

/// The words of the short form.
enum ShortForm {
    /// Rules of one column.
    static let columnRules: [ShortRule] =
        [
            column("exists", "to_exist", .flag), column("type", "values_to_be_of_type", .value("type_")),
            column("types", "values_to_be_in_type_list", .value("type_list")),
            column("not_null", "values_to_not_be_null", .flag), column("all_null", "values_to_be_null", .flag),
            column("unique", "values_to_be_unique", .flag), column("in", "values_to_be_in_set", .value("value_set")),
            column("not_in", "values_to_not_be_in_set", .value("value_set")),
            column("between", "values_to_be_between", .range),
            column("at_least", "values_to_be_between", .end("min_value")),
            column("at_most", "values_to_be_between", .end("max_value")),
            column("above", "values_to_be_between", .end("min_value"), ["strict_min": true]),
            column("below", "values_to_be_between", .end("max_value"), ["strict_max": true]),
            column("matches", "values_to_match_regex", .value("regex")),
            column("not_matches", "values_to_not_match_regex", .value("regex")),
            column("matches_any", "values_to_match_regex_list", .value("regex_list")),
            column("matches_all", "values_to_match_regex_list", .value("regex_list"), ["match_on": "all"]),
            column("matches_none", "values_to_not_match_regex_list", .value("regex_list")),
            column("like", "values_to_match_like_pattern", .value("like_pattern")),
            column("not_like", "values_to_not_match_like_pattern", .value("like_pattern")),
            column("like_any", "values_to_match_like_pattern_list", .value("like_pattern_list")),
            column("like_all", "values_to_match_like_pattern_list", .value("like_pattern_list"), ["match_on": "all"]),
            column("like_none", "values_to_not_match_like_pattern_list", .value("like_pattern_list")),
            column("length", "value_lengths_to_equal", .value("value")),
            column("length_between", "value_lengths_to_be_between", .range),
            column("increasing", "values_to_be_increasing", .flag),
            column("strictly_increasing", "values_to_be_increasing", .flag, ["strictly": true]),
            column("decreasing", "values_to_be_decreasing", .flag),
            column("strictly_decreasing", "values_to_be_decreasing", .flag, ["strictly": true]),
            column("json", "values_to_be_json_parseable", .flag),
            column("json_schema", "values_to_match_json_schema", .value("json_schema")),
            column("date_format", "values_to_match_strftime_format", .value("strftime_format")),
            column("date", "values_to_be_dateutil_parseable", .flag),
            column("z_score_below", "value_z_scores_to_be_less_than", .value("threshold"), ["double_sided": true]),
            column("no_outliers", "values_to_not_be_outliers", .flag),
        ] + statistics

    private static let statistics: [ShortRule] = [
        column("min", "min_to_be_between", .range), column("max", "max_to_be_between", .range),
        column("mean", "mean_to_be_between", .range), column("median", "median_to_be_between", .range),
        column("stdev", "stdev_to_be_between", .range), column("sum", "sum_to_be_between", .range),
        column("distinct_count", "unique_value_count_to_be_between", .range),
        column("distinct_share", "proportion_of_unique_values_to_be_between", .range),
        column("non_null_share", "proportion_of_non_null_values_to_be_between", .range),
        column("distinct_in", "distinct_values_to_be_in_set", .value("value_set")),
        column("distinct_contains", "distinct_values_to_contain_set", .value("value_set")),
        column("distinct_equals", "distinct_values_to_equal_set", .value("value_set")),
        column("most_common_in", "most_common_value_to_be_in_set", .value("value_set")),
        column("quantiles", "quantile_values_to_be_between", .quantiles),
        column(
            "divergence",
            "kl_divergence_to_be_less_than",
            .object(["from": "partition_object", "below": "threshold"])
        ),
    ]

    /// Rules of a table.
    static let tableRules: [ShortRule] = [
        ShortRule("row_count", "expect_table_row_count_to_equal", .value("value")),
        ShortRule("row_count_between", "expect_table_row_count_to_be_between", .range),
        ShortRule("same_row_count_as", "expect_table_row_count_to_equal_other_table", .value("other_table_name")),
        ShortRule("column_count", "expect_table_column_count_to_equal", .value("value")),
        ShortRule("column_count_between", "expect_table_column_count_to_be_between", .range),
        ShortRule("columns", "expect_table_columns_to_match_ordered_list", .value("column_list")),
        ShortRule("column_set", "expect_table_columns_to_match_set", .value("column_set")),
        ShortRule(
            "has_columns",
            "expect_table_columns_to_match_set",
            .value("column_set"),
            ["exact_match": false]
        ),
        ShortRule("unique_together", "expect_compound_columns_to_be_unique", .value("column_list")),
        ShortRule("all_equal", "expect_multicolumn_values_to_be_equal", .value("column_list")),
        ShortRule("all_different", "expect_select_column_values_to_be_unique_within_record", .value("column_list")),
        ShortRule(
            "sum_equals",
            "expect_multicolumn_sum_to_equal",
            .object(["columns": "column_list", "total": "sum_total"])
        ),
        ShortRule("equal", "expect_column_pair_values_to_be_equal", .pair),
        ShortRule("greater", "expect_column_pair_values_a_to_be_greater_than_b", .pair),
        ShortRule("greater_or_equal", "expect_column_pair_values_a_to_be_greater_than_b", .pair, ["or_equal": true]),
        ShortRule(
            "pairs_in",
            "expect_column_pair_values_to_be_in_set",
            .object(["a": "column_A", "b": "column_B", "set": "value_pairs_set"])
        ),
        ShortRule("sql", "expect_rows_to_satisfy_sql", .value("condition")),
        ShortRule("no_rows", "unexpected_rows_expectation", .value("unexpected_rows_query")),
        ShortRule(
            "same_rows",
            "expect_query_results_to_match_comparison",
            .object([
                "query": "base_query", "as": "comparison_query", "source": "comparison_data_source_name",
            ])
        ),
    ]

    /// What may stand beside rules, for all of a group.
    static let options: Set<String> = [
        "mostly", "where", "severity", "name", "notes", "meta", "id", "ignore_row_if",
    ]

    private static func column(
        _ key: String,
        _ name: String,
        _ form: ShortRule.Form,
        _ constants: [String: JSONValue] = [:]
    ) -> ShortRule {
        ShortRule(key, "expect_column_" + name, form, constants)
    }
}
