import MartletCore

/// How a column is looked at.
enum ScanRole: Hashable, Sendable {
    /// Numbers: moments, quantiles, bins.
    case number
    /// Dates and timestamps: as numbers, seconds or days, but for the moments.
    case instant
    /// Text, and what reads as text.
    case text
    /// Values that are counted, without an order: booleans, words of an enumeration, times of day, UUIDs.
    case category
    /// Values that have a length and are otherwise only told apart: bytes, lists, maps.
    case sized
    /// Values that are only told apart: structures, intervals, all else.
    case opaque

    init(_ kind: TableColumn.Kind) {
        switch kind {
        case .integer, .decimal, .floating: self = .number
        case .date, .timestamp, .timestampWithZone: self = .instant
        case .text, .json: self = .text
        case .boolean, .enumeration, .time, .uuid: self = .category
        case .bytes, .list, .map: self = .sized
        case .structure, .interval, .other: self = .opaque
        }
    }

    /// Whether values are ordered numbers in queries.
    var isOrdered: Bool { self == .number || self == .instant }
    /// Whether single values are told.
    var tellsValues: Bool { self != .sized && self != .opaque }
}
