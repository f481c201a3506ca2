import MartletCore

/// Expectations about each value of a column, whatever its type.
extension ExpectationCatalog {
    static let valueDefinitions: [ExpectationDefinition] = [
        map("values_to_be_between", bounds + strictness, "values of {column} are {bounds}") { .between($0.bounds) },
        map(
            "values_to_be_in_set",
            [.required("value_set", .values(atLeast: 0))],
            "values of {column} are in {value_set}"
        ) { .inSet($0.list("value_set")) },
        map(
            "values_to_not_be_in_set",
            [.required("value_set", .values(atLeast: 0))],
            "values of {column} are not in {value_set}"
        ) { .notInSet($0.list("value_set")) },
        map("values_to_be_null", [], "values of {column} are null") { _ in .null },
        map("values_to_not_be_null", [], "values of {column} are not null") { _ in .notNull },
        map("values_to_be_unique", [], "values of {column} are unique") { _ in .unique },
        map("values_to_be_of_type", [.required("type_", .text)], "values of {column} have the type {type_}") {
            .ofType($0.text("type_"))
        },
        map(
            "values_to_be_in_type_list",
            [.nullable("type_list", .texts(atLeast: 0))],
            "values of {column} have one of the types {type_list}"
        ) { .inTypeList($0.optional("type_list") == nil ? nil : $0.texts("type_list")) },
        map(
            "values_to_be_increasing",
            [.nullable("strictly", .flag)],
            "values of {column} do not fall from row to row",
            rule: { .increasing(strictly: $0.flag("strictly")) }
        ),
        map(
            "values_to_be_decreasing",
            [.nullable("strictly", .flag)],
            "values of {column} do not rise from row to row",
            rule: { .decreasing(strictly: $0.flag("strictly")) }
        ),
        map(
            "value_z_scores_to_be_less_than",
            [.required("threshold", .number(least: nil, most: nil)), .required("double_sided", .flag)],
            "values of {column} are less than {threshold} standard deviations from the mean"
        ) { .zScore(threshold: $0.number("threshold") ?? 0, doubleSided: $0.flag("double_sided")) },
        map(
            "values_to_not_be_outliers",
            [
                .optional("method", .choice(OutlierMethod.allCases.map(\.rawValue)), "iqr"),
                .optional("multiplier", .number(least: 0, most: nil), 1.5),
            ],
            "values of {column} are no outliers ({method}, {multiplier})",
            new: true
        ) {
            .notOutlier(OutlierMethod(rawValue: $0.text("method")) ?? .iqr, multiplier: $0.number("multiplier") ?? 1.5)
        },
    ]

    /// A definition of a check of each value of a column.
    static func map(
        _ name: String,
        _ arguments: [ArgumentDefinition],
        _ prose: String,
        new: Bool = false,
        rule: @escaping @Sendable (ReadArguments) -> ValueRule
    ) -> ExpectationDefinition {
        ExpectationDefinition("expect_column_" + name, .columnMap, mapArguments + arguments, prose, new: new) {
            .values(column: $0.column, rule($0))
        }
    }
}
