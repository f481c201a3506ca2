/// A type of Spark SQL.
package indirect enum SparkDataType: Hashable, Sendable {
    /// The type of a bare NULL.
    case null
    /// Bytes.
    case binary
    /// True or false.
    case boolean
    /// A whole number of 8 bits.
    case byte
    /// A whole number of 16 bits.
    case short
    /// A whole number of 32 bits.
    case integer
    /// A whole number of 64 bits.
    case long
    /// A binary fraction of 32 bits.
    case float
    /// A binary fraction of 64 bits.
    case double
    /// A decimal number with this many digits, of which `scale` are after the point.
    case decimal(precision: Int, scale: Int)
    /// Text, compared by a collation; Spark's default is `UTF8_BINARY`, given as nil.
    case string(collation: String?)
    /// Text of exactly this many characters.
    case char(Int)
    /// Text of at most this many characters.
    case varchar(Int)
    /// A day, counted from 1970-01-01.
    case date
    /// An instant in microseconds, shown in the session's time zone.
    case timestamp
    /// A date and time of day in microseconds without a time zone.
    case timestampNTZ
    /// A time of day with this many digits after the second (Spark 4.1).
    case time(precision: Int)
    /// Months, days and microseconds.
    case calendarInterval
    /// Years and months between two fields: 0 year, 1 month.
    case yearMonthInterval(start: Int, end: Int)
    /// Days to microseconds between two fields: 0 day, 1 hour, 2 minute, 3 second.
    case dayTimeInterval(start: Int, end: Int)
    /// Values of one type.
    case array(element: SparkDataType, containsNull: Bool)
    /// Values of one type by keys of another.
    case map(key: SparkDataType, value: SparkDataType, valueContainsNull: Bool)
    /// Named fields.
    case structure([SparkField])
    /// A value of any JSON-like shape (Spark 4.0).
    case variant
    /// A shape on a plane with this reference system (Spark 4.1).
    case geometry(srid: Int)
    /// A shape on the earth with this reference system (Spark 4.1).
    case geography(srid: Int)
    /// A type that a program registered: its JVM class, and what it is stored as.
    case userDefined(jvmClass: String?, storedAs: SparkDataType?)
    /// A type as text, which the server reads.
    case unparsed(String)

    /// Text with the default collation.
    package static let string = SparkDataType.string(collation: nil)
}

/// A column of a schema, or a field of a struct.
package struct SparkField: Hashable, Sendable {
    /// The name, which may repeat within a schema.
    package var name: String
    /// The type.
    package var type: SparkDataType
    /// Whether it may be null.
    package var isNullable: Bool
    /// Further properties as a JSON object, when there are any.
    package var metadata: String?

    /// A field.
    package init(_ name: String, _ type: SparkDataType, isNullable: Bool = true, metadata: String? = nil) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.metadata = metadata
    }
}
