/// What is known of a table without reading its rows, such as from the footers of Parquet files.
///
/// Only what is certain is told: a bound that may have been cut short, or that not-a-number may exceed, is absent.
public struct TableStatistics: Hashable, Sendable {
    /// How many rows there are.
    public var rowCount: Int
    /// By the column's exact name; a column of which nothing is known is absent.
    public var columns: [String: Column]

    /// Statistics of a table with `rowCount` rows.
    public init(rowCount: Int, columns: [String: Column] = [:]) {
        self.rowCount = rowCount
        self.columns = columns
    }

    /// What is known of a column.
    public struct Column: Hashable, Sendable {
        /// How many values are null; nil when that is not certain.
        public var nullCount: Int?
        /// The least and greatest value that is not null, when both are exact; nil also when all are null.
        public var minimum: SQLValue?
        /// See ``minimum``.
        public var maximum: SQLValue?
        /// A range that holds all values that are not null, though its ends may not occur.
        public var isWithin: Bool
        /// At most how many values are distinct, when dictionaries tell; nil when unknown.
        public var distinctAtMost: Int?

        /// Statistics of a column; with `isWithin` the bounds merely enclose the values.
        public init(
            nullCount: Int? = nil,
            minimum: SQLValue? = nil,
            maximum: SQLValue? = nil,
            isWithin: Bool = false,
            distinctAtMost: Int? = nil
        ) {
            self.nullCount = nullCount
            self.minimum = minimum
            self.maximum = maximum
            self.isWithin = isWithin
            self.distinctAtMost = distinctAtMost
        }
    }
}
