public import MartletCore

/// What came of a check, before it is written in some form.
public struct CheckOutcome: Hashable, Sendable {
    /// Whether the data is as expected.
    public var success: Bool
    /// What was seen.
    public var observation: Observation
    /// Why the check could not be made; then it has not succeeded.
    public var failure: CheckFailure?

    /// An outcome with what was seen.
    public init(success: Bool, observation: Observation, failure: CheckFailure? = nil) {
        self.success = success
        self.observation = observation
        self.failure = failure
    }

    /// What was seen.
    public enum Observation: Hashable, Sendable {
        /// Nothing that is told, as for a column that exists.
        case nothing
        /// Rows or values that were counted: column, pair and multicolumn checks.
        case counts(RowCounts)
        /// One value and what explains it; nil leaves `observed_value` out.
        case value(JSONValue?, details: [String: JSONValue] = [:], counts: [String: JSONValue] = [:])
    }
}

/// Counts of values or rows, and some of those that are not as expected.
public struct RowCounts: Hashable, Sendable {
    /// Rows after the row condition.
    public var elementCount: Int
    /// Rows without a value; nil where nulls are themselves what is tested.
    public var missingCount: Int?
    /// Rows that are not as expected.
    public var unexpectedCount: Int
    /// The first of the values that are not as expected: a scalar, a list of two, or an object by column.
    public var unexpectedValues: [JSONValue]
    /// Where they are: the values of the index columns and the tested ones, by column; nil when not asked for.
    public var unexpectedIndex: [JSONValue]?
    /// A query that finds them; nil when not asked for.
    public var indexQuery: String?
    /// Whole rows that are not as expected; nil when not asked for.
    public var unexpectedRows: [JSONValue]?

    /// Counts with what was fetched.
    public init(
        elementCount: Int,
        missingCount: Int?,
        unexpectedCount: Int,
        unexpectedValues: [JSONValue] = [],
        unexpectedIndex: [JSONValue]? = nil,
        indexQuery: String? = nil,
        unexpectedRows: [JSONValue]? = nil
    ) {
        self.elementCount = elementCount
        self.missingCount = missingCount
        self.unexpectedCount = unexpectedCount
        self.unexpectedValues = unexpectedValues
        self.unexpectedIndex = unexpectedIndex
        self.indexQuery = indexQuery
        self.unexpectedRows = unexpectedRows
    }
}

/// Why a check could not be made.
public struct CheckFailure: Hashable, Sendable {
    /// What it is that failed, as a metric's id: `column_values.between.unexpected_count(x)`.
    public var metric: String
    /// What is wrong, where, and how to mend it.
    public var error: MartletError

    /// The failure of `metric`.
    public init(metric: String, error: MartletError) {
        self.metric = metric
        self.error = error
    }
}

/// How much of an outcome is written, as in Great Expectations.
public struct ResultFormat: Hashable, Sendable {
    /// The level; each tells more than the one before.
    public enum Level: String, Hashable, Sendable, CaseIterable, Comparable {
        case booleanOnly = "BOOLEAN_ONLY"
        case basic = "BASIC"
        case summary = "SUMMARY"
        case complete = "COMPLETE"

        /// Whether `left` tells less.
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// How much is told.
    public var level: Level
    /// Most unexpected values in partial lists.
    public var partialUnexpectedCount: Int
    /// Whether whole rows are told.
    public var includesUnexpectedRows: Bool
    /// The columns that tell where a row is; empty tells nothing.
    public var indexColumns: [String]
    /// Whether the query that finds unexpected rows is told.
    public var returnsIndexQuery: Bool
    /// Whether values are left out, and only counts and places told.
    public var excludesValues: Bool
    /// Whether rows are objects by column also where GX would write text.
    public var rowsAsObjects: Bool

    /// A format of `level` with the defaults of Great Expectations.
    public init(
        level: Level = .summary,
        partialUnexpectedCount: Int = 20,
        includesUnexpectedRows: Bool = false,
        indexColumns: [String] = [],
        returnsIndexQuery: Bool = true,
        excludesValues: Bool = false,
        rowsAsObjects: Bool = false
    ) {
        self.level = level
        self.partialUnexpectedCount = partialUnexpectedCount
        self.includesUnexpectedRows = includesUnexpectedRows
        self.indexColumns = indexColumns
        self.returnsIndexQuery = returnsIndexQuery
        self.excludesValues = excludesValues
        self.rowsAsObjects = rowsAsObjects
    }
}

/// Whose semantics decide where engines disagree.
public enum Semantics: String, Hashable, Sendable, CaseIterable {
    /// Those of GX over an SQL database.
    case sql
    /// Those of GX over pandas.
    case pandas
}
