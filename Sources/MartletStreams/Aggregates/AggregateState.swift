import MartletCore

/// What the records of a batch give to an aggregate.
struct AggregateInput {
    /// The values; nil for `count` without one.
    var column: StreamColumn?
    /// The event times.
    var times: [Int64]
    /// Where the records are from, which breaks ties between equal times.
    var partition: Int32
    var offsets: [Int64]
}

/// The partial results of one aggregate, one a row.
///
/// All results are exact, so that records may come, and partial results be merged, in any order. A class, so that a
/// batch costs one dispatch for each aggregate and the arrays are changed in place.
class AggregateState {
    /// Makes room for rows up to `rows`, each without records.
    func grow(to rows: Int) {}

    /// Adds record `records[i]` of the batch to row `targets[i]`.
    func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {}

    /// Adds row `from` of a state of the same aggregate to row `row`.
    func merge(_ other: AggregateState, _ from: Int, into row: Int) {}

    /// The result of a row.
    func value(_ row: Int) -> StreamValue { .null }

    /// Takes all records out of a row.
    func reset(_ row: Int) {}

    /// Writes these rows to a snapshot.
    func encode(_ rows: [Int32], into writer: inout ByteWriter) {}

    /// Appends so many rows of a snapshot.
    func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {}
}

extension AggregateFunction {
    /// An empty state for values of `type`.
    func makeState(_ type: StreamType?) -> AggregateState {
        switch self {
        case .count: CountState()
        case .sum, .average:
            type == .integer
                ? IntegerSumState(isAverage: self == .average) : DoubleSumState(isAverage: self == .average)
        case .minimum, .maximum:
            switch type {
            case .integer, .timestamp: IntegerExtremeState(isMaximum: self == .maximum, isTime: type == .timestamp)
            case .double: DoubleExtremeState(isMaximum: self == .maximum)
            default: ValueExtremeState(isMaximum: self == .maximum)
            }
        case .distinct: DistinctState()
        case .first, .last: EdgeState(isLast: self == .last)
        case .deviation: DeviationState()
        }
    }
}

/// Calls `body` with target row and record of each pair whose record has a value.
@inline(__always)
func forEachValue(
    _ targets: [Int32],
    _ records: [Int32],
    _ validity: [Bool]?,
    _ body: (_ row: Int, _ record: Int) -> Void
) {
    if let validity {
        for index in 0..<min(targets.count, records.count) where validity[Int(records[index])] {
            body(Int(targets[index]), Int(records[index]))
        }
    } else {
        for index in 0..<min(targets.count, records.count) { body(Int(targets[index]), Int(records[index])) }
    }
}
