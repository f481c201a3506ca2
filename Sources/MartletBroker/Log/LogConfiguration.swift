internal import MartletCore

/// Settings of a partition's log; those of a topic may change while it is open.
package struct LogConfiguration: Hashable, Sendable {
    /// When appended batches are made to last, and so when consumers see them.
    package enum FlushPolicy: Hashable, Sendable {
        /// Before the append is answered: one fsync serves all that wait.
        ///
        /// Consumers see only what lasts.
        case always
        /// From time to time; the server decides when.
        ///
        /// A crash of the machine loses what came since.
        case interval
        /// When the system does.
        ///
        /// A crash of the machine loses what it had not written.
        case system
    }

    /// Whose clock gives records their timestamps: `message.timestamp.type`.
    package enum TimestampType: Hashable, Sendable {
        /// The producer's.
        case createTime
        /// The broker's.
        case logAppendTime
    }

    /// When what is appended is made to last.
    package var flush: FlushPolicy
    /// Whose clock counts.
    package var timestampType: TimestampType
    /// Bytes after which a segment is closed: `segment.bytes`.
    package var segmentBytes: Int
    /// Milliseconds after which a segment is closed: `segment.ms`.
    package var segmentMilliseconds: Int64
    /// Bytes of log for which an index has one entry: `index.interval.bytes`.
    package var indexIntervalBytes: Int
    /// Bytes of an index after which its segment is closed: `segment.index.bytes`.
    package var indexBytes: Int
    /// Age in milliseconds after which closed segments go: `retention.ms`; nil keeps them.
    package var retentionMilliseconds: Int64?
    /// Bytes of the whole log above which the oldest closed segments go: `retention.bytes`; nil keeps them.
    package var retentionBytes: Int?
    /// Milliseconds after which a producer that writes nothing is forgotten: `producer.id.expiration.ms`.
    package var producerIdleMilliseconds: Int64
    /// Milliseconds that compaction keeps tombstones: `delete.retention.ms`.
    package var tombstoneMilliseconds: Int64
    /// Age in milliseconds below which records are not compacted: `min.compaction.lag.ms`.
    package var compactionLagMilliseconds: Int64

    /// Kafka's defaults, but for what is given.
    package init(
        flush: FlushPolicy = .system,
        timestampType: TimestampType = .createTime,
        segmentBytes: Int = 1 << 30,
        segmentMilliseconds: Int64 = 7 * 86_400_000,
        indexIntervalBytes: Int = Limits.indexIntervalBytes,
        indexBytes: Int = Limits.indexBytes,
        retentionMilliseconds: Int64? = 7 * 86_400_000,
        retentionBytes: Int? = nil,
        producerIdleMilliseconds: Int64 = 86_400_000,
        tombstoneMilliseconds: Int64 = 86_400_000,
        compactionLagMilliseconds: Int64 = 0
    ) {
        self.flush = flush
        self.timestampType = timestampType
        self.segmentBytes = segmentBytes
        self.segmentMilliseconds = segmentMilliseconds
        self.indexIntervalBytes = indexIntervalBytes
        self.indexBytes = indexBytes
        self.retentionMilliseconds = retentionMilliseconds
        self.retentionBytes = retentionBytes
        self.producerIdleMilliseconds = producerIdleMilliseconds
        self.tombstoneMilliseconds = tombstoneMilliseconds
        self.compactionLagMilliseconds = compactionLagMilliseconds
    }
}
