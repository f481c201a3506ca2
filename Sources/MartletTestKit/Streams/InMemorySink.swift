import MartletCore
import Synchronization

extension StreamsState {
    /// Opens a sink: what another of its transactional id left open is aborted.
    ///
    /// - Returns: which of its id it is.
    mutating func open(_ request: SinkRequest) -> Int {
        guard let id = request.transactionalID else { return 0 }
        if let open = openTransactions.removeValue(forKey: id) { end(open, .aborted) }
        epochs[id, default: 0] += 1
        return epochs[id] ?? 0
    }
}

/// A writer of ``InMemoryStreams``.
final class InMemorySink: StreamSink {
    private let streams: InMemoryStreams
    private let id: String?
    private let epoch: Int
    private let isClosed = Mutex(false)

    init(_ streams: InMemoryStreams, _ id: String?, _ epoch: Int) {
        self.streams = streams
        self.id = id
        self.epoch = epoch
    }

    func send(_ records: OutgoingRecords) async throws(StreamError) -> DeliveryReport {
        try change(.send) { state throws(StreamError) in
            let transaction = id.flatMap { state.openTransactions[$0] }
            if id != nil, transaction == nil { throw Self.state("no transaction is open") }
            var report = DeliveryReport(count: records.count)
            records.visit(0..<records.count) { index, record in
                let topic = records.topics[record.topic]
                if let (partition, offset) = state.append(record, to: topic, transaction: transaction) {
                    report.lastOffsets[partition] = offset
                } else {
                    report.failures[index] = InMemoryStreams.refused(3, "there is no such partition of \(topic)")
                }
                return true
            }
            state.wake()
            return report
        }
    }

    func beginTransaction() async throws(StreamError) {
        try change(.beginTransaction) { state throws(StreamError) in
            guard let id else { throw Self.state("it has no transactional id") }
            if state.openTransactions[id] != nil { throw Self.state("a transaction is open") }
            let number = state.nextNumber()
            state.endings[number] = .open
            state.openTransactions[id] = number
        }
    }

    func commitTransaction(
        offsets: [TopicPartition: CommittedOffset],
        of group: ConsumerGroupToken?
    ) async throws(StreamError) {
        try change(.commitTransaction) { state throws(StreamError) in
            guard let id, let open = state.openTransactions[id] else { throw Self.state("no transaction is open") }
            if let group, !offsets.isEmpty {
                let parts = String(decoding: group.bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
                guard parts.count == 2, let name = state.sources[parts[0]]?.request.group,
                    state.groups[name]?.generation ?? 0 == parts[1], state.refusal(parts[0], offsets.keys) == nil
                else { throw InMemoryStreams.refused(22, "the member's group has gone on without it", .abortable) }
                state.groups[name, default: .init()].committed.merge(offsets) { $1 }
            }
            state.openTransactions[id] = nil
            state.end(open, .committed)
        }
    }

    func abortTransaction() async throws(StreamError) {
        try change(.abortTransaction) { state throws(StreamError) in
            guard let id, let open = state.openTransactions.removeValue(forKey: id) else {
                throw Self.state("no transaction is open")
            }
            state.end(open, .aborted)
        }
    }

    func close() async { isClosed.withLock { $0 = true } }

    private func change<Value: Sendable>(
        _ operation: InMemoryStreams.Operation,
        _ body: (inout StreamsState) throws(StreamError) -> Value
    ) throws(StreamError) -> Value {
        if isClosed.withLock(\.self) { throw .closed }
        let result = streams.state.withLock { state in
            Result { () throws(StreamError) -> Value in
                if let failure = state.takeFailure(operation) { throw failure }
                if let id, state.epochs[id] != epoch {
                    throw InMemoryStreams.refused(90, "another sink has that transactional id", .fatal)
                }
                return try body(&state)
            }
        }
        return try result.get()
    }

    private static func state(_ message: String) -> StreamError { InMemoryStreams.refused(-172, message) }
}
