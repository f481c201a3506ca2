import MartletCore
import Synchronization

/// Writes answers, dead letters and the group's offsets in one transaction each.
///
/// One task uses it at a time.
final class TriggerWriter: Sendable {
    /// What became of a transaction.
    enum Outcome: Sendable {
        /// It is committed, with so many answers and dead letters.
        case written(answers: Int, dead: Int)
        /// It is undone, or it is not known; this is what the group has.
        case undone([TopicPartition: Int64], StreamError)
        /// Offsets that stood alone were not committed.
        case offsetsLeft(StreamError)
        /// Nothing more can be written.
        case failed(MartletError)
    }

    private let options: EventTriggerOptions
    private let client: any StreamClient
    private let source: any StreamSource
    private let time: TriggerTime
    private let state: Mutex<(sink: any StreamSink, failures: Int)>

    init(
        _ options: EventTriggerOptions,
        client: any StreamClient,
        source: any StreamSource,
        sink: any StreamSink,
        time: TriggerTime
    ) {
        self.options = options
        self.client = client
        self.source = source
        self.time = time
        state = Mutex((sink, 0))
    }

    /// Writes what is done.
    func write(_ cut: TriggerBook.Cut) async -> Outcome {
        let offsets = cut.offsets.mapValues { CommittedOffset($0) }
        if cut.events.isEmpty {
            do throws(StreamError) {
                try await source.commit(offsets)
                return .written(answers: 0, dead: 0)
            } catch {
                return error.disposition == .fatal
                    ? .failed(TriggerFaults.input(error, options)) : .offsetsLeft(error)
            }
        }
        let made = TriggerRecords(options: options).records(cut.events)
        do throws(StreamError) {
            try await transact(made.records, offsets)
            state.withLock { $0.failures = 0 }
            return .written(answers: made.records.count - made.dead, dead: made.dead)
        } catch {
            return await undo(error, Set(offsets.keys))
        }
    }

    /// Ends; an open transaction is left to be aborted by the next of its name.
    func close() async { await state.withLock(\.sink).close() }

    private func transact(
        _ records: OutgoingRecords,
        _ offsets: [TopicPartition: CommittedOffset]
    ) async throws(StreamError) {
        let sink = state.withLock(\.sink)
        try await again { () async throws(StreamError) in try await sink.beginTransaction() }
        // What of it was sent before an error is not known, so that the same call may not come again.
        try await sink.send(records).check()
        let token = try await source.groupToken()
        try await again { () async throws(StreamError) in
            try await sink.commitTransaction(offsets: offsets, of: token)
        }
    }

    /// Undoes the transaction after an error, and finds out how far the group is.
    private func undo(_ error: StreamError, _ partitions: Set<TopicPartition>) async -> Outcome {
        if error.disposition == .fatal { return .failed(TriggerFaults.output(error, options)) }
        let failures = state.withLock { state in
            state.failures += 1
            return state.failures
        }
        guard failures < Limits.triggerWriteAttempts else { return .failed(TriggerFaults.output(error, options)) }
        do throws(StreamError) {
            try await abort()
            if error.disposition != .cancelled { try? await time.wait(time.now() + TriggerFaults.wait(failures)) }
            // Whether a commit that failed happened after all is what the offsets tell: they went with the answers.
            let committed = try await again { () async throws(StreamError) in
                try await self.source.committed(partitions)
            }
            return .undone(committed.mapValues(\.offset), error)
        } catch {
            return .failed(TriggerFaults.output(error, options))
        }
    }

    private func abort() async throws(StreamError) {
        let sink = state.withLock(\.sink)
        do throws(StreamError) {
            try await again { () async throws(StreamError) in try await sink.abortTransaction() }
        } catch {
            if error.disposition == .fatal { throw error }
            // A new sink of the same name ends whatever is open.
            await sink.close()
            let opened = try await again { () async throws(StreamError) in
                try await self.client.open(SinkRequest(transactionalID: self.options.transactionalID))
            }
            state.withLock { $0.sink = opened }
        }
    }

    private func again<Value: Sendable>(
        _ body: () async throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        try await Self.again(time, body)
    }

    /// Makes a call again while it fails for reasons that pass.
    static func again<Value: Sendable>(
        _ time: TriggerTime,
        _ body: () async throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        var failures = 0
        while true {
            do throws(StreamError) {
                return try await body()
            } catch {
                failures += 1
                guard error.disposition == .retriable, failures < Limits.triggerWriteAttempts else { throw error }
                do { try await time.wait(time.now() + TriggerFaults.wait(failures)) } catch { throw .cancelled }
            }
        }
    }
}
