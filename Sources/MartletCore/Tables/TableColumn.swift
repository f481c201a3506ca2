/// A column of a table or of a query's result.
public struct TableColumn: Hashable, Sendable {
    /// Its name, exactly.
    public var name: String
    /// Its type as the engine spells it: `BIGINT`, `DECIMAL(9,2)`, `STRUCT(a INTEGER)`.
    public var type: String
    /// What kind of type that is.
    public var kind: Kind

    /// The column called `name`.
    public init(name: String, type: String, kind: Kind) {
        self.name = name
        self.type = type
        self.kind = kind
    }

    /// Kinds of types, as far as checks tell them apart.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case boolean, integer, decimal, floating, text, bytes, date, time, timestamp
        case timestampWithZone = "timestamp_with_zone"
        case interval, uuid, json, enumeration, list, structure, map, other

        /// Whether values are numbers.
        public var isNumeric: Bool { self == .integer || self == .decimal || self == .floating }
        /// Whether values are points in time.
        public var isTemporal: Bool { self == .date || self == .timestamp || self == .timestampWithZone }
    }
}

/// Rows that a query returned.
public struct SQLTable: Hashable, Sendable {
    /// The columns in their order.
    public var columns: [TableColumn]
    /// The rows; each has as many values as there are columns.
    public var rows: [[SQLValue]]

    /// Rows with their columns.
    public init(columns: [TableColumn], rows: [[SQLValue]]) {
        self.columns = columns
        self.rows = rows
    }
}
