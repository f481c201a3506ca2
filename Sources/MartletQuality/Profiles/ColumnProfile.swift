public import MartletCore

/// What one column's values are like.
public struct ColumnProfile: Codable, Hashable, Sendable {
    /// Its name, exactly.
    public var name: String
    /// Its type as the engine spells it.
    public var type: String
    /// What kind of type that is; a raw value of `TableColumn.Kind`.
    public var kind: String
    /// Rows without a value.
    public var nullCount: Int
    /// Distinct values that are not null; nil where that was not counted.
    public var distinct: DistinctCount?
    /// The least value, of finite numbers only; nil without values, and for kinds without an order that helps.
    public var minimum: JSONValue?
    /// See ``minimum``.
    public var maximum: JSONValue?
    /// Only of numeric columns; nil for the others.
    public var numbers: NumberFacts?
    /// Of numbers, dates and timestamps; empty for the others.
    public var quantiles: [Quantile]
    /// Bins of the same width; nil without numbers, dates or timestamps.
    public var histogram: ValueHistogram?
    /// Bins of about the same number of rows; nil as ``histogram``.
    public var quantileHistogram: ValueHistogram?
    /// The most frequent values, the most frequent first.
    public var topValues: [ValueCount]
    /// Whether `topValues` are certainly the most frequent; their counts always are exact.
    public var topValuesAreExact: Bool
    /// Characters of text, bytes, or elements of lists and maps; nil for other kinds.
    public var lengths: LengthFacts?
    /// What text looks like, the most frequent first; empty for other kinds.
    public var patterns: [PatternCount]
    /// How many values the patterns were taken from; less than the rows when they come from a sample.
    public var patternRows: Int

    /// A profile of a column of which only name, type and kind are known.
    public init(column: TableColumn, nullCount: Int = 0) {
        name = column.name
        type = column.type
        kind = column.kind.rawValue
        self.nullCount = nullCount
        quantiles = []
        topValues = []
        topValuesAreExact = true
        patterns = []
        patternRows = 0
    }

    private enum CodingKeys: String, CodingKey {
        case name, type, kind, distinct, minimum, maximum, numbers, quantiles, histogram, lengths, patterns
        case nullCount = "null_count"
        case quantileHistogram = "quantile_histogram"
        case topValues = "top_values"
        case topValuesAreExact = "top_values_exact"
        case patternRows = "pattern_rows"
    }
}

/// How many values are distinct.
public struct DistinctCount: Codable, Hashable, Sendable {
    /// How often.
    public var count: Int
    /// Whether that was counted; otherwise it is estimated, within a few percent.
    public var isExact: Bool

    /// A count.
    public init(count: Int, isExact: Bool) {
        self.count = count
        self.isExact = isExact
    }

    private enum CodingKeys: String, CodingKey {
        case count
        case isExact = "exact"
    }
}

/// Facts that only numbers have; all but the counts are of finite ones.
public struct NumberFacts: Codable, Hashable, Sendable {
    /// Nil without finite values.
    public var mean: Double?
    /// The sample's standard deviation, by n - 1; nil with fewer than two values, or when it overflows.
    public var standardDeviation: Double?
    /// Values that are not a number.
    public var nanCount: Int
    /// Values that are infinity.
    public var positiveInfinityCount: Int
    /// Values that are negative infinity.
    public var negativeInfinityCount: Int
    /// Values that are zero.
    public var zeroCount: Int
    /// Values below zero, negative infinity left out.
    public var negativeCount: Int

    /// Facts of a column.
    public init(
        mean: Double? = nil,
        standardDeviation: Double? = nil,
        nanCount: Int = 0,
        positiveInfinityCount: Int = 0,
        negativeInfinityCount: Int = 0,
        zeroCount: Int = 0,
        negativeCount: Int = 0
    ) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.nanCount = nanCount
        self.positiveInfinityCount = positiveInfinityCount
        self.negativeInfinityCount = negativeInfinityCount
        self.zeroCount = zeroCount
        self.negativeCount = negativeCount
    }

    private enum CodingKeys: String, CodingKey {
        case mean
        case standardDeviation = "stddev"
        case nanCount = "nan_count"
        case positiveInfinityCount = "infinity_count"
        case negativeInfinityCount = "negative_infinity_count"
        case zeroCount = "zero_count"
        case negativeCount = "negative_count"
    }
}

/// A value that a share of the rows is at or below.
public struct Quantile: Codable, Hashable, Sendable {
    /// The share, 0...1.
    public var share: Double
    /// The value.
    public var value: JSONValue
    /// How far the share of rows at or below the value may be from `share`; 0 is exact.
    public var shareError: Double

    /// A quantile.
    public init(share: Double, value: JSONValue, shareError: Double = 0) {
        self.share = share
        self.value = value
        self.shareError = shareError
    }

    private enum CodingKeys: String, CodingKey {
        case share, value
        case shareError = "share_error"
    }
}

/// Counts of values by range.
///
/// Bin `i` holds values above `edges[i]` and up to `edges[i + 1]`; the first bin holds its lower edge as well. Counts
/// are exact. Numbers that are not finite are in no bin.
public struct ValueHistogram: Codable, Hashable, Sendable {
    /// Numbers, or dates and times as text; one more than there are bins.
    public var edges: [JSONValue]
    /// One for each bin.
    public var counts: [Int]

    /// Bins between edges.
    public init(edges: [JSONValue], counts: [Int]) {
        self.edges = edges
        self.counts = counts
    }
}

/// A value and how often it occurs.
public struct ValueCount: Codable, Hashable, Sendable {
    /// Text is cut after `Limits.profiledTextCharacters`.
    public var value: JSONValue
    /// How often.
    public var count: Int

    /// A value with its count.
    public init(value: JSONValue, count: Int) {
        self.value = value
        self.count = count
    }
}

/// Lengths of values that have one.
public struct LengthFacts: Codable, Hashable, Sendable {
    /// The shortest.
    public var minimum: Int
    /// The longest.
    public var maximum: Int
    /// The mean.
    public var mean: Double
    /// Values of length 0.
    public var emptyCount: Int

    /// Lengths of a column.
    public init(minimum: Int, maximum: Int, mean: Double, emptyCount: Int) {
        self.minimum = minimum
        self.maximum = maximum
        self.mean = mean
        self.emptyCount = emptyCount
    }

    private enum CodingKeys: String, CodingKey {
        case minimum, maximum, mean
        case emptyCount = "empty_count"
    }
}

/// A shape of text and how often it occurs; see ``TextMask``.
public struct PatternCount: Codable, Hashable, Sendable {
    /// The mask, such as `AA-999`.
    public var mask: String
    /// Among the column's ``ColumnProfile/patternRows``.
    public var count: Int

    /// A mask with its count.
    public init(mask: String, count: Int) {
        self.mask = mask
        self.count = count
    }
}
