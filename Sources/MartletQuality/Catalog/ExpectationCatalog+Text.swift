import MartletCore

/// Expectations about each value of a column of text.
extension ExpectationCatalog {
    private static let escape = ArgumentDefinition.nullable("escape", .escape)
    private static let matchOn = ArgumentDefinition.optional("match_on", .choice(["any", "all"]), "any")
    private static let regexList = ArgumentDefinition.required("regex_list", .texts(atLeast: 1))
    private static let patternList = ArgumentDefinition.required("like_pattern_list", .texts(atLeast: 1))

    static let textDefinitions: [ExpectationDefinition] = [
        map("values_to_match_regex", [.optional("regex", .text, "(?s).*")], "values of {column} match {regex}") {
            .regex($0.text("regex"))
        },
        map("values_to_not_match_regex", [.required("regex", .text)], "values of {column} do not match {regex}") {
            .notRegex($0.text("regex"))
        },
        map("values_to_match_regex_list", [regexList, matchOn], "values of {column} match {match_on} of {regex_list}") {
            .regexList($0.texts("regex_list"), matchAll: $0.text("match_on") == "all")
        },
        map("values_to_not_match_regex_list", [regexList], "values of {column} match none of {regex_list}") {
            .notRegexList($0.texts("regex_list"))
        },
        map("values_to_match_like_pattern", [like, escape], "values of {column} are like {like_pattern}") {
            .like($0.text("like_pattern"), escape: $0.optionalText("escape"))
        },
        map("values_to_not_match_like_pattern", [like, escape], "values of {column} are not like {like_pattern}") {
            .notLike($0.text("like_pattern"), escape: $0.optionalText("escape"))
        },
        map(
            "values_to_match_like_pattern_list",
            [patternList, matchOn, escape],
            "values of {column} are like {match_on} of {like_pattern_list}"
        ) {
            .likeList(
                $0.texts("like_pattern_list"),
                matchAll: $0.text("match_on") == "all",
                escape: $0.optionalText("escape")
            )
        },
        map(
            "values_to_not_match_like_pattern_list",
            [patternList, escape],
            "values of {column} are like none of {like_pattern_list}"
        ) { .notLikeList($0.texts("like_pattern_list"), escape: $0.optionalText("escape")) },
        map(
            "value_lengths_to_be_between",
            range(.wholeNumber) + strictness,
            "lengths of the values of {column} are {bounds}"
        ) { .lengthBetween($0.bounds) },
        map(
            "value_lengths_to_equal",
            [.required("value", .number(least: nil, most: nil))],
            "lengths of the values of {column} are {value}"
        ) { .lengthEquals($0["value"]) },
        map(
            "values_to_match_strftime_format",
            [.required("strftime_format", .dateFormat)],
            "values of {column} are dates written as {strftime_format}"
        ) { .strftime($0.text("strftime_format")) },
        map("values_to_be_dateutil_parseable", [], "values of {column} can be read as dates") { _ in .dateutilParseable
        },
        map("values_to_be_json_parseable", [], "values of {column} are valid JSON") { _ in .jsonParseable },
        map(
            "values_to_match_json_schema",
            [.required("json_schema", .object)],
            "values of {column} are JSON that conforms to a schema"
        ) { .jsonSchema($0["json_schema"]) },
    ]

    private static let like = ArgumentDefinition.required("like_pattern", .text)
}
