/// Takes a stream's results and, in the same transaction, how far the stream has come.
///
/// That they are kept together or not at all is what makes results count exactly once: after `kill -9` a stream goes on
/// from the last cut, and results that were not part of it do not exist.
public protocol StreamResultStore: Sendable {
    /// Takes the stream over from whoever wrote before, and finds where it stopped.
    ///
    /// From here on a writer that opened the stream earlier is refused.
    ///
    /// - Returns: the last cut that was committed; nil when there is none.
    /// - Throws: ``MartletError`` when the store cannot be used, or does not fit the stream's results.
    func open() async throws(MartletError) -> StreamCut?

    /// Keeps results and the cut that they belong to, or nothing of both.
    ///
    /// - Parameters:
    ///   - results: what came out since the cut before.
    ///   - cut: where the stream goes on from after it. Its number is one above that of the cut before.
    /// - Throws: ``MartletError``; whether the commit happened may be unknown then, and ``open()`` tells.
    func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError)

    /// Ends; commits nothing.
    func close() async

    /// The group whose offsets the store itself commits with the results; nil when it commits none.
    ///
    /// Whoever else commits offsets of that group would overwrite what the store finds its cut by.
    var committedGroup: String? { get }
}

extension StreamResultStore {
    /// No group: the store keeps offsets in its cut alone.
    public var committedGroup: String? { nil }
}

/// One consistent cut through a stream: its position in the input, and its state there.
public struct StreamCut: Hashable, Sendable {
    /// Counts the cuts of a stream from 1.
    public var number: Int64
    /// The offset of the next record to read, by partition of the input.
    public var offsets: [TopicPartition: Int64]
    /// The engine's state, as it wrote it itself.
    public var state: [UInt8]
    /// Whether the input ended here and the run is done: stores that show nothing before the end show it now.
    ///
    /// Not part of what is restored.
    public var isFinal: Bool

    /// A cut with the state at these offsets.
    public init(number: Int64, offsets: [TopicPartition: Int64], state: [UInt8], isFinal: Bool = false) {
        self.number = number
        self.offsets = offsets
        self.state = state
        self.isFinal = isFinal
    }
}

/// What came out of a stream between two cuts.
public struct StreamResults: Hashable, Sendable {
    /// Results of windows, in the order in which they came.
    public var panes: [Pane]
    /// Records of a stream without windows that passed it, each with where it came from.
    public var rows: [StreamRow]
    /// Records that were put aside.
    public var rejected: [RejectedEvent]

    /// Results; none by default.
    public init(panes: [Pane] = [], rows: [StreamRow] = [], rejected: [RejectedEvent] = []) {
        self.panes = panes
        self.rows = rows
        self.rejected = rejected
    }

    /// Whether there is nothing.
    public var isEmpty: Bool { panes.isEmpty && rows.isEmpty && rejected.isEmpty }

    /// How many of all kinds.
    public var count: Int { panes.count + rows.count + rejected.count }
}

/// A record that passed a stream without windows.
public struct StreamRow: Hashable, Sendable {
    /// Where the record came from.
    public var partition: TopicPartition
    /// Its offset there; with the partition, what tells it from all others.
    public var offset: Int64
    /// Its event time, in microseconds since 1970-01-01T00:00:00Z.
    public var time: Int64
    /// The values of all columns, the derived ones last.
    public var values: [StreamValue]

    /// A record with the values of its columns.
    public init(partition: TopicPartition, offset: Int64, time: Int64, values: [StreamValue]) {
        self.partition = partition
        self.offset = offset
        self.time = time
        self.values = values
    }
}

/// A record that a stream put aside instead of counting it.
public struct RejectedEvent: Hashable, Sendable {
    /// Where the record came from.
    public var partition: TopicPartition
    /// Its offset there.
    public var offset: Int64
    /// Why: `late`, `time_invalid`, `time_ahead`, `key_too_long` or `unreadable`.
    public var reason: String
    /// More about it, for people; empty when there is nothing to add.
    public var detail: String
    /// The record's own time, in milliseconds since 1970; -1 when it has none.
    public var timestamp: Int64
    /// Its key as it came; nil when it has none.
    public var key: [UInt8]?
    /// Its value as it came; nil for a tombstone.
    public var value: [UInt8]?

    /// A record put aside for `reason`.
    public init(
        partition: TopicPartition,
        offset: Int64,
        reason: String,
        detail: String = "",
        timestamp: Int64 = -1,
        key: [UInt8]? = nil,
        value: [UInt8]? = nil
    ) {
        self.partition = partition
        self.offset = offset
        self.reason = reason
        self.detail = detail
        self.timestamp = timestamp
        self.key = key
        self.value = value
    }
}
