import MartletCore
import MartletTestKit
import Synchronization

/// Counts the calls of one run, and ends the run's world at one of them, before or after it did what it does.
///
/// A process that is killed at an instant has done all calls before it, none after, and the one at it perhaps. So from
/// the deadly call on every call fails, and changes nothing.
final class DeadlyCalls: Sendable {
    struct Death: Error {}

    private struct State {
        var count = 0
        var isDead = false
    }
    private let state = Mutex(State())
    /// The call that is the last, from 1; nil for none.
    let last: Int?
    /// Whether that call still does what it does.
    let isDone: Bool

    init(last: Int? = nil, isDone: Bool = false) {
        self.last = last
        self.isDone = isDone
    }

    var count: Int { state.withLock(\.count) }
    var isDead: Bool { state.withLock(\.isDead) }

    /// Whether a call may do its work, and whether it comes back from it.
    func begin() -> (works: Bool, returns: Bool) {
        state.withLock { state in
            if state.isDead { return (false, false) }
            state.count += 1
            guard state.count == last else { return (true, true) }
            state.isDead = true
            return (isDone, false)
        }
    }

    static let failure = MartletError(.streamClientFailed, "the process was killed")

    func stream<Value>(_ body: () async throws(StreamError) -> Value) async throws(StreamError) -> Value {
        let (works, returns) = begin()
        let dead = StreamError(.fatal, Self.failure)
        guard works else { throw dead }
        let value = try await body()
        guard returns else { throw dead }
        return value
    }

    func store<Value>(_ body: () async throws(MartletError) -> Value) async throws(MartletError) -> Value {
        let (works, returns) = begin()
        guard works else { throw Self.failure }
        let value = try await body()
        guard returns else { throw Self.failure }
        return value
    }
}

/// Streams whose calls are counted, and may be deadly.
struct FaultyStreams: StreamClient {
    let inner: any StreamClient
    let calls: DeadlyCalls

    func open(_ request: SourceRequest) async throws(StreamError) -> any StreamSource {
        let (inner, calls) = (inner, calls)
        return try await calls.stream { () async throws(StreamError) in
            FaultySource(inner: try await inner.open(request), calls: calls)
        }
    }

    func open(_ request: SinkRequest) async throws(StreamError) -> any StreamSink {
        let (inner, calls) = (inner, calls)
        return try await calls.stream { () async throws(StreamError) in
            FaultySink(inner: try await inner.open(request), calls: calls)
        }
    }

    func partitions(of topic: String) async throws(StreamError) -> [TopicPartition] {
        try await calls.stream { () async throws(StreamError) in try await inner.partitions(of: topic) }
    }

    func offsets(of partition: TopicPartition) async throws(StreamError) -> OffsetRange {
        try await calls.stream { () async throws(StreamError) in try await inner.offsets(of: partition) }
    }

    func offsets(
        atTimes times: [TopicPartition: Int64]
    ) async throws(StreamError) -> [TopicPartition: Int64?] { try await inner.offsets(atTimes: times) }
}

struct FaultySource: StreamSource {
    let inner: any StreamSource
    let calls: DeadlyCalls

    func next() async throws(StreamError) -> SourceEvent? {
        try await calls.stream { () async throws(StreamError) in try await inner.next() }
    }

    func acceptAssignment(startingAt offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try await inner.acceptAssignment(startingAt: offsets)
    }

    func acceptRevocation() async throws(StreamError) { try await inner.acceptRevocation() }
    func pause(_ partitions: Set<TopicPartition>) async throws(StreamError) { try await inner.pause(partitions) }
    func resume(_ partitions: Set<TopicPartition>) async throws(StreamError) { try await inner.resume(partitions) }
    func seek(to offsets: [TopicPartition: Int64]) async throws(StreamError) { try await inner.seek(to: offsets) }

    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(StreamError) {
        try await calls.stream { () async throws(StreamError) in try await inner.commit(offsets) }
    }

    func committed(
        _ partitions: Set<TopicPartition>
    ) async throws(StreamError) -> [TopicPartition: CommittedOffset] {
        try await calls.stream { () async throws(StreamError) in try await inner.committed(partitions) }
    }

    func groupToken() async throws(StreamError) -> ConsumerGroupToken {
        try await calls.stream { () async throws(StreamError) in try await inner.groupToken() }
    }

    func close() async { await inner.close() }
}

struct FaultySink: StreamSink {
    let inner: any StreamSink
    let calls: DeadlyCalls

    func send(_ records: OutgoingRecords) async throws(StreamError) -> DeliveryReport {
        try await calls.stream { () async throws(StreamError) in try await inner.send(records) }
    }

    func beginTransaction() async throws(StreamError) {
        try await calls.stream { () async throws(StreamError) in try await inner.beginTransaction() }
    }

    func commitTransaction(
        offsets: [TopicPartition: CommittedOffset],
        of group: ConsumerGroupToken?
    ) async throws(StreamError) {
        try await calls.stream { () async throws(StreamError) in
            try await inner.commitTransaction(offsets: offsets, of: group)
        }
    }

    func abortTransaction() async throws(StreamError) {
        try await calls.stream { () async throws(StreamError) in try await inner.abortTransaction() }
    }

    /// A process that is dead closes nothing.
    func close() async { if !calls.isDead { await inner.close() } }
}

/// A place for results whose calls are counted, and may be deadly.
struct FaultyStore: StreamResultStore {
    let inner: any StreamResultStore
    let calls: DeadlyCalls

    var committedGroup: String? { inner.committedGroup }

    func open() async throws(MartletError) -> StreamCut? {
        try await calls.store { () async throws(MartletError) in try await inner.open() }
    }

    func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError) {
        try await calls.store { () async throws(MartletError) in try await inner.commit(results, cut) }
    }

    func close() async { if !calls.isDead { await inner.close() } }
}
