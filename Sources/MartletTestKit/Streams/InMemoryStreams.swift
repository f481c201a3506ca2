public import MartletCore
import Synchronization

/// Streams in memory: topics, groups with rebalances, and transactions, as Kafka has them.
///
/// Every call answers at once, and the same calls give the same events: there are no threads and no clock. A
/// transaction's end takes an offset in each of its partitions, as Kafka's markers do.
public final class InMemoryStreams: StreamClient {
    let state: Mutex<StreamsState>

    /// Streams without topics.
    ///
    /// - Parameter now: the time of records that are sent without one, in milliseconds since 1970.
    public init(now: @escaping @Sendable () -> Int64 = { 0 }) { state = Mutex(StreamsState(now: now)) }

    /// Makes a topic, unless it is there.
    public func makeTopic(_ name: String, partitions: Int) {
        state.withLock { state in
            if state.topics[name] != nil { return }
            state.topics[name] = (0..<max(partitions, 1)).map { _ in .init() }
            // Subscribers of that name get their share.
            for group in state.groups.keys.sorted() where state.isSubscribed(group, to: name) { state.rebalance(group) }
            state.wake()
        }
    }

    /// A record as it is kept.
    public struct Stored: Hashable, Sendable {
        /// Its place in the partition.
        public var offset: Int64
        /// The key; nil for none.
        public var key: [UInt8]?
        /// The value; nil for a tombstone.
        public var value: [UInt8]?
        /// Milliseconds since 1970.
        public var timestamp: Int64
        /// Its headers.
        public var headers: [RecordHeader]
        var transaction: Int?
    }

    /// The records of a partition that committed readers see.
    public func records(of partition: TopicPartition) -> [Stored] {
        state.withLock { $0.visible(partition, from: 0, limit: .max, readsUncommitted: false) }
    }

    /// What a group has committed.
    public func committed(of group: String) -> [TopicPartition: CommittedOffset] {
        state.withLock { $0.groups[group]?.committed ?? [:] }
    }

    /// Calls that can be made to fail.
    public enum Operation: Hashable, Sendable {
        case next
        case send
        case commit
        case beginTransaction
        case commitTransaction
        case abortTransaction
    }

    /// Makes the next call of a kind fail, after those that were made to fail before.
    public func fail(_ operation: Operation, with error: StreamError) {
        state.withLock { state in
            state.failures[operation, default: []].append(error)
            state.wake()
        }
    }

    /// Throws all members out of a group, as if they had been silent for too long: they lose what they have.
    public func expelMembers(of group: String) {
        state.withLock { state in
            for number in state.groups[group]?.members ?? [] { state.sources[number]?.isLost = true }
            state.rebalance(group)
            state.wake()
        }
    }

    /// Opens a source.
    public func open(_ request: SourceRequest) async throws(StreamError) -> any StreamSource {
        InMemorySource(self, state.withLock { $0.open(request) })
    }

    /// Opens a sink.
    public func open(_ request: SinkRequest) async throws(StreamError) -> any StreamSink {
        InMemorySink(self, request.transactionalID, state.withLock { $0.open(request) })
    }

    /// The partitions of a topic, ordered; empty when there is no such topic.
    public func partitions(of topic: String) async throws(StreamError) -> [TopicPartition] {
        state.withLock { ($0.topics[topic] ?? []).indices.map { TopicPartition(topic, Int32($0)) } }
    }

    /// The offsets that a partition holds.
    public func offsets(of partition: TopicPartition) async throws(StreamError) -> OffsetRange {
        let end = state.withLock { state in
            state.log(of: partition).map { _ in state.stableEnd(partition, readsUncommitted: false) }
        }
        guard let end else { throw Self.unknown(partition) }
        return OffsetRange(low: 0, high: end)
    }

    /// For each partition the offset of the first record at or after a time; nil when there is none.
    public func offsets(
        atTimes times: [TopicPartition: Int64]
    ) async throws(StreamError) -> [TopicPartition: Int64?] {
        var found = [TopicPartition: Int64?]()
        for (partition, time) in times {
            let log = state.withLock { $0.log(of: partition) }
            guard let log else { throw Self.unknown(partition) }
            found.updateValue(log.records.first { $0.timestamp >= time }?.offset, forKey: partition)
        }
        return found
    }

    static func unknown(_ partition: TopicPartition) -> StreamError { refused(3, "there is no partition \(partition)") }

    static func refused(
        _ number: Int,
        _ message: String,
        _ disposition: StreamError.Disposition = .refused
    ) -> StreamError {
        StreamError(disposition, number: number, MartletError(.streamRequestRefused, message))
    }
}
