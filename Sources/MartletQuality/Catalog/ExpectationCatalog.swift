import MartletCore

/// All types of expectations: the 60 of Great Expectations 1.24 and Martlet's own.
public enum ExpectationCatalog {
    /// The definitions, columns first.
    public static let all: [ExpectationDefinition] =
        valueDefinitions + textDefinitions + aggregateDefinitions + rowDefinitions + tableDefinitions

    private static let byType = Dictionary(all.map { ($0.type, $0) }) { first, _ in first }

    /// The definition of `type`, which may also be a name that GX 0.18 had for it.
    public static func definition(of type: String) -> ExpectationDefinition? { byType[canonical(type)] }

    /// The name that GX 1.x has for `type`.
    public static func canonical(_ type: String) -> String { renamed[type] ?? type }

    /// Names of GX 0.18 and the ones that came after them.
    static let renamed = [
        "expect_column_pair_values_A_to_be_greater_than_B": "expect_column_pair_values_a_to_be_greater_than_b",
        "expect_multicolumn_values_to_be_unique": "expect_select_column_values_to_be_unique_within_record",
    ]

    /// Arguments that every expectation takes and that do not change what it means.
    static let common: Set<String> = [
        "result_format", "catch_exceptions", "windows", "batch_id", "rendered_content", "include_config",
    ]

    /// Arguments of GX 0.18 that later ones do not have; they are passed over.
    static let legacy: Set<String> = [
        "parse_strings_as_datetimes", "output_strftime_format", "allow_cross_type_comparisons", "auto",
        "profiler_config",
    ]

    // MARK: - Arguments that many have

    static let column = ArgumentDefinition.required("column", .column)
    static let mostly = ArgumentDefinition.optional("mostly", .number(least: 0, most: 1), 1)
    static let condition = [
        ArgumentDefinition.nullable("row_condition", .rowCondition),
        .nullable("condition_parser", .choice(RowConditionReader.parsers)),
    ]
    static let mapArguments = [column, mostly] + condition
    static let bounds = range(.bound)
    static let strictness = [
        ArgumentDefinition.optional("strict_min", .flag, false), .optional("strict_max", .flag, false),
    ]

    static func range(_ kind: ArgumentKind) -> [ArgumentDefinition] {
        [.nullable("min_value", kind), .nullable("max_value", kind)]
    }

    static func ignoring(_ names: [String]) -> ArgumentDefinition {
        .optional("ignore_row_if", .choice(names), .string(names[0]))
    }
}
