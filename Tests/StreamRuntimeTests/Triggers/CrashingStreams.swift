import MartletCore
import Synchronization

@testable import MartletRuntime

/// One life of a process: at its n-th point it is dead, and from there on nothing that it does has an effect.
///
/// Every call is two points: before it does anything, and after it has done it but before the caller knows.
final class Life: Sendable {
    private let left: Mutex<Int>
    /// Ends once it is over.
    let end = AsyncStream<Void>.makeStream()

    init(points: Int) { left = Mutex(points) }

    /// Whether it has ended.
    var isOver: Bool { left.withLock { $0 <= 0 } }

    func point() throws(StreamError) {
        let isOver = left.withLock { left in
            left -= 1
            return left <= 0
        }
        if isOver { end.continuation.finish() }
        if isOver { throw StreamError(.fatal, MartletError(.streamClientFailed, "crashed")) }
    }

    func call<Value: Sendable>(
        _ body: () async throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        try point()
        let value = try await body()
        try point()
        return value
    }
}

/// Streams whose user may crash at any call.
struct CrashingStreams: StreamClient {
    let base: any StreamClient
    let life: Life

    func open(_ request: SourceRequest) async throws(StreamError) -> any StreamSource {
        let (base, life) = (base, life)
        return try await life.call { () async throws(StreamError) in
            CrashingSource(base: try await base.open(request), life: life)
        }
    }

    func open(_ request: SinkRequest) async throws(StreamError) -> any StreamSink {
        let (base, life) = (base, life)
        return try await life.call { () async throws(StreamError) in
            CrashingSink(base: try await base.open(request), life: life)
        }
    }

    func partitions(of topic: String) async throws(StreamError) -> [TopicPartition] {
        try await base.partitions(of: topic)
    }

    func offsets(of partition: TopicPartition) async throws(StreamError) -> OffsetRange {
        try await base.offsets(of: partition)
    }

    func offsets(atTimes times: [TopicPartition: Int64]) async throws(StreamError) -> [TopicPartition: Int64?] {
        try await base.offsets(atTimes: times)
    }
}

struct CrashingSource: StreamSource {
    let base: any StreamSource
    let life: Life

    func next() async throws(StreamError) -> SourceEvent? {
        try await life.call { () async throws(StreamError) in try await base.next() }
    }
    func acceptAssignment(startingAt offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.acceptAssignment(startingAt: offsets) }
    }
    func acceptRevocation() async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.acceptRevocation() }
    }
    func pause(_ partitions: Set<TopicPartition>) async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.pause(partitions) }
    }
    func resume(_ partitions: Set<TopicPartition>) async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.resume(partitions) }
    }
    func seek(to offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.seek(to: offsets) }
    }
    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.commit(offsets) }
    }
    func committed(_ partitions: Set<TopicPartition>) async throws(StreamError) -> [TopicPartition: CommittedOffset] {
        try await life.call { () async throws(StreamError) in try await base.committed(partitions) }
    }
    func groupToken() async throws(StreamError) -> ConsumerGroupToken {
        try await life.call { () async throws(StreamError) in try await base.groupToken() }
    }
    /// Whoever dies is found missing by the group.
    func close() async { await base.close() }
}

struct CrashingSink: StreamSink {
    let base: any StreamSink
    let life: Life

    func send(_ records: OutgoingRecords) async throws(StreamError) -> DeliveryReport {
        try await life.call { () async throws(StreamError) in try await base.send(records) }
    }
    func beginTransaction() async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.beginTransaction() }
    }
    func commitTransaction(
        offsets: [TopicPartition: CommittedOffset],
        of group: ConsumerGroupToken?
    ) async throws(StreamError) {
        try await life.call { () async throws(StreamError) in
            try await base.commitTransaction(offsets: offsets, of: group)
        }
    }
    func abortTransaction() async throws(StreamError) {
        try await life.call { () async throws(StreamError) in try await base.abortTransaction() }
    }
    func close() async { if !life.isOver { await base.close() } }
}

/// A scorer in a process that may crash while it scores.
struct CrashingScorer: EventScorer {
    let base: any EventScorer
    let life: Life

    func score(_ events: [ScoredInput]) async throws(ScorerFailure) -> [ScoreAnswer] {
        if (try? life.point()) == nil { throw FakeScorer.absent }
        return try await base.score(events)
    }
}
