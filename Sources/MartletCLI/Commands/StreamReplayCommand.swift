import ArgumentParser
import MartletCore
import MartletKafka

/// `martlet stream replay`.
struct StreamReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send dead letters to where they came from, as they were.",
        discussion: """
            Key, value, time and headers are those of before; what was added about the
            end goes. Dead letters of Kafka Connect, Spring Kafka and Kafka Streams are
            understood too. Each goes once: the next replay begins after the last.

              martlet stream replay flights.dead
              martlet stream replay flights.dead --to flights-mended --limit 10
              martlet stream replay flights.dead --dry-run
            """
    )

    @Argument(help: "The topic of dead letters.")
    var topic: String

    @Option(help: ArgumentHelp("The topic that they go to; each one's own without it.", valueName: "topic"))
    var to: String?

    @Option(help: ArgumentHelp("Replay so many at most.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Only list what would be replayed, and why it ended.")
    var dryRun = false

    @Flag(help: "Print one JSON object when it is done.")
    var json = false

    @OptionGroup var options: StreamOptions

    /// The group that knows how far a topic was replayed; it is also the name of its transactions.
    private var group: String { "martlet-replay-\(topic)" }

    func run() async throws {
        let (count, unreadable) = try await options.withCluster { cluster in
            let client = try cluster.client()
            let partitions = try await client.existing(topic)
            // The sink first: it ends what a replay before has left open.
            let sink = dryRun ? nil : try await client.open(SinkRequest(transactionalID: group))
            let source = try await client.open(
                SourceRequest(
                    group: group,
                    assignment: .partitions(Dictionary(uniqueKeysWithValues: partitions.map { ($0, nil) }))
                )
            )
            var ends: [TopicPartition: Int64] = [:]
            for partition in partitions { ends[partition] = try await client.offsets(of: partition).high }
            do {
                let done = try await replay(source, sink, ends)
                await source.close()
                await sink?.close()
                return done
            } catch {
                await source.close()
                await sink?.close()
                throw error
            }
        }
        if json {
            let told: JSONValue = .object(["replayed": .integer(count), "unreadable": .integer(unreadable)])
            return Output.result(told.jsonText)
        }
        let left = unreadable > 0 ? ", \(unreadable) do not say where they came from" : ""
        Output.talk("\(dryRun ? "would replay" : "replayed") \(LakeText.count(count, "record"))\(left)")
    }

    /// Sends batch by batch, each with the place after it in one transaction.
    private func replay(
        _ source: any StreamSource,
        _ sink: (any StreamSink)?,
        _ ends: [TopicPartition: Int64]
    ) async throws -> (count: Int, unreadable: Int) {
        var open = ends.filter { $0.value > 0 }
        var (count, unreadable) = (0, 0)
        while !open.isEmpty, limit.map({ count < $0 }) ?? true, let event = try await source.next() {
            switch event {
            case .batch(let batch):
                let taken = take(batch, limit.map { $0 - count })
                if let sink, !taken.next.isEmpty {
                    try await sink.beginTransaction()
                    try await sink.send(taken.records).check()
                    try await sink.commitTransaction(
                        offsets: taken.next.mapValues { CommittedOffset($0) },
                        of: source.groupToken()
                    )
                }
                count += taken.records.count
                unreadable += taken.unreadable
                for (partition, offset) in taken.next where offset >= open[partition] ?? .max { open[partition] = nil }
            case .reachedEnd(let partition, let offset):
                if offset >= open[partition] ?? .max { open[partition] = nil }
            case .assigned, .revoked: continue
            }
        }
        return (count, unreadable)
    }

    /// The records of a batch as they were; those that do not say where they came from are passed over.
    private func take(
        _ batch: ConsumedBatch,
        _ most: Int?
    ) -> (records: OutgoingRecords, next: [TopicPartition: Int64], unreadable: Int) {
        var records = OutgoingRecords()
        var next: [TopicPartition: Int64] = [:]
        var unreadable = 0
        for run in batch.runs {
            batch.visit(in: run.range) { record in
                guard most.map({ records.count < $0 }) ?? true else { return }
                next[run.partition] = record.offset + 1
                guard let letter = try? DeadLetter(record.headers) else {
                    unreadable += 1
                    return
                }
                if dryRun { Output.result("\(letter.partition) \(letter.offset)  \(DisplayText.line(letter.message))") }
                records.append(
                    topic: records.index(of: to ?? letter.partition.topic),
                    key: record.key,
                    value: record.value,
                    timestamp: letter.timestamp >= 0 ? letter.timestamp : nil,
                    headers: DeadLetter.original(record.headers)
                )
            }
        }
        return (records, next, unreadable)
    }
}
