package import MartletCore

// The limits of the event-time engine.
extension Limits {
    /// Most records of one batch.
    package static let streamBatchRows = 1 << 24
    /// Furthest event time from 1970 that is accepted, in microseconds: about 36,000 years.
    package static let eventTimeMicroseconds: Int64 = 1 << 60
    /// Most input partitions of one task.
    package static let streamPartitions = 100_000
    /// Longest window, gap, lateness, delay or timeout, in microseconds: ten years.
    package static let streamSpanMicroseconds: Int64 = 3_650 * 86_400 * 1_000_000
    /// Most slices that one hopping window is put together from.
    package static let slicesPerWindow: Int64 = 10_000
    /// Most columns of a source, derived columns, key columns or aggregates of one definition.
    package static let streamColumns = 1_000
    /// Most distinct values that one window of one key counts.
    package static let distinctValues = 10_000_000
    /// Groups that keyed state is divided into; fixed, because a snapshot is written by them.
    package static let keyGroups = 128
    /// Longest key of one record, in bytes; a record with a longer one is rejected.
    package static let streamKeyBytes = 65_536
    /// Longest text of an expression, in bytes.
    package static let streamExpressionBytes = 65_536
    /// Most operators of an expression, which bounds how deep it is worked out.
    package static let streamExpressionOperators = 1_000
    /// Deepest nesting of an expression.
    package static let streamExpressionDepth = 100
}
