import MartletCore

/// Expectations about what a column amounts to.
extension ExpectationCatalog {
    private static let valueSet = ArgumentDefinition.required("value_set", .values(atLeast: 0))
    private static let anyNumber = ArgumentKind.number(least: nil, most: nil)
    private static let holdout = ArgumentKind.number(least: 0, most: 1)

    static let aggregateDefinitions: [ExpectationDefinition] = [
        statistic("min", .minimum, .bound, "the least value of {column} is {bounds}"),
        statistic("max", .maximum, .bound, "the greatest value of {column} is {bounds}"),
        statistic("mean", .mean, .bound, "the mean of {column} is {bounds}"),
        statistic("median", .median, .bound, "the median of {column} is {bounds}"),
        statistic("stdev", .standardDeviation, anyNumber, "the standard deviation of {column} is {bounds}"),
        statistic("sum", .sum, .bound, "the sum of {column} is {bounds}"),
        statistic(
            "unique_value_count",
            .uniqueValueCount,
            .wholeNumber,
            "the number of distinct values of {column} is {bounds}"
        ),
        statistic(
            "proportion_of_unique_values",
            .proportionOfUniqueValues,
            anyNumber,
            "the share of distinct values of {column} is {bounds}"
        ),
        statistic(
            "proportion_of_non_null_values",
            .proportionOfNonNullValues,
            anyNumber,
            "the share of values of {column} that are not null is {bounds}",
            new: true
        ),
        distinct(
            "be_in_set",
            .beInSet,
            .required("value_set", .values(atLeast: 1)),
            "every distinct value of {column} is in {value_set}"
        ),
        distinct("contain_set", .containSet, valueSet, "{column} has all the values {value_set}"),
        distinct("equal_set", .equalSet, valueSet, "the distinct values of {column} are {value_set}"),
        aggregate(
            "most_common_value_to_be_in_set",
            [valueSet, .nullable("ties_okay", .flag)],
            "the most common value of {column} is in {value_set}"
        ) { .mostCommonValue(column: $0.column, in: $0.list("value_set"), tiesOkay: $0.flag("ties_okay")) },
        aggregate(
            "quantile_values_to_be_between",
            [.required("quantile_ranges", .quantiles), .optional("allow_relative_error", .relativeError, false)],
            "quantiles of {column} are in their ranges: {quantile_ranges}"
        ) { .quantiles(column: $0.column, QuantileRule($0["quantile_ranges"], $0["allow_relative_error"])) },
        aggregate(
            "kl_divergence_to_be_less_than",
            [
                .nullable("partition_object", .object), .nullable("threshold", anyNumber),
                .nullable("internal_weight_holdout", holdout, 0), .nullable("tail_weight_holdout", holdout, 0),
                .optional("bucketize_data", .flag, true),
            ] + bounds,
            "the distribution of {column} is at most {threshold} (Kullback-Leibler) from the given one"
        ) { .divergence(column: $0.column, DivergenceRule($0)) },
    ]

    private static func statistic(
        _ name: String,
        _ statistic: ColumnStatistic,
        _ kind: ArgumentKind,
        _ prose: String,
        new: Bool = false
    ) -> ExpectationDefinition {
        aggregate("\(name)_to_be_between", range(kind) + strictness, prose, new: new) {
            .statistic(column: $0.column, statistic, $0.bounds)
        }
    }

    private static func distinct(
        _ name: String,
        _ relation: SetRelation,
        _ set: ArgumentDefinition,
        _ prose: String
    ) -> ExpectationDefinition {
        aggregate("distinct_values_to_\(name)", [set], prose) {
            .distinctValues(column: $0.column, relation, $0.list("value_set"))
        }
    }

    private static func aggregate(
        _ name: String,
        _ arguments: [ArgumentDefinition],
        _ prose: String,
        new: Bool = false,
        rule: @escaping @Sendable (ReadArguments) -> CheckRule
    ) -> ExpectationDefinition {
        ExpectationDefinition(
            "expect_column_" + name,
            .columnAggregate,
            [column] + arguments + condition,
            prose,
            new: new,
            rule: rule
        )
    }
}
