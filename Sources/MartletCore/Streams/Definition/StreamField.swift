/// The type of a column of a stream.
public enum StreamType: String, Hashable, Codable, Sendable, CaseIterable {
    /// A whole number of 64 bits.
    case integer
    /// A floating-point number of 64 bits (IEEE 754).
    case double
    /// Text in UTF-8; bytes that are no text are kept as they are.
    case text
    /// True or false.
    case boolean
    /// An instant: microseconds since 1970-01-01T00:00:00Z.
    case timestamp

    /// Whether the values can be added up.
    public var isNumber: Bool { self == .integer || self == .double }
}

/// A column of a stream: its name and the type of its values.
public struct StreamField: Hashable, Codable, Sendable {
    /// The name, as expressions write it.
    public var name: String
    /// The type of the values; every column may have nulls.
    public var type: StreamType

    /// The column called `name`.
    public init(_ name: String, _ type: StreamType) {
        self.name = name
        self.type = type
    }
}
