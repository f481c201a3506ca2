/// What an aggregate computes of the records of one key and window.
public enum AggregateFunction: String, Hashable, Codable, Sendable, CaseIterable {
    /// How many records there are, or how many have a value.
    case count
    /// The exact sum, rounded once; of whole numbers, null when it does not fit into 64 bits.
    case sum
    /// The sum divided by the number of values.
    case average = "avg"
    /// The least value; NaN is above all numbers.
    case minimum = "min"
    /// The greatest value.
    case maximum = "max"
    /// How many different values there are.
    case distinct = "count_distinct"
    /// The value with the earliest event time; of equal times, with the lowest partition and offset. Nulls are skipped.
    case first
    /// The value with the latest event time; of equal times, with the highest partition and offset. Nulls are skipped.
    case last
    /// The sample standard deviation; null of fewer than two values.
    case deviation = "stddev"

    /// The type of the result for values of `type`; nil when the function does not take them.
    ///
    /// `count` also takes no values at all.
    public func result(of type: StreamType?) -> StreamType? {
        switch self {
        case .count: .integer
        case .distinct: type == nil ? nil : .integer
        case .sum: type.flatMap { $0.isNumber ? $0 : nil }
        case .average, .deviation: type.flatMap { $0.isNumber ? .double : nil }
        case .minimum, .maximum, .first, .last: type
        }
    }
}

/// One aggregate of a definition.
public struct AggregateSpec: Hashable, Codable, Sendable {
    /// The name of the result.
    public var name: String
    /// What is computed.
    public var function: AggregateFunction
    /// Of what: a column or an expression; nil only for `count`, which then counts records.
    public var of: String?

    /// The aggregate `name`.
    public init(_ name: String, _ function: AggregateFunction, of expression: String? = nil) {
        self.name = name
        self.function = function
        of = expression
    }
}
