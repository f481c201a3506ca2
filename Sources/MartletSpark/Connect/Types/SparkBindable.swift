import MartletCore

/// A Swift value that can be a parameter of a query.
package protocol SparkBindable {
    /// The type that it has in Spark.
    static var sparkType: SparkDataType { get }
    /// The value as a literal.
    var sparkValue: SparkValue { get }
}

extension Bool: SparkBindable {
    /// `BOOLEAN`.
    package static var sparkType: SparkDataType { .boolean }
    /// The value as a literal.
    package var sparkValue: SparkValue { .boolean(self) }
}

extension Int8: SparkBindable {
    /// `TINYINT`.
    package static var sparkType: SparkDataType { .byte }
    /// The value as a literal.
    package var sparkValue: SparkValue { .byte(self) }
}

extension Int16: SparkBindable {
    /// `SMALLINT`.
    package static var sparkType: SparkDataType { .short }
    /// The value as a literal.
    package var sparkValue: SparkValue { .short(self) }
}

extension Int32: SparkBindable {
    /// `INT`.
    package static var sparkType: SparkDataType { .integer }
    /// The value as a literal.
    package var sparkValue: SparkValue { .integer(self) }
}

extension Int64: SparkBindable {
    /// `BIGINT`.
    package static var sparkType: SparkDataType { .long }
    /// The value as a literal.
    package var sparkValue: SparkValue { .long(self) }
}

extension Int: SparkBindable {
    /// `BIGINT`.
    package static var sparkType: SparkDataType { .long }
    /// The value as a literal.
    package var sparkValue: SparkValue { .long(Int64(self)) }
}

extension UInt8: SparkBindable {
    /// `SMALLINT`, the smallest type that holds all of them.
    package static var sparkType: SparkDataType { .short }
    /// The value as a literal.
    package var sparkValue: SparkValue { .short(Int16(self)) }
}

extension UInt16: SparkBindable {
    /// `INT`, the smallest type that holds all of them.
    package static var sparkType: SparkDataType { .integer }
    /// The value as a literal.
    package var sparkValue: SparkValue { .integer(Int32(self)) }
}

extension UInt32: SparkBindable {
    /// `BIGINT`, the smallest type that holds all of them.
    package static var sparkType: SparkDataType { .long }
    /// The value as a literal.
    package var sparkValue: SparkValue { .long(Int64(self)) }
}

extension UInt64: SparkBindable {
    /// `DECIMAL(20,0)`, the smallest type that holds all of them.
    package static var sparkType: SparkDataType { .decimal(precision: 20, scale: 0) }
    /// The value as a literal.
    package var sparkValue: SparkValue { .decimal(String(self), precision: 20, scale: 0) }
}

extension Float: SparkBindable {
    /// `FLOAT`.
    package static var sparkType: SparkDataType { .float }
    /// The value as a literal.
    package var sparkValue: SparkValue { .float(self) }
}

extension Double: SparkBindable {
    /// `DOUBLE`.
    package static var sparkType: SparkDataType { .double }
    /// The value as a literal.
    package var sparkValue: SparkValue { .double(self) }
}

extension String: SparkBindable {
    /// `STRING`.
    package static var sparkType: SparkDataType { .string }
    /// The value as a literal.
    package var sparkValue: SparkValue { .string(self) }
}

extension Timestamp: SparkBindable {
    /// `TIMESTAMP`.
    package static var sparkType: SparkDataType { .timestamp }
    /// The value as a literal.
    package var sparkValue: SparkValue { .timestamp(microseconds: microseconds) }
}

extension Duration: SparkBindable {
    /// `INTERVAL DAY TO SECOND`.
    package static var sparkType: SparkDataType { .dayTimeInterval(start: 0, end: 3) }
    /// The value as a literal, cut to microseconds, and to the longest interval that Spark has.
    package var sparkValue: SparkValue {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        let (whole, overflow2) = seconds.addingReportingOverflow(components.attoseconds / 1_000_000_000_000)
        guard !overflow, !overflow2 else {
            return .dayTimeInterval(microseconds: components.seconds < 0 ? .min : .max)
        }
        return .dayTimeInterval(microseconds: whole)
    }
}

extension Optional: SparkBindable where Wrapped: SparkBindable {
    /// The type of the value.
    package static var sparkType: SparkDataType { Wrapped.sparkType }
    /// The value as a literal, or NULL of its type.
    package var sparkValue: SparkValue { map(\.sparkValue) ?? .null(Wrapped.sparkType) }
}

extension Array: SparkBindable where Element: SparkBindable {
    /// An array; of bytes it is `BINARY`.
    package static var sparkType: SparkDataType {
        Element.self == UInt8.self ? .binary : .array(element: Element.sparkType, containsNull: true)
    }
    /// The value as a literal.
    package var sparkValue: SparkValue {
        if let bytes = self as? [UInt8] { return .binary(bytes) }
        return .array(element: Element.sparkType, map(\.sparkValue))
    }
}

extension Dictionary: SparkBindable where Key: SparkBindable, Value: SparkBindable {
    /// A map.
    package static var sparkType: SparkDataType {
        .map(key: Key.sparkType, value: Value.sparkType, valueContainsNull: true)
    }
    /// The value as a literal.
    package var sparkValue: SparkValue {
        .map(key: Key.sparkType, value: Value.sparkType, map { SparkEntry($0.key.sparkValue, $0.value.sparkValue) })
    }
}

extension SparkValue: SparkBindable {
    /// The type of a bare NULL, since it varies.
    package static var sparkType: SparkDataType { .null }
    /// The value itself.
    package var sparkValue: SparkValue { self }
}

extension SparkArguments {
    /// Parameters by name, of any Swift values that can be bound.
    package static func named(values: [String: any SparkBindable]) -> SparkArguments {
        .named(values.mapValues(\.sparkValue))
    }

    /// Parameters by position, of any Swift values that can be bound.
    package static func positional(values: [any SparkBindable]) -> SparkArguments {
        .positional(values.map(\.sparkValue))
    }
}
