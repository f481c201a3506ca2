/// What changed between two versions of data: the result of `martlet quality drift`.
///
/// As JSON, with names in snake case, it is a contract; see `Docs/profiles-and-drift.md`.
public struct DriftDocument: Codable, Hashable, Sendable {
    /// The version of this shape.
    public var version: Int
    /// What is compared with.
    public var reference: DriftSide
    /// What is compared.
    public var data: DriftSide
    /// Whether anything raised an alarm.
    public var drifted: Bool
    /// The thresholds, fixed before the data was read.
    public var rule: DriftRule
    /// How many tests were made, over which false discoveries are controlled.
    public var tests: Int
    /// Columns of both sides, in the order of the reference.
    public var columns: [ColumnDrift]
    /// Columns of one side only, or of another kind.
    public var schema: [SchemaDrift]
    /// One for each `--key`.
    public var keys: [KeyDrift]
    /// What was left out or estimated, and why: sentences for people.
    public var notes: [String]

    /// A report with these parts.
    public init(
        version: Int = 1,
        reference: DriftSide,
        data: DriftSide,
        drifted: Bool,
        rule: DriftRule,
        tests: Int,
        columns: [ColumnDrift],
        schema: [SchemaDrift],
        keys: [KeyDrift],
        notes: [String]
    ) {
        self.version = version
        self.reference = reference
        self.data = data
        self.drifted = drifted
        self.rule = rule
        self.tests = tests
        self.columns = columns
        self.schema = schema
        self.keys = keys
        self.notes = notes
    }
}

/// One side of a comparison.
public struct DriftSide: Codable, Hashable, Sendable {
    /// A path, `dataset@commit`, or a query.
    public var source: String
    /// How many rows it has.
    public var rowCount: Int

    /// A side.
    public init(source: String, rowCount: Int) {
        self.source = source
        self.rowCount = rowCount
    }

    private enum CodingKeys: String, CodingKey {
        case source
        case rowCount = "row_count"
    }
}

/// What changed in one column.
public struct ColumnDrift: Codable, Hashable, Sendable {
    /// Its name, exactly as in the reference.
    public var name: String
    /// Its kind in the reference; a raw value of `TableColumn.Kind`.
    public var kind: String
    /// Whether any of its aspects raised an alarm.
    public var drifted: Bool
    /// What was compared.
    public var aspects: [AspectDrift]

    /// A column with what was compared.
    public init(name: String, kind: String, drifted: Bool, aspects: [AspectDrift]) {
        self.name = name
        self.kind = kind
        self.drifted = drifted
        self.aspects = aspects
    }
}

/// What of a column is compared.
public enum DriftAspect: String, Codable, Hashable, Sendable, CaseIterable {
    /// Numbers, dates, timestamps or categories; nulls and not-a-number left out.
    case values
    /// How many characters text has.
    case lengths
    /// The share of nulls.
    case missing
    /// The share of numbers that are not finite.
    case notFinite = "not_finite"
}

/// One comparison and its verdict.
public struct AspectDrift: Codable, Hashable, Sendable {
    /// What was compared.
    public var aspect: DriftAspect
    /// Whether both the effect and its p-value say drift.
    public var alarm: Bool
    /// Why, or why not: a sentence for people.
    public var reason: String
    /// What measures the effect; `share` is the difference of two shares.
    public var metric: String
    /// How large the effect is; nil when it could not be measured.
    public var effect: Double?
    /// The effect from which on it is drift.
    public var threshold: Double
    /// The chance of such a difference without drift; nil when nothing was tested.
    public var pValue: Double?
    /// The same after Benjamini and Hochberg's adjustment over all tests of the report.
    public var adjustedPValue: Double?
    /// Rows of the reference that were compared.
    public var n: Int
    /// Rows of the data that were compared.
    public var m: Int
    /// Every distance between the two, for those who trust another; nil for shares.
    public var measures: DriftMeasures?
    /// Distances of numbers; nil for categories and shares.
    public var cumulative: CumulativeDistance?
    /// What was counted.
    public var bins: [DriftBin]

    private enum CodingKeys: String, CodingKey {
        case aspect, alarm, reason, metric, effect, threshold, n, m, measures, cumulative, bins
        case pValue = "p_value"
        case adjustedPValue = "adjusted_p_value"
    }
}

