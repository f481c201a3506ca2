/// What a source of a stream tells its reader next.
public enum SourceEvent: Sendable {
    /// Records.
    case batch(ConsumedBatch)
    /// Partitions are given to the reader, who may say where to start with
    /// ``StreamSource/acceptAssignment(startingAt:)``. Asking for the next event starts them where their group was.
    case assigned(Set<TopicPartition>)
    /// Partitions go to other readers. They are kept until ``StreamSource/acceptRevocation()`` or until the reader asks
    /// for the next event, so that it can finish and commit what it has of them. When they are lost, others
    /// have them already: what was not committed will be read again, and a commit is refused.
    case revoked(Set<TopicPartition>, isLost: Bool)
    /// All records that there are in a partition have been told; its next will have this offset. More may come.
    case reachedEnd(TopicPartition, offset: Int64)
}

/// The offsets that a partition holds.
public struct OffsetRange: Hashable, Sendable {
    /// The first offset that can be read.
    public var low: Int64
    /// The offset of the next record to be written.
    public var high: Int64

    /// From `low` up to, not including, `high`.
    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }
}

/// Stands for one member of a group at one time, so that a transaction can carry the group's offsets.
public struct ConsumerGroupToken: Hashable, Sendable {
    /// What the client needs to know; only it understands it.
    public var bytes: [UInt8]

    /// A token of these bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// What became of records that were sent.
public struct DeliveryReport: Hashable, Sendable {
    /// How many records there were.
    public var count: Int
    /// Why records were not delivered, by their index; empty when all were.
    public var failures: [Int: StreamError]
    /// The highest offset that a record got, by partition.
    public var lastOffsets: [TopicPartition: Int64]

    /// A report on `count` records.
    public init(
        count: Int,
        failures: [Int: StreamError] = [:],
        lastOffsets: [TopicPartition: Int64] = [:]
    ) {
        self.count = count
        self.failures = failures
        self.lastOffsets = lastOffsets
    }

    /// Makes sure that all records were delivered.
    ///
    /// - Throws: the failure of the first that was not.
    public func check() throws(StreamError) {
        if let first = failures.keys.min(), let failure = failures[first] { throw failure }
    }
}
