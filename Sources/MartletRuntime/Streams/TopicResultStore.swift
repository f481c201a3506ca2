package import MartletCore
import Synchronization

/// Writes a stream's results to a topic, by transactions that carry the offsets of its input.
///
/// A pane is a JSON object of its key, window and values; a retraction is a tombstone. Records put aside go to the
/// dead-letter topic in the same transaction. Readers of committed records see the results of a cut whole, once.
///
/// The state of a cut is a file that is on the disk before its transaction commits; the transaction's offsets name the
/// file in their metadata. So the brokers decide which cut it was that counted, also when a commit's answer was lost.
/// (Offsets in transactions: KIP-98 and KIP-447.)
package final class TopicResultStore: StreamResultStore {
    /// What the keys of the records are.
    package enum Keying: Hashable, Sendable {
        /// The key's text when it is one text, else a JSON array of the key's values: the results of a key are in one
        /// partition, and compaction keeps its latest.
        case key
        /// A JSON array of the key's values and the window's bounds: compaction keeps the latest of each window.
        case keyAndWindow
    }

    private let client: any StreamClient
    private let input: String
    private let output: String
    private let deadLetters: String
    private let group: String
    private let transactionalID: String
    private let shape: ResultShape
    private let keying: Keying
    private let files: CutFiles
    private let timer: StreamTimer
    private let writer: String
    private let json: ResultJSON

    private struct Open {
        var sink: any StreamSink
        /// Stands for the group; reads nothing.
        var member: any StreamSource
        var last: CutFiles.Name?
    }
    private let state = Mutex<Open?>(nil)

    /// A store that writes to a topic; nothing is done yet.
    ///
    /// - Parameters:
    ///   - client: where the topics are.
    ///   - input: the topic that the stream reads.
    ///   - output: the topic for its results.
    ///   - deadLetters: the topic for records put aside; nil for that of the input with `.dead` after it.
    ///   - group: the group whose offsets are the stream's place.
    ///   - transactionalID: under which one writer at a time writes; nil for one made of the stream's name.
    ///   - shape: the columns of the results.
    ///   - folder: where the states of cuts are kept; of this stream alone.
    ///   - writer: tells this writer from all others that ever were: letters and digits.
    ///   - keying: what the keys of the records are.
    ///   - timer: the clock to wait by.
    package init(
        client: any StreamClient,
        input: String,
        output: String,
        deadLetters: String? = nil,
        group: String,
        transactionalID: String? = nil,
        shape: ResultShape,
        folder: String,
        writer: String,
        keying: Keying = .key,
        timer: StreamTimer
    ) {
        self.client = client
        self.input = input
        self.output = output
        self.deadLetters = deadLetters ?? "\(input).dead"
        self.group = group
        self.transactionalID = transactionalID ?? "martlet-\(shape.stream)"
        self.shape = shape
        self.keying = keying
        self.timer = timer
        self.writer = writer
        files = CutFiles(folder: folder, stream: shape.stream)
        json = ResultJSON(shape)
    }

    package var committedGroup: String? { group }

    /// Fences the writers before, and finds the cut whose transaction committed last.
    ///
    /// - Throws: ``MartletError`` MT6065 when its state is gone, and those of the client.
    package func open() async throws(MartletError) -> StreamCut? {
        let (client, id) = (client, transactionalID)
        // Taking the id over ends what was under way under it, one way or the other: only then is the last cut settled.
        let sink = try await retrying { () async throws(StreamError) in
            try await client.open(SinkRequest(transactionalID: id))
        }
        do throws(MartletError) {
            let request = SourceRequest(group: group, assignment: .partitions([:]))
            let member = try await retrying { () async throws(StreamError) in try await client.open(request) }
            state.withLock { $0 = Open(sink: sink, member: member) }
            let input = input
            let partitions = try await retrying { () async throws(StreamError) in
                try await client.partitions(of: input)
            }
            let committed = try await retrying { () async throws(StreamError) in
                try await member.committed(Set(partitions))
            }
            let cut = try await cut(committed)
            let name = cut.flatMap { _ in committed.values.first }.flatMap { CutFiles.Name($0.metadata) }
            state.withLock { $0?.last = name }
            await files.keepOnly(Set([name].compactMap(\.self)))
            return cut
        } catch {
            await close()
            await sink.close()
            throw error
        }
    }

    private func cut(_ committed: [TopicPartition: CommittedOffset]) async throws(MartletError) -> StreamCut? {
        let texts = Set(committed.values.map(\.metadata))
        guard let text = texts.first else { return nil }
        guard texts.count == 1, let name = CutFiles.Name(text) else {
            throw files.unreadable("the offsets of group \(group) were committed by something else than this stream")
        }
        let cut = try await files.read(name)
        guard cut.offsets == committed.mapValues(\.offset) else {
            throw files.unreadable("the offsets of group \(group) are not those of its cut \(name.number)")
        }
        return cut
    }

    /// Writes the cut's state, then results, dead letters and offsets in one transaction.
    ///
    /// - Throws: ``MartletError`` MT6062 when another has taken the stream over, MT6064 when the state cannot be written,
    ///   and those of the client; whether the transaction counts may be open then, and ``open()`` finds out.
    package func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError) {
        guard let open = state.withLock(\.self) else {
            throw MartletError(.internalFault, "the topic's store was not opened", remedy: "please report this")
        }
        let name = CutFiles.Name(number: cut.number, writer: writer)
        try await files.write(cut, as: name)
        let offsets = cut.offsets.mapValues { CommittedOffset($0, metadata: name.text) }
        var attempt = 0
        while true {
            do throws(StreamError) {
                try await transact(open, results, offsets)
                break
            } catch {
                attempt += 1
                guard error.disposition == .abortable, attempt < Limits.streamTransactionAttempts else {
                    throw explain(error)
                }
                do throws(StreamError) { try await open.sink.abortTransaction() } catch { throw explain(error) }
            }
        }
        state.withLock { $0?.last = name }
        await files.keepOnly(Set([open.last, name].compactMap(\.self)))
    }

    private func transact(
        _ open: Open,
        _ results: StreamResults,
        _ offsets: [TopicPartition: CommittedOffset]
    ) async throws(StreamError) {
        try await open.sink.beginTransaction()
        for piece in TopicRecords(shape: shape, json: json, keying: keying, output: output, deadLetters: deadLetters)
            .pieces(results)
        {
            do throws(StreamError) {
                try (await open.sink.send(piece)).check()
            } catch {
                // One that is not delivered must not be missing from what is committed.
                guard error.disposition != .fatal else { throw error }
                throw StreamError(.abortable, number: error.number, error.failure)
            }
        }
        let token = try await open.member.groupToken()
        // The same call again goes on with it, and tells how it ended.
        try await retry.run { () async throws(StreamError) in
            try await open.sink.commitTransaction(offsets: offsets, of: token)
        }
    }

    /// The error to show; one that says that another writer has the transactional id is told as that.
    private func explain(_ error: StreamError) -> MartletError {
        // INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, and librdkafka's own _FENCED.
        guard let number = error.number, [47, 90, -144].contains(number) else { return error.failure }
        return MartletError(
            .streamTakenOver,
            "another run has taken over stream \(shape.stream)",
            reason: "a stream has one writer: whoever opened transactional id \(transactionalID) last",
            remedy: "stop one of them; what this run had not committed, the other one does again",
            cause: error.failure.cause ?? error.failure.reason
        )
    }

    /// Ends the writer.
    package func close() async {
        let open = state.withLock { state in
            defer { state = nil }
            return state
        }
        await open?.member.close()
        await open?.sink.close()
    }

    private var retry: StreamRetry {
        StreamRetry(
            retries: Limits.streamTransactionAttempts,
            backoff: { .milliseconds(100) * (1 << min($0, 10)) },
            timer: timer
        )
    }

    private func retrying<Value>(
        _ body: () async throws(StreamError) -> Value
    ) async throws(MartletError) -> Value {
        do throws(StreamError) { return try await retry.run(body) } catch { throw explain(error) }
    }
}
