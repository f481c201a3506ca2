import CRdkafka
import Foundation
package import MartletCore
import Synchronization

/// A producer, of transactions if it has an id for them.
///
/// Dropping it without ``close()`` sends what is under way in the background, for a while.
package final class KafkaProducer: StreamSink {
    let handle: ClientHandle
    private let book = DeliveryBook()
    private let state = ProducerState()
    private let topics: TopicHandles

    /// Makes a producer.
    ///
    /// - Parameters:
    ///   - library: the library to use.
    ///   - configuration: made by ``KafkaConfiguration/producer(transactionalID:)``.
    ///   - onNotice: is told of logs, troubles and statistics.
    /// - Throws: ``StreamError`` for a property that the library does not take.
    package convenience init(
        _ library: KafkaLibrary,
        _ configuration: KafkaConfiguration,
        onNotice: @escaping NoticeHandler = { _ in }
    ) throws(StreamError) {
        try self.init(library, configuration, onNotice: onNotice, onDestroyed: nil)
    }

    /// Makes a producer that tells when nothing is left of it.
    init(
        _ library: KafkaLibrary,
        _ configuration: KafkaConfiguration,
        onNotice: @escaping NoticeHandler,
        onDestroyed: (@Sendable () -> Void)?
    ) throws(StreamError) {
        let handle = try ClientHandle(
            library,
            role: RDK_PRODUCER,
            configuration,
            events: RDK_EVENT_DELIVERY,
            onDestroyed: onDestroyed
        )
        guard let events = ClientQueue(handle, library.api.queue_get_main(handle.pointer)) else {
            throw StreamError(.fatal, MartletError(.streamClientFailed, "out of memory"))
        }
        self.handle = handle
        topics = TopicHandles(handle)
        let thread = Thread { [handle, book, state] in
            ProducerLoop(handle, events: events, book, state, onNotice: onNotice).run()
        }
        thread.name = "martlet-producer"
        thread.start()
    }

    deinit {
        state.desk.withLock { $0.isCloseWanted = true }
        handle.signal.raise()
    }

    package func send(_ records: OutgoingRecords) async throws(StreamError) -> DeliveryReport {
        try check()
        guard !records.isEmpty else { return DeliveryReport(count: 0) }
        let call = book.begin(records.count)
        var done = 0
        while done < records.count {
            // Counted before the attempt: room that is made meanwhile is not missed.
            let seen = book.rooms
            let end = min(done + Limits.kafkaProduceRecords, records.count)
            let stopped = enqueue(records, done..<end, call)
            if stopped == end {
                done = end
                if done < records.count { await Task.yield() }
            } else if isEnding {
                let error = StreamError.closed
                let rest = (stopped..<records.count).map {
                    DeliveryBook.Outcome(index: $0, partition: nil, offset: -1, failure: error)
                }
                book.settle(call, rest)
                done = records.count
            } else {
                done = stopped
                await book.waitForRoom(after: seen)
            }
        }
        return await book.report(on: call)
    }

    /// Hands records to the library.
    ///
    /// - Returns: the index after the last that was settled or taken: the end, unless the library's queue is full.
    private func enqueue(_ records: OutgoingRecords, _ range: Range<Int>, _ call: UInt32) -> Int {
        var producing = RecordProducing(handle)
        var stopped = range.upperBound
        records.visit(range) { index, record in
            guard let topic = topics.handle(of: records.topics[record.topic]) else {
                let error = ProducerLoop.undelivered(17, records.topics[record.topic], handle.library)
                book.settle(call, [.init(index: index, partition: nil, offset: -1, failure: error)])
                return true
            }
            let mark = UInt64(call) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
            let code = producing.produce(record, to: topic, mark: mark)
            if code == RDK_CODE_QUEUE_FULL {
                stopped = index
                return false
            }
            if code != RDK_CODE_NONE {
                let error = ProducerLoop.undelivered(code, records.topics[record.topic], handle.library)
                book.settle(call, [.init(index: index, partition: nil, offset: -1, failure: error)])
            }
            return true
        }
        return stopped
    }

    /// Sends at once what waits for more, and waits until it is acknowledged.
    ///
    /// - Throws: ``StreamError`` when that takes too long.
    package func flush() async throws(StreamError) {
        try await handle.blocking { handle throws(StreamError) in
            let code = handle.api.flush(handle.pointer, Int32(Limits.kafkaTransactionMilliseconds))
            try handle.library.check(code, "cannot send all records")
        }
    }

    /// Gives up what is under way; each record that was fails.
    ///
    /// - Throws: ``StreamError``.
    package func purge() async throws(StreamError) {
        try await handle.blocking { handle throws(StreamError) in
            let code = handle.api.purge(handle.pointer, RDK_PURGE_QUEUE | RDK_PURGE_IN_FLIGHT)
            try handle.library.check(code, "cannot give up records")
        }
    }

    package func close() async {
        state.desk.withLock { $0.isCloseWanted = true }
        let handle = handle
        // What lingers goes at once.
        _ = try? await handle.blocking { handle throws(StreamError) in
            _ = handle.api.flush(handle.pointer, Int32(Limits.kafkaCloseMilliseconds))
        }
        handle.signal.raise()
        await withCheckedContinuation { continuation in
            let hasEnded = state.desk.withLock { desk in
                if !desk.hasEnded { desk.closers.append(continuation) }
                return desk.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// How many records are not acknowledged yet.
    package var underWay: Int { book.open }

    private var isEnding: Bool { state.desk.withLock { $0.isCloseWanted || $0.hasEnded || $0.failure != nil } }

    /// Throws when nothing works any more.
    func check() throws(StreamError) {
        let (failure, isClosed) = state.desk.withLock { ($0.failure, $0.isCloseWanted || $0.hasEnded) }
        if let failure { throw failure }
        if isClosed { throw .closed }
    }
}

/// The library's handles of topics, made once each.
///
/// `@unchecked Sendable`: the library lets any thread use a handle; the lock guards the table of them.
final class TopicHandles: @unchecked Sendable {
    private let client: ClientHandle
    private let handles = Mutex([String: UInt]())

    init(_ client: ClientHandle) { self.client = client }

    deinit {
        let all = handles.withLock(\.self)
        for address in all.values { client.api.topic_destroy(OpaquePointer(bitPattern: address)) }
    }

    /// The handle of a topic; nil for a name that cannot be one.
    func handle(of topic: String) -> OpaquePointer? {
        handles.withLock { handles in
            if let address = handles[topic] { return OpaquePointer(bitPattern: address) }
            guard let made = client.api.topic_new(client.pointer, topic, nil) else { return nil }
            handles[topic] = UInt(bitPattern: made)
            return made
        }
    }
}