/// Rows of one bin on both sides.
public struct DriftBin: Codable, Hashable, Sendable {
    /// What the bin is for.
    public enum Kind: String, Codable, Hashable, Sendable {
        /// A range of numbers, or a value.
        case values
        /// What the reference never has: categories, or numbers beyond its range.
        case unseen
        /// Categories too rare or too many to be told apart.
        case other
        /// Rows without a value; no part of the distribution of values.
        case null
        /// Not-a-number and the infinities; no part of the distribution of values.
        case notFinite = "not_finite"
    }

    /// What the bin is for.
    public var kind: Kind
    /// The value, or the range as `(1, 2]`.
    public var label: String
    /// Rows of the reference.
    public var reference: Int
    /// Rows of the data.
    public var data: Int

    /// A bin with its counts.
    public init(kind: Kind, label: String, reference: Int, data: Int) {
        self.kind = kind
        self.label = label
        self.reference = reference
        self.data = data
    }
}

/// A column that one side lacks, or that is of another kind.
public struct SchemaDrift: Codable, Hashable, Sendable {
    /// What happened to a column.
    public enum Change: String, Codable, Hashable, Sendable {
        /// The data lacks it; an alarm.
        case missing
        /// Only the data has it; no alarm.
        case added
        /// Its values are of another kind, such as text instead of numbers; an alarm.
        case kindChanged = "kind_changed"
        /// Its type differs, but values compare, such as `INTEGER` and `BIGINT`; no alarm.
        case typeChanged = "type_changed"
    }

    /// The column's name.
    public var column: String
    /// What happened to it.
    public var change: Change
    /// Its type in the reference; nil when it has none.
    public var referenceType: String?
    /// Its type in the data; nil when it has none.
    public var dataType: String?
    /// Whether that counts as drift.
    public var alarm: Bool

    private enum CodingKeys: String, CodingKey {
        case column, change, alarm
        case referenceType = "reference_type"
        case dataType = "data_type"
    }
}

/// How the keys of two versions overlap.
public struct KeyDrift: Codable, Hashable, Sendable {
    /// The columns of the key.
    public var columns: [String]
    /// Distinct keys of the reference; keys with a null are left out.
    public var reference: Int
    /// Distinct keys of the data.
    public var data: Int
    /// Keys of both.
    public var common: Int
    /// Rows of the reference whose key is another row's, too.
    public var referenceDuplicates: Int
    /// Rows of the data whose key is another row's, too.
    public var dataDuplicates: Int
    /// The share of the reference's keys that the data has to keep; nil when none was asked for.
    public var threshold: Double?
    /// Whether the data keeps fewer.
    public var alarm: Bool

    /// Keys of the data that the reference lacks.
    public var new: Int { data - common }
    /// Keys of the reference that the data lacks.
    public var vanished: Int { reference - common }
    /// The share of the reference's keys that the data keeps; 1 when there are none.
    public var kept: Double { reference == 0 ? 1 : Double(common) / Double(reference) }
}

extension KeyDrift {
    private enum CodingKeys: String, CodingKey {
        case columns, reference, data, common, new, vanished, kept, threshold, alarm
        case referenceDuplicates = "reference_duplicates"
        case dataDuplicates = "data_duplicates"
    }

    /// Decodes what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        columns = try members.decode([String].self, forKey: .columns)
        reference = try members.decode(Int.self, forKey: .reference)
        data = try members.decode(Int.self, forKey: .data)
        common = try members.decode(Int.self, forKey: .common)
        referenceDuplicates = try members.decode(Int.self, forKey: .referenceDuplicates)
        dataDuplicates = try members.decode(Int.self, forKey: .dataDuplicates)
        threshold = try members.decodeIfPresent(Double.self, forKey: .threshold)
        alarm = try members.decode(Bool.self, forKey: .alarm)
    }

    /// Encodes all members, and those that follow from them.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(columns, forKey: .columns)
        try members.encode(reference, forKey: .reference)
        try members.encode(data, forKey: .data)
        try members.encode(common, forKey: .common)
        try members.encode(new, forKey: .new)
        try members.encode(vanished, forKey: .vanished)
        try members.encode(kept, forKey: .kept)
        try members.encode(referenceDuplicates, forKey: .referenceDuplicates)
        try members.encode(dataDuplicates, forKey: .dataDuplicates)
        try members.encodeIfPresent(threshold, forKey: .threshold)
        try members.encode(alarm, forKey: .alarm)
    }
}
