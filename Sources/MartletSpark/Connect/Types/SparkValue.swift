/// A value that is given to Spark as a literal: a parameter of a query.
package indirect enum SparkValue: Hashable, Sendable {
    /// NULL of a type; of `.null` when it does not matter.
    case null(SparkDataType)
    /// Bytes.
    case binary([UInt8])
    /// True or false.
    case boolean(Bool)
    /// A whole number of 8 bits.
    case byte(Int8)
    /// A whole number of 16 bits.
    case short(Int16)
    /// A whole number of 32 bits.
    case integer(Int32)
    /// A whole number of 64 bits.
    case long(Int64)
    /// A binary fraction of 32 bits.
    case float(Float)
    /// A binary fraction of 64 bits.
    case double(Double)
    /// A decimal number as its digits, as in `-12.50`. As a parameter Spark gives it the narrowest type that holds them.
    case decimal(String, precision: Int, scale: Int)
    /// Text.
    case string(String)
    /// Days since 1970-01-01.
    case date(days: Int32)
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp(microseconds: Int64)
    /// Microseconds since 1970-01-01 00:00 of a local time.
    case timestampNTZ(microseconds: Int64)
    /// Nanoseconds since midnight (Spark 4.1).
    case time(nanoseconds: Int64, precision: Int)
    /// Months, days and microseconds.
    case calendarInterval(months: Int32, days: Int32, microseconds: Int64)
    /// Months.
    case yearMonthInterval(months: Int32)
    /// Microseconds.
    case dayTimeInterval(microseconds: Int64)
    /// Values of one type.
    case array(element: SparkDataType, [SparkValue])
    /// Values by keys, in the order given.
    case map(key: SparkDataType, value: SparkDataType, [SparkEntry])
    /// Named fields with their values.
    case structure([SparkField], [SparkValue])
}

/// One entry of a map.
package struct SparkEntry: Hashable, Sendable {
    /// The key.
    package var key: SparkValue
    /// The value.
    package var value: SparkValue

    /// An entry.
    package init(_ key: SparkValue, _ value: SparkValue) {
        self.key = key
        self.value = value
    }
}

/// The parameters of a query.
package enum SparkArguments: Hashable, Sendable {
    /// None.
    case none
    /// By name, for `:name` in the text.
    case named([String: SparkValue])
    /// By position, for `?` in the text.
    case positional([SparkValue])
}
