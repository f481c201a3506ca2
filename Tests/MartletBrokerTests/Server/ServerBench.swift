import Foundation
import MartletCore
import Synchronization
import Testing

@testable import MartletBroker

/// A server on a free port, with a folder of its own that goes with it.
final class ServerBench: Sendable {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
    /// What it told whoever runs it.
    let notices = Mutex<[BrokerNotice]>([])
    /// Milliseconds that its clock is ahead.
    let lead = Mutex<Int64>(0)
    private let server = Mutex<LogServer?>(nil)
    private let flush: LogConfiguration.FlushPolicy
    private let files: any LogFiles
    private let journal: (any JournalFile)?
    private let change: @Sendable (inout BrokerSettings) -> Void

    /// `files` and `journal` stand for the disk's; `change` changes the settings.
    init(
        flush: LogConfiguration.FlushPolicy = .system,
        files: any LogFiles = SystemLogFiles(),
        journal: (any JournalFile)? = nil,
        change: @escaping @Sendable (inout BrokerSettings) -> Void = { _ in }
    ) {
        self.flush = flush
        self.files = files
        self.journal = journal
        self.change = change
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The settings that it runs with.
    var settings: BrokerSettings {
        var settings = BrokerSettings(
            folder: folder,
            defaultPartitions: 2,
            flush: flush,
            notice: { [weak self] notice in self?.notices.withLock { $0.append(notice) } },
            clock: { [weak self] in
                Int64(Date().timeIntervalSince1970 * 1000) + (self?.lead.withLock { $0 } ?? 0)
            },
            makeID: { UUID().uuidString.lowercased() },
            random: { (.random(in: 0 ... .max), .random(in: 0 ... .max)) }
        )
        change(&settings)
        return settings
    }

    /// Starts it, again over what it left.
    func start() async throws {
        let started = try await LogServer.start(
            settings,
            host: "127.0.0.1",
            port: 0,
            threads: 1,
            files: files,
            journal: journal ?? DiskJournalFile(path: "\(folder)/coordinators.journal")
        )
        server.withLock { $0 = started }
    }

    func stop() async throws {
        let stopped = server.withLock { server in
            defer { server = nil }
            return server
        }
        try await stopped?.stop()
    }

    var port: Int { server.withLock { $0?.port ?? 0 } }

    /// The server, while it runs.
    var running: LogServer { get throws { try #require(server.withLock { $0 }) } }

    func connect() async throws -> WireClient { try await WireClient.connect(to: port) }

    /// Runs `body` with a server that is stopped afterwards.
    static func run(
        flush: LogConfiguration.FlushPolicy = .system,
        files: any LogFiles = SystemLogFiles(),
        journal: (any JournalFile)? = nil,
        change: @escaping @Sendable (inout BrokerSettings) -> Void = { _ in },
        _ body: (ServerBench) async throws -> Void
    ) async throws {
        let bench = ServerBench(flush: flush, files: files, journal: journal, change: change)
        try await bench.start()
        do {
            try await body(bench)
        } catch {
            try? await bench.stop()
            throw error
        }
        try await bench.stop()
    }
}

extension WireClient {
    /// Makes a topic.
    func makeTopic(_ name: String, partitions: Int32 = 1) async throws {
        let request = CreateTopicsRequest(topics: [.init(name: name, numPartitions: partitions, replicationFactor: 1)])
        let answer = try await ask(request, version: 7)
        #expect(answer.topics.map(\.errorCode) == [.none])
    }

    /// Appends texts as one batch; the answer for it.
    func produce(
        _ values: [String],
        to topic: String,
        partition: Int32 = 0,
        acks: Int16 = -1,
        producer: RecordBatchBuilder.Producer = .none,
        transactionalID: String? = nil
    ) async throws -> ProduceResponse.Partition {
        let request = try Self.produceRequest(
            values,
            to: topic,
            partition: partition,
            acks: acks,
            producer: producer,
            transactionalID: transactionalID
        )
        let answer = try await ask(request, version: 9)
        return try #require(answer.topics.first?.partitions.first)
    }

    static func produceRequest(
        _ values: [String],
        to topic: String,
        partition: Int32 = 0,
        acks: Int16 = -1,
        producer: RecordBatchBuilder.Producer = .none,
        transactionalID: String? = nil
    ) throws -> ProduceRequest {
        var builder = RecordBatchBuilder(
            attributes: BatchAttributes(codec: .none, isTransactional: transactionalID != nil),
            producer: producer
        )
        for value in values { builder.append(timestamp: 1, key: nil, value: Array(value.utf8)) }
        return ProduceRequest(
            transactionalID: transactionalID,
            acks: acks,
            timeoutMs: 1_000,
            topics: [
                .init(name: topic, partitions: [.init(index: partition, records: try builder.build()[...])])
            ]
        )
    }

    /// The texts of a partition from an offset on, as the server gives them at once or after `wait` milliseconds.
    func fetch(
        _ topic: String,
        partition: Int32 = 0,
        from offset: Int64 = 0,
        wait: Int32 = 0,
        isCommitted: Bool = false
    ) async throws -> (values: [String], answer: FetchResponse.Partition) {
        let answer = try await ask(
            Self.fetchRequest(topic, partition: partition, from: offset, wait: wait, isCommitted: isCommitted),
            version: 12
        )
        let found = try #require(answer.topics.first?.partitions.first)
        return (try Self.values(found, from: offset), found)
    }

    static func fetchRequest(
        _ topic: String,
        partition: Int32 = 0,
        from offset: Int64 = 0,
        wait: Int32 = 0,
        isCommitted: Bool = false
    ) -> FetchRequest {
        FetchRequest(
            maxWaitMs: wait,
            minBytes: 1,
            isolationLevel: isCommitted ? 1 : 0,
            topics: [
                .init(
                    name: topic,
                    partitions: [.init(partition: partition, fetchOffset: offset, partitionMaxBytes: 1 << 20)]
                )
            ]
        )
    }

    /// The texts in an answer, without those of aborted transactions, as a client reads them.
    static func values(_ answer: FetchResponse.Partition, from offset: Int64) throws -> [String] {
        guard case .memory(let bytes)? = answer.records else { return [] }
        var values: [String] = []
        var aborted = (answer.abortedTransactions ?? []).sorted { $0.firstOffset < $1.firstOffset }
        var dropped: Set<Int64> = []
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, let view = RecordBatchView(UnsafeRawBufferPointer(rebasing: rest)) {
                let header = view.header
                rest = rest.dropFirst(header.totalBytes)
                while let next = aborted.first, next.firstOffset <= header.lastOffset {
                    dropped.insert(next.producerID)
                    aborted.removeFirst()
                }
                if header.attributes.isControl {
                    dropped.remove(header.producerID)
                    continue
                }
                if header.attributes.isTransactional, dropped.contains(header.producerID) { continue }
                var records = try view.records(using: BatchDecompressor())
                while let record = try records.next() {
                    guard record.offset >= offset else { continue }
                    values.append(record.value.map { String(decoding: $0, as: UTF8.self) } ?? "null")
                }
            }
        }
        return values
    }
}
