public import MartletCore

/// What an expectation means: its arguments read, typed and known to make sense.
public struct Check: Hashable, Sendable {
    /// Its place in the suite, from 0.
    public var index: Int
    /// The canonical name of its type, such as `expect_column_values_to_be_unique`.
    public var type: String
    /// The rows it is about; nil is all.
    public var rows: RowCondition?
    /// The share of values that have to be as expected, 0...1; 1 for what is no share.
    public var mostly: Double
    /// What is tested.
    public var rule: CheckRule

    /// A check with these parts.
    public init(index: Int, type: String, rows: RowCondition? = nil, mostly: Double = 1, rule: CheckRule) {
        self.index = index
        self.type = type
        self.rows = rows
        self.mostly = mostly
        self.rule = rule
    }
}

/// What a check tests.
///
/// Column names are as written; how they are found in the table is for who compiles.
public enum CheckRule: Hashable, Sendable {
    /// Each value of a column (a "column map" expectation).
    case values(column: String, ValueRule)
    /// One number or value that a column amounts to, within bounds.
    case statistic(column: String, ColumnStatistic, Bounds)
    /// The set of a column's distinct values.
    case distinctValues(column: String, SetRelation, [JSONValue])
    /// The most common value.
    case mostCommonValue(column: String, in: [JSONValue], tiesOkay: Bool)
    case quantiles(column: String, QuantileRule)
    case divergence(column: String, DivergenceRule)
    /// Two columns, row by row.
    case pair(a: String, b: String, PairRule, ignoring: PairIgnore)
    /// Several columns, row by row.
    case multicolumn([String], MulticolumnRule, ignoring: MulticolumnIgnore)
    case table(TableRule)
    /// No row may come back; `{batch}` in the query stands for the table.
    case unexpectedRows(query: String)
    /// Both queries give the same rows, as multisets.
    case queryComparison(base: String, source: String, comparison: String)
    /// Each row, by an SQL condition that has to be true (Martlet's own: `expect_rows_to_satisfy_sql`).
    case condition(sql: String)
    /// Each row's values of `columns`, by a closure registered under the check's type.
    case closure(columns: [String])
}

/// A range; an end that is nil is open.
public struct Bounds: Hashable, Sendable {
    /// The least value.
    public var minimum: JSONValue?
    /// The greatest value.
    public var maximum: JSONValue?
    /// Whether the least value is itself outside.
    public var isMinimumStrict: Bool
    /// Whether the greatest value is itself outside.
    public var isMaximumStrict: Bool

    /// The range from `minimum` to `maximum`, ends included unless strict.
    public init(
        minimum: JSONValue? = nil,
        maximum: JSONValue? = nil,
        isMinimumStrict: Bool = false,
        isMaximumStrict: Bool = false
    ) {
        self.minimum = minimum
        self.maximum = maximum
        self.isMinimumStrict = isMinimumStrict
        self.isMaximumStrict = isMaximumStrict
    }
}

/// What each value of a column has to be like.
public enum ValueRule: Hashable, Sendable {
    case between(Bounds)
    case inSet([JSONValue])
    case notInSet([JSONValue])
    case null
    case notNull
    case unique
    case ofType(String)
    /// Nil passes.
    case inTypeList([String]?)
    case increasing(strictly: Bool)
    case decreasing(strictly: Bool)
    case dateutilParseable
    case jsonParseable
    case jsonSchema(JSONValue)
    case strftime(String)
    case regex(String)
    case notRegex(String)
    case regexList([String], matchAll: Bool)
    case notRegexList([String])
    case like(String, escape: String?)
    case notLike(String, escape: String?)
    case likeList([String], matchAll: Bool, escape: String?)
    case notLikeList([String], escape: String?)
    case lengthBetween(Bounds)
    case lengthEquals(JSONValue)
    case zScore(threshold: Double, doubleSided: Bool)
    case notOutlier(OutlierMethod, multiplier: Double)
}

/// How outliers are told.
public enum OutlierMethod: String, Hashable, Sendable, CaseIterable {
    /// Beyond a multiple of the distance between the quartiles.
    case iqr
    /// Beyond a multiple of the standard deviation.
    case std
}

