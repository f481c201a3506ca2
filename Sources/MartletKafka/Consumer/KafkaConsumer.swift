import CRdkafka
import Foundation
package import MartletCore

/// A consumer: one thread of its own that serves librdkafka, and tasks that ask it.
///
/// Dropping it without ``close()`` leaves the group in the background.
package final class KafkaConsumer: StreamSource {
    let handle: ClientHandle
    let desk: ConsumerDesk

    /// Makes a consumer; it reads nothing until it subscribes or is given partitions.
    ///
    /// - Parameters:
    ///   - library: the library to use.
    ///   - configuration: made by ``KafkaConfiguration/consumer(group:instance:start:readsUncommitted:assignor:)``.
    ///   - batchRecords: most records of one batch.
    ///   - onNotice: is told of logs, troubles and statistics.
    /// - Throws: ``StreamError`` for a property that the library does not take.
    package convenience init(
        _ library: KafkaLibrary,
        _ configuration: KafkaConfiguration,
        batchRecords: Int = Limits.streamBatchRecords,
        onNotice: @escaping NoticeHandler = { _ in }
    ) throws(StreamError) {
        try self.init(library, configuration, batchRecords: batchRecords, onNotice: onNotice, onDestroyed: nil)
    }

    /// Makes a consumer that tells when nothing is left of it.
    init(
        _ library: KafkaLibrary,
        _ configuration: KafkaConfiguration,
        batchRecords: Int,
        onNotice: @escaping NoticeHandler,
        onDestroyed: (@Sendable () -> Void)?
    ) throws(StreamError) {
        let events = RDK_EVENT_REBALANCE | RDK_EVENT_OFFSET_COMMIT
        let handle = try ClientHandle(
            library,
            role: RDK_CONSUMER,
            configuration,
            events: events,
            onDestroyed: onDestroyed
        )
        let api = library.api
        // What is told to the client as a whole comes to the consumer's queue too.
        try library.check(api.poll_set_consumer(handle.pointer), "cannot make a consumer")
        guard let queue = ClientQueue(handle, api.queue_get_consumer(handle.pointer)),
            let replies = ClientQueue(handle, api.queue_new(handle.pointer)),
            let data = ClientQueue(handle, api.queue_new(handle.pointer))
        else { throw StreamError(.fatal, MartletError(.streamClientFailed, "out of memory")) }
        let desk = ConsumerDesk(handle.signal)
        self.handle = handle
        self.desk = desk
        let thread = Thread { [handle] in
            ConsumerLoop(
                handle,
                desk,
                events: queue,
                replies: replies,
                data: data,
                batchRecords: batchRecords,
                onNotice: onNotice
            ).run()
        }
        thread.name = "martlet-consumer"
        thread.start()
    }

    deinit { desk.wantClose() }

    /// Joins the group for topics, replacing those before; a name that begins with `^` is a regular expression.
    ///
    /// - Throws: ``StreamError``.
    package func subscribe(to topics: [String]) async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            let list = try PartitionList(topics: topics, loop.handle.library)
            try loop.handle.library.check(loop.api.subscribe(loop.handle.pointer, list.pointer), "cannot subscribe")
        }
    }

    /// Gives up the subscription; the group is left.
    ///
    /// - Throws: ``StreamError``.
    package func unsubscribe() async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            try loop.handle.library.check(loop.api.unsubscribe(loop.handle.pointer), "cannot unsubscribe")
        }
    }

    /// Takes partitions that no group gives, replacing those before.
    ///
    /// - Parameter offsets: where to start; nil for where the group was.
    /// - Throws: ``StreamError``.
    package func assign(_ offsets: [TopicPartition: Int64?]) async throws(StreamError) {
        let starts = offsets.mapValues { $0 ?? Int64(RDK_OFFSET_STORED) }
        try await onThread { loop throws(StreamError) in try loop.assign(starts) }
    }

    package func next() async throws(StreamError) -> SourceEvent? { try await desk.next().get() }

    package func acceptAssignment(startingAt offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            guard let rebalance = loop.rebalance, rebalance.isTold, rebalance.isAssignment else {
                throw Self.nothing("there are no partitions to take")
            }
            try loop.finish(rebalance, startingAt: offsets)
        }
    }

    package func acceptRevocation() async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            guard let rebalance = loop.rebalance, rebalance.isTold, !rebalance.isAssignment else {
                throw Self.nothing("there are no partitions to give up")
            }
            try loop.finish(rebalance, startingAt: [:])
        }
    }

    package func close() async { await desk.close() }

    /// Runs something that does not wait on the consumer's thread.
    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (ConsumerLoop) throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        try await desk.perform { loop, answer in
            answer(
                Result { () throws(StreamError) in
                    if loop.isClosing { throw .closed }
                    return try body(loop)
                }
            )
        }
    }

    private static func nothing(_ text: String) -> StreamError {
        StreamError(.refused, MartletError(.streamClientMisused, text, remedy: "answer each rebalance once"))
    }
}
