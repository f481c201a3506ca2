/// What a table's data is like: the result of `martlet quality profile`, and what reports draw.
///
/// As JSON, with names in snake case, it is a contract; see `Docs/profiles-and-drift.md`. Numbers that are not finite
/// are the texts `NaN`, `Infinity` and `-Infinity`; dates and times are ISO 8601 text.
public struct ProfileDocument: Codable, Hashable, Sendable {
    /// The version of this shape.
    public var version: Int
    /// What was profiled: a path, `dataset@commit`, or a query.
    public var source: String
    /// The engine that read it, with its version.
    public var engine: String
    /// How many rows there are.
    public var rowCount: Int
    /// How many columns the table has, profiled or not.
    public var columnCount: Int
    /// How many statements read the data.
    public var scans: Int
    /// In the order of the table.
    public var columns: [ColumnProfile]
    /// Single columns, then pairs, that tell every row from every other.
    public var candidateKeys: [CandidateKey]
    /// Of numeric columns, strongest first.
    public var correlations: [Correlation]
    /// Columns that have no value in the same rows, the most alike first.
    public var missingTogether: [MissingTogether]
    /// What was left out or estimated, and why: sentences for people.
    public var notes: [String]

    /// A profile with these parts.
    public init(
        version: Int = 1,
        source: String,
        engine: String,
        rowCount: Int,
        columnCount: Int,
        scans: Int = 0,
        columns: [ColumnProfile] = [],
        candidateKeys: [CandidateKey] = [],
        correlations: [Correlation] = [],
        missingTogether: [MissingTogether] = [],
        notes: [String] = []
    ) {
        self.version = version
        self.source = source
        self.engine = engine
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.scans = scans
        self.columns = columns
        self.candidateKeys = candidateKeys
        self.correlations = correlations
        self.missingTogether = missingTogether
        self.notes = notes
    }

    private enum CodingKeys: String, CodingKey {
        case version, source, engine, scans, columns, correlations, notes
        case rowCount = "row_count"
        case columnCount = "column_count"
        case candidateKeys = "candidate_keys"
        case missingTogether = "missing_together"
    }
}

/// Columns whose values, taken together, occur once each and are never null.
public struct CandidateKey: Codable, Hashable, Sendable {
    /// One column or two.
    public var columns: [String]

    /// A key of `columns`.
    public init(columns: [String]) { self.columns = columns }
}

/// How two numeric columns move together.
public struct Correlation: Codable, Hashable, Sendable {
    /// The two columns, in the order of the table.
    public var columns: [String]
    /// Pearson's coefficient over rows where both are finite numbers, -1...1.
    public var coefficient: Double
    /// How many rows it was computed from.
    public var rows: Int

    /// The coefficient of two columns.
    public init(columns: [String], coefficient: Double, rows: Int) {
        self.columns = columns
        self.coefficient = coefficient
        self.rows = rows
    }
}

/// Two columns that have no value in the same rows.
public struct MissingTogether: Codable, Hashable, Sendable {
    /// The two columns, in the order of the table.
    public var columns: [String]
    /// Rows in which both are null.
    public var both: Int
    /// Rows in which at least one is null.
    public var either: Int

    /// Counts of rows of two columns.
    public init(columns: [String], both: Int, either: Int) {
        self.columns = columns
        self.both = both
        self.either = either
    }

    /// `both` as a share of `either`, 0...1.
    public var share: Double { either == 0 ? 0 : Double(both) / Double(either) }
}
