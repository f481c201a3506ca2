public import MartletCore
import Testing

/// Streams to be tested, and what is known of them.
public struct StreamClientBench: Sendable {
    /// The client.
    public var client: any StreamClient
    /// Makes a topic with so many partitions.
    public var makeTopic: @Sendable (String, Int) async throws -> Void
    /// Begins the names of groups, topics and transactional ids, so that tests of one broker do not meet.
    public var prefix: String
    /// What some brokers, that are good enough for tests, cannot do.
    public enum Shortcoming: String, Hashable, CaseIterable, Sendable {
        /// What is not committed, or was aborted, shows.
        case isolation
        /// Offsets in transactions are forgotten.
        case transactionalOffsets
        /// Several may write under one transactional id.
        case fencing
        /// No offset is found by its time.
        case timeLookup
        /// No offset is taken while members are told that partitions go.
        case commitInRebalance
        /// The text that is kept with an offset is forgotten.
        case commitMetadata
        /// The end of a partition is told too low.
        case ends
    }

    /// What the brokers cannot do.
    public var lacks: Set<Shortcoming>

    /// Streams to be tested.
    public init(
        _ client: any StreamClient,
        prefix: String,
        lacks: Set<Shortcoming> = [],
        makeTopic: @escaping @Sendable (String, Int) async throws -> Void
    ) {
        self.client = client
        self.prefix = prefix
        self.lacks = lacks
        self.makeTopic = makeTopic
    }

    /// A record as a test sees it.
    struct Seen: Hashable {
        var partition: TopicPartition
        var offset: Int64
        var key: String?
        var value: String?
    }

    /// Whether readers of committed records see no others.
    var isolates: Bool { !lacks.contains(.isolation) }

    func name(_ word: String) -> String { "\(prefix)-\(word)" }

    func topic(_ word: String, partitions: Int) async throws -> String {
        try await makeTopic(name(word), partitions)
        return name(word)
    }

    func source(
        _ topics: [String],
        group: String = "g",
        instance: String? = nil,
        start: SourceRequest.Start = .earliest,
        batchRecords: Int = 1_000
    ) async throws -> any StreamSource {
        try await client.open(
            SourceRequest(
                group: name(group),
                instance: instance,
                assignment: .group(topics: topics),
                start: start,
                batchRecords: batchRecords
            )
        )
    }

    /// Sends texts to a partition; all have to be delivered.
    func send(
        _ texts: [String],
        to topic: String,
        _ partition: Int32 = 0,
        by sink: (any StreamSink)? = nil
    ) async throws {
        let own = sink == nil ? try await client.open(SinkRequest()) : nil
        var records = OutgoingRecords()
        for text in texts {
            records.append(to: topic, partition: partition, key: Array("k\(text)".utf8), value: Array(text.utf8))
        }
        try await (sink ?? own)?.send(records).check()
        await own?.close()
    }

    /// Reads until `isEnough`; rebalances are answered by going on.
    ///
    /// - Returns: what came.
    @discardableResult
    func read(
        _ source: any StreamSource,
        until isEnough: (_ seen: [Seen], _ event: SourceEvent) async throws -> Bool
    ) async throws -> [Seen] {
        var seen = [Seen]()
        while let event = try await source.next() {
            if case .batch(let batch) = event { seen += Self.records(of: batch) }
            if try await isEnough(seen, event) { break }
        }
        return seen
    }

    /// Reads so many records.
    func read(_ source: any StreamSource, count: Int) async throws -> [Seen] {
        try await read(source) { seen, _ in seen.count >= count }
    }

    static func records(of batch: ConsumedBatch) -> [Seen] {
        var seen = [Seen]()
        for run in batch.runs {
            batch.visit(in: run.range) { record in
                seen.append(
                    Seen(
                        partition: run.partition,
                        offset: record.offset,
                        key: record.key.map { String(decoding: $0, as: UTF8.self) },
                        value: record.value.map { String(decoding: $0, as: UTF8.self) }
                    )
                )
            }
        }
        return seen
    }
}