/// What a column amounts to.
public enum ColumnStatistic: String, Hashable, Sendable, CaseIterable {
    case minimum, maximum, mean, median, sum
    case standardDeviation = "stdev"
    case uniqueValueCount = "unique_value_count"
    case proportionOfUniqueValues = "proportion_of_unique_values"
    case proportionOfNonNullValues = "proportion_of_non_null_values"
}

/// How the distinct values of a column stand to a given set.
public enum SetRelation: String, Hashable, Sendable, CaseIterable {
    case beInSet = "be_in_set"
    case containSet = "contain_set"
    case equalSet = "equal_set"
}

/// Quantiles and the ranges they have to be in.
public struct QuantileRule: Hashable, Sendable {
    /// Each 0...1.
    public var quantiles: [Double]
    /// As many ranges; nil is open.
    public var ranges: [Range]
    /// False, or the name of an interpolation: `linear`, `lower`, `higher`, `midpoint`, `nearest`; or true, or a number.
    public var allowRelativeError: JSONValue

    /// A range; an end that is nil is open.
    public struct Range: Hashable, Sendable {
        /// The least value.
        public var minimum: Double?
        /// The greatest value.
        public var maximum: Double?

        /// The range from `minimum` to `maximum`, both included.
        public init(minimum: Double?, maximum: Double?) {
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    /// `quantiles` with as many ranges.
    public init(quantiles: [Double], ranges: [Range], allowRelativeError: JSONValue = .bool(false)) {
        self.quantiles = quantiles
        self.ranges = ranges
        self.allowRelativeError = allowRelativeError
    }
}

/// How far a column's distribution may be from another (Kullback-Leibler).
public struct DivergenceRule: Hashable, Sendable {
    /// `{values, weights}` or `{bins, weights, tail_weights}`; nil only asks for the observed one.
    public var partition: JSONValue?
    /// The most; nil only observes.
    public var threshold: Double?
    /// The weight that is spread over what the partition gives none, 0...1.
    public var internalWeightHoldout: Double
    /// The weight that is given to what is beyond the partition, 0...1.
    public var tailWeightHoldout: Double
    /// Whether values are counted by bins, and not by themselves.
    public var bucketizeData: Bool
    /// Bounds on the divergence itself.
    public var bounds: Bounds

    /// A rule with these parts.
    public init(
        partition: JSONValue?,
        threshold: Double?,
        internalWeightHoldout: Double = 0,
        tailWeightHoldout: Double = 0,
        bucketizeData: Bool = true,
        bounds: Bounds = Bounds()
    ) {
        self.partition = partition
        self.threshold = threshold
        self.internalWeightHoldout = internalWeightHoldout
        self.tailWeightHoldout = tailWeightHoldout
        self.bucketizeData = bucketizeData
        self.bounds = bounds
    }
}

/// How two columns of a row stand to each other.
public enum PairRule: Hashable, Sendable {
    case greater(orEqual: Bool)
    case equal
    /// Each an array of two.
    case inSet([[JSONValue]])
}

/// Which rows a check of two columns does not look at.
public enum PairIgnore: String, Hashable, Sendable, CaseIterable {
    case bothMissing = "both_values_are_missing"
    case eitherMissing = "either_value_is_missing"
    case neither
}

/// How several columns of a row stand to each other.
public enum MulticolumnRule: Hashable, Sendable {
    /// The combination occurs once in the table.
    case uniqueCombination
    case sum(Double)
    case allEqual
    case allDifferent
}

/// Which rows a check of several columns does not look at.
public enum MulticolumnIgnore: String, Hashable, Sendable, CaseIterable {
    case allMissing = "all_values_are_missing"
    case anyMissing = "any_value_is_missing"
    case never
}

/// What a table as a whole has to be like.
public enum TableRule: Hashable, Sendable {
    case columnExists(String, index: Int?)
    case columnType(String, String)
    case columnCount(Bounds)
    case columnCountEquals(Int)
    case columnsMatchOrdered([String])
    case columnsMatchSet([String], isExact: Bool)
    case rowCount(Bounds)
    case rowCountEquals(Int)
    case rowCountEqualsOtherTable(String)
}
