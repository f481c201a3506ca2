import MartletCore

/// A type of Arrow, as far as Spark sends it.
package indirect enum ArrowType: Hashable, Sendable {
    case null
    case boolean
    /// A whole number of 8, 16, 32 or 64 bits.
    case integer(bits: Int, isSigned: Bool)
    case float
    case double
    /// A number of `precision` decimal digits, `scale` of them after the point; 128 bits.
    case decimal(precision: Int, scale: Int)
    /// Text; `isLarge` says that its offsets have 64 bits.
    case utf8(isLarge: Bool)
    /// Bytes; `isLarge` says that its offsets have 64 bits.
    case binary(isLarge: Bool)
    /// Days since 1970-01-01, 32 bits.
    case date
    /// Milliseconds since 1970-01-01 that are whole days, 64 bits.
    case dateMilliseconds
    /// Time since midnight; 32 bits for seconds and milliseconds, 64 for the others.
    case time(ArrowTimeUnit)
    /// Time since 1970-01-01T00:00:00, of UTC if there is a zone to show it in, or else of no zone; 64 bits.
    case timestamp(ArrowTimeUnit, zone: String?)
    /// A span of time, 64 bits; Spark's day-time interval in microseconds.
    case duration(ArrowTimeUnit)
    case interval(ArrowIntervalUnit)
    /// A list; `isLarge` says that its offsets have 64 bits.
    case list(ArrowField, isLarge: Bool)
    case structure([ArrowField])
    /// A list of structures of a key and a value.
    case map(key: ArrowField, value: ArrowField, entries: String, keysSorted: Bool)

    /// Its name in Spark's SQL; in Arrow's words when Spark has no such type.
    package var sparkName: String {
        switch self {
        case .null: "void"
        case .boolean: "boolean"
        case .integer(let bits, let isSigned):
            (isSigned ? [8: "tinyint", 16: "smallint", 32: "int", 64: "bigint"][bits] : nil)
                ?? "\(isSigned ? "int" : "uint")\(bits)"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .utf8: "string"
        case .binary: "binary"
        case .date, .dateMilliseconds: "date"
        case .time: "time"
        case .timestamp(_, let zone): zone == nil ? "timestamp_ntz" : "timestamp"
        case .duration: "interval day to second"
        case .interval(.yearMonth): "interval year to month"
        case .interval: "interval"
        case .list(let element, _): "array<\(element.type.sparkName)>"
        case .structure(let members):
            "struct<\(members.map { "\($0.name):\($0.type.sparkName)" }.joined(separator: ","))>"
        case .map(let key, let value, _, _): "map<\(key.type.sparkName),\(value.type.sparkName)>"
        }
    }

    /// How many bytes a value has in a buffer of values of one width; nil for others.
    var width: Int? {
        switch self {
        case .integer(let bits, _): bits / 8
        case .float, .date, .interval(.yearMonth), .time(.second), .time(.millisecond): 4
        case .double, .dateMilliseconds, .time, .timestamp, .duration, .interval(.dayTime): 8
        case .decimal, .interval(.monthDayNano): 16
        case .null, .boolean, .utf8, .binary, .list, .structure, .map: nil
        }
    }
}

/// What a time counts.
package enum ArrowTimeUnit: Int, Hashable, Sendable, CaseIterable {
    case second, millisecond, microsecond, nanosecond

    /// How many of it are a second.
    package var perSecond: Int64 {
        switch self {
        case .second: 1
        case .millisecond: 1000
        case .microsecond: 1_000_000
        case .nanosecond: 1_000_000_000
        }
    }
}

/// What a calendar interval counts.
package enum ArrowIntervalUnit: Int, Hashable, Sendable, CaseIterable {
    /// Months, 32 bits.
    case yearMonth
    /// Days and milliseconds, 32 bits each.
    case dayTime
    /// Months and days of 32 bits each, and nanoseconds of 64.
    case monthDayNano
}

/// A column of a schema, or a part of one.
package struct ArrowField: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its type.
    package var type: ArrowType
    /// Whether it may have nulls.
    package var isNullable: Bool
    /// What the writer says besides; Spark marks variants and geometries in this way.
    package var metadata: [String: String]

    /// A field of `type`.
    package init(_ name: String, _ type: ArrowType, isNullable: Bool = true, metadata: [String: String] = [:]) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.metadata = metadata
    }
}

extension ArrowSchema {
    /// Checks that the columns are those of another schema: names, types and all within them.
    ///
    /// Spark's own client asks for as much: every batch of a result is a stream with a schema of its own, and all of them
    /// are the same.
    ///
    /// - Throws: `.arrowMalformed`.
    func check(against expected: ArrowSchema) throws(MartletError) {
        guard fields.count == expected.fields.count else {
            throw ArrowFailure.malformed(
                "a batch has \(fields.count) columns, and those before it have \(expected.fields.count)"
            )
        }
        for (field, other) in zip(fields, expected.fields) where field != other {
            throw ArrowFailure.malformed("column \(other.name) is of another kind than in the batches before")
        }
    }
}

/// The columns of a batch.
package struct ArrowSchema: Hashable, Sendable {
    /// The columns in their order; names may repeat.
    package var fields: [ArrowField]
    /// What the writer says besides.
    package var metadata: [String: String]

    /// A schema of `fields`.
    package init(_ fields: [ArrowField], metadata: [String: String] = [:]) {
        self.fields = fields
        self.metadata = metadata
    }
}
