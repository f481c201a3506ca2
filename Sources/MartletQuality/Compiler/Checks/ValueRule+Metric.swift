/// The names that Great Expectations has for what tests of values compute.
extension ValueRule {
    /// Such as `column_values.between`.
    var metric: String {
        switch self {
        case .between: "column_values.between"
        case .inSet: "column_values.in_set"
        case .notInSet: "column_values.not_in_set"
        case .null: "column_values.null"
        case .notNull: "column_values.nonnull"
        case .unique: "column_values.unique"
        case .ofType: "column_values.of_type"
        case .inTypeList: "column_values.in_type_list"
        case .increasing: "column_values.increasing"
        case .decreasing: "column_values.decreasing"
        case .dateutilParseable: "column_values.dateutil_parseable"
        case .jsonParseable: "column_values.json_parseable"
        case .jsonSchema: "column_values.match_json_schema"
        case .strftime: "column_values.match_strftime_format"
        case .regex: "column_values.match_regex"
        case .notRegex: "column_values.not_match_regex"
        case .regexList: "column_values.match_regex_list"
        case .notRegexList: "column_values.not_match_regex_list"
        case .like: "column_values.match_like_pattern"
        case .notLike: "column_values.not_match_like_pattern"
        case .likeList: "column_values.match_like_pattern_list"
        case .notLikeList: "column_values.not_match_like_pattern_list"
        case .lengthBetween: "column_values.value_length.between"
        case .lengthEquals: "column_values.value_length.equals"
        case .zScore: "column_values.z_score.under_threshold"
        case .notOutlier: "column_values.not_outliers"
        }
    }

    /// The regular expressions that it tests with.
    var patterns: [String] {
        switch self {
        case .regex(let pattern), .notRegex(let pattern): [pattern]
        case .regexList(let patterns, _), .notRegexList(let patterns): patterns
        default: []
        }
    }
}
