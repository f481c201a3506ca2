import MartletCore

/// A type of DuckDB, as far as reading its values needs to know it.
indirect enum DuckDBType: Hashable, Sendable {
    case boolean
    /// A whole number of so many bits, up to 128.
    case integer(bits: Int, isSigned: Bool)
    case float
    case double
    /// Stored in a whole number of so many bits.
    case decimal(width: Int, scale: Int, bits: Int)
    case varchar
    /// A VARCHAR that goes by another name, such as JSON.
    case alias(String)
    case blob
    case bit
    case date
    case time
    case timeWithZone
    case timeNanoseconds
    case timestamp(TimestampUnit)
    case timestampWithZone
    case interval
    case uuid
    /// Stored as an index into the words, in so many bits.
    case enumeration([String], bits: Int)
    case list(DuckDBType)
    case array(DuckDBType, count: Int)
    case map(key: DuckDBType, value: DuckDBType)
    case structure([Member])
    /// The type of a bare NULL.
    case null
    /// Any other; its values are read only as text.
    case other

    /// A member of a structure.
    struct Member: Hashable, Sendable {
        var name: String
        var type: DuckDBType
    }

    /// What a timestamp counts since 1970.
    enum TimestampUnit: Hashable, Sendable {
        case seconds, milliseconds, microseconds, nanoseconds
    }

    /// The type as DuckDB spells it.
    var name: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .integer(let bits, let isSigned): (isSigned ? "" : "U") + (Self.integerNames[bits] ?? "BIGINT")
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .decimal(let width, let scale, _): "DECIMAL(\(width),\(scale))"
        case .varchar: "VARCHAR"
        case .alias(let name): name
        case .blob: "BLOB"
        case .bit: "BIT"
        case .date: "DATE"
        case .time: "TIME"
        case .timeWithZone: "TIME WITH TIME ZONE"
        case .timeNanoseconds: "TIME_NS"
        case .timestamp(.seconds): "TIMESTAMP_S"
        case .timestamp(.milliseconds): "TIMESTAMP_MS"
        case .timestamp(.microseconds): "TIMESTAMP"
        case .timestamp(.nanoseconds): "TIMESTAMP_NS"
        case .timestampWithZone: "TIMESTAMP WITH TIME ZONE"
        case .interval: "INTERVAL"
        case .uuid: "UUID"
        case .enumeration(let words, _): "ENUM(\(words.map(SQLText.string).joined(separator: ", ")))"
        case .list(let element): "\(element.name)[]"
        case .array(let element, let count): "\(element.name)[\(count)]"
        case .map(let key, let value): "MAP(\(key.name), \(value.name))"
        case .structure(let members):
            "STRUCT(\(members.map { "\(SQLText.plainIdentifier($0.name)) \($0.type.name)" }.joined(separator: ", ")))"
        case .null: "\"NULL\""
        case .other: "UNKNOWN"
        }
    }

    private static let integerNames = [8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT", 128: "HUGEINT"]

    /// What kind of type it is.
    var kind: TableColumn.Kind {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .float, .double: .floating
        case .decimal: .decimal
        case .varchar: .text
        case .alias(let name): name == "JSON" ? .json : .other
        case .blob: .bytes
        case .date: .date
        case .time, .timeNanoseconds: .time
        case .timestamp: .timestamp
        case .timestampWithZone: .timestampWithZone
        case .interval: .interval
        case .uuid: .uuid
        case .enumeration: .enumeration
        case .list, .array: .list
        case .map: .map
        case .structure: .structure
        case .bit, .timeWithZone, .null, .other: .other
        }
    }

    /// Whether values of it can be read as they are; others have to be cast to VARCHAR in the query.
    var isReadable: Bool {
        switch self {
        case .other: false
        case .list(let element), .array(let element, _): element.isReadable
        case .map(let key, let value): key.isReadable && value.isReadable
        case .structure(let members): members.allSatisfy(\.type.isReadable)
        default: true
        }
    }
}
