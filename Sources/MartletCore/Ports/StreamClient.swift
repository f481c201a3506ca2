/// Reads and writes streams: Kafka, or anything that behaves like it.
///
/// The port behind the stream runner. Offsets, groups and transactions mean what they mean in Kafka.
public protocol StreamClient: Sendable {
    /// Opens a source, which joins its group or takes its partitions.
    func open(_ request: SourceRequest) async throws(StreamError) -> any StreamSource

    /// Opens a sink; with a transactional id it fences all others of that id.
    func open(_ request: SinkRequest) async throws(StreamError) -> any StreamSink

    /// The partitions of a topic, ordered; empty when there is no such topic.
    func partitions(of topic: String) async throws(StreamError) -> [TopicPartition]

    /// The offsets that a partition holds now; its end is that for readers of committed records.
    func offsets(of partition: TopicPartition) async throws(StreamError) -> OffsetRange

    /// For each partition the offset of the first record at or after a time in milliseconds since 1970; nil when there
    /// is none.
    func offsets(atTimes times: [TopicPartition: Int64]) async throws(StreamError) -> [TopicPartition: Int64?]
}

/// What a source shall read.
public struct SourceRequest: Hashable, Sendable {
    /// How partitions come to a source.
    public enum Assignment: Hashable, Sendable {
        /// The group shares the partitions of these topics among its members.
        case group(topics: [String])
        /// These partitions, from these offsets; nil for where the group was.
        case partitions([TopicPartition: Int64?])
    }

    /// Where to start when neither offset nor group says so.
    public enum Start: String, Hashable, Sendable {
        case earliest
        case latest
    }

    /// The group, which keeps offsets.
    public var group: String
    /// The name of this member over restarts (static membership); nil for a new member each time.
    public var instance: String?
    /// How partitions come to it.
    public var assignment: Assignment
    /// Where to start when nothing else says so.
    public var start: Start
    /// Whether records of transactions come before they are committed, and also when they are aborted.
    public var readsUncommitted: Bool
    /// Most records of one batch.
    public var batchRecords: Int

    /// A request for a source.
    public init(
        group: String,
        instance: String? = nil,
        assignment: Assignment,
        start: Start = .earliest,
        readsUncommitted: Bool = false,
        batchRecords: Int = Limits.streamBatchRecords
    ) {
        self.group = group
        self.instance = instance
        self.assignment = assignment
        self.start = start
        self.readsUncommitted = readsUncommitted
        self.batchRecords = batchRecords
    }
}

/// What a sink is for.
public struct SinkRequest: Hashable, Sendable {
    /// The name under which its transactions go on over restarts; nil for a sink without transactions.
    public var transactionalID: String?

    /// A request for a sink.
    public init(transactionalID: String? = nil) { self.transactionalID = transactionalID }
}

/// A reader's side of a stream.
///
/// One task asks for events; the other calls may come from any.
public protocol StreamSource: Sendable {
    /// The next event, when there is one; nil once the source is closed.
    ///
    /// Nothing is fetched beyond a bounded buffer while nobody asks, yet the member stays in its group. An error ends
    /// nothing unless it is fatal.
    func next() async throws(StreamError) -> SourceEvent?

    /// Takes the partitions of the last ``SourceEvent/assigned(_:)``, from the offsets given; others from where the
    /// group was.
    func acceptAssignment(startingAt offsets: [TopicPartition: Int64]) async throws(StreamError)

    /// Gives up the partitions of the last ``SourceEvent/revoked(_:isLost:)``.
    func acceptRevocation() async throws(StreamError)

    /// Stops reading partitions that it has, until they are resumed. Records that have been told already are not undone.
    func pause(_ partitions: Set<TopicPartition>) async throws(StreamError)

    /// Reads on after the last record told.
    func resume(_ partitions: Set<TopicPartition>) async throws(StreamError)

    /// Reads on at other offsets of partitions that it has.
    func seek(to offsets: [TopicPartition: Int64]) async throws(StreamError)

    /// Stores how far the group has come.
    ///
    /// - Throws: ``StreamError``; refused or fatal when the partition is another member's now.
    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(StreamError)

    /// What the group has committed, without the partitions for which it has nothing.
    func committed(_ partitions: Set<TopicPartition>) async throws(StreamError) -> [TopicPartition: CommittedOffset]

    /// Stands for this member, now, in transactions.
    func groupToken() async throws(StreamError) -> ConsumerGroupToken

    /// Leaves the group and ends; commits nothing. A `next` that waits gets nil.
    func close() async
}

/// A writer's side of a stream.
public protocol StreamSink: Sendable {
    /// Sends records; returns when each is acknowledged or has failed.
    ///
    /// Records of one call and partition keep their order. Waits while too much is under way. When the calling task is
    /// cancelled, records may be delivered all the same.
    ///
    /// - Throws: ``StreamError`` when the whole call failed.
    func send(_ records: OutgoingRecords) async throws(StreamError) -> DeliveryReport

    /// Begins a transaction: what is sent from here on shows with its commit or never.
    func beginTransaction() async throws(StreamError)

    /// Commits the transaction, with offsets of a group if given.
    ///
    /// - Throws: ``StreamError``: abortable means abort, retriable means that the same call again goes on.
    func commitTransaction(
        offsets: [TopicPartition: CommittedOffset],
        of group: ConsumerGroupToken?
    ) async throws(StreamError)

    /// Undoes the transaction.
    func abortTransaction() async throws(StreamError)

    /// Ends after what is under way; an open transaction is left to be aborted.
    func close() async
}
