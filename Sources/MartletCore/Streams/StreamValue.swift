/// One value of a column, of a key or of an aggregate.
public enum StreamValue: Hashable, Sendable {
    /// No value; of every type.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case double(Double)
    /// A text.
    case text(String)
    /// True or false.
    case boolean(Bool)
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp(Int64)

    /// The type; nil for null, which is of every type.
    public var type: StreamType? {
        switch self {
        case .null: nil
        case .integer: .integer
        case .double: .double
        case .text: .text
        case .boolean: .boolean
        case .timestamp: .timestamp
        }
    }
}
