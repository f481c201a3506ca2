import ArgumentParser
import Foundation
import MartletCore
import MartletKafka

/// `martlet stream consume`.
struct StreamConsumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume",
        abstract: "Print the records of a topic.",
        discussion: """
            Prints values as lines, from the first record on; --json prints one object
            a record, with its key, place, time and headers. Without --group nothing
            is kept of what was read; with it the group goes on where it was.

              martlet stream consume flights --until end
              martlet stream consume flights --start latest --json
              martlet stream consume flights --group audit --limit 100
              martlet stream consume flights --partition 2 --offset 1000 --limit 1
            """
    )

    @Argument(help: "The topic.")
    var topic: String

    @Option(help: ArgumentHelp("Read as a member of this group, and commit what was printed.", valueName: "name"))
    var group: String?

    @Option(help: ArgumentHelp("Where to start: earliest or latest.", valueName: "place"))
    var start = StreamStart.earliest

    @Option(help: ArgumentHelp("When to end: end, at what is there now, or forever.", valueName: "time"))
    var until = StreamEnd.forever

    @Option(help: ArgumentHelp("Read this partition only.", valueName: "number"))
    var partition: Int32?

    @Option(help: ArgumentHelp("Start at this offset of the partition.", valueName: "number"))
    var offset: Int64?

    @Option(help: ArgumentHelp("End after so many records.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Print one JSON object a record.")
    var json = false

    @Flag(help: "Also print what transactions have not committed, or have undone.")
    var uncommitted = false

    @OptionGroup var options: StreamOptions

    func run() async throws {
        if offset != nil, partition == nil {
            throw MartletError(
                .commandLineInvalid,
                "--offset needs to know of which partition",
                remedy: "add --partition"
            )
        }
        if group != nil, partition != nil {
            throw MartletError(.commandLineInvalid, "a group shares all partitions", remedy: "leave out --partition")
        }
        try await options.withCluster { cluster in
            let client = try cluster.client()
            let source = try await client.open(request(client))
            let (ends, printer) = (try await ends(client), RecordPrinter(asJSON: json, limit: limit))
            let commits = group != nil
            let task = Task { try await Self.read(source, until: ends, printer, commits: commits) }
            let signals = SignalWatch { _ in task.cancel() }
            let result = await task.result
            withExtendedLifetime(signals) {}
            await source.close()
            if case .failure(let error) = result, !(error is CancellationError) {
                if (error as? StreamError)?.disposition == .cancelled { return }
                throw error
            }
        }
    }

    private func request(_ client: KafkaStreamClient) async throws -> SourceRequest {
        guard group == nil else {
            return SourceRequest(
                group: group ?? "",
                assignment: .group(topics: [topic]),
                start: start == .earliest ? .earliest : .latest,
                readsUncommitted: uncommitted
            )
        }
        var partitions: [TopicPartition: Int64?] = [:]
        for known in try await client.existing(topic) where partition == nil || known.partition == partition {
            let range = try await client.offsets(of: known)
            partitions[known] = .some(offset ?? (start == .earliest ? range.low : range.high))
        }
        if partitions.isEmpty {
            throw MartletError(.streamRequestRefused, "topic \(topic) has no partition \(partition ?? 0)")
        }
        return SourceRequest(
            group: "martlet-consume",
            assignment: .partitions(partitions),
            readsUncommitted: uncommitted
        )
    }

    /// Where each partition ends now, when that is where the command ends.
    private func ends(_ client: KafkaStreamClient) async throws -> [TopicPartition: Int64]? {
        guard until == .end else { return nil }
        var ends: [TopicPartition: Int64] = [:]
        for known in try await client.existing(topic) where partition == nil || known.partition == partition {
            let range = try await client.offsets(of: known)
            if range.high > range.low { ends[known] = range.high }
        }
        return ends
    }

    private static func read(
        _ source: any StreamSource,
        until ends: [TopicPartition: Int64]?,
        _ printer: RecordPrinter,
        commits: Bool
    ) async throws {
        var (open, printer) = (ends, printer)
        if open?.isEmpty == true { return }
        while let event = try await source.next() {
            switch event {
            case .batch(let batch):
                let next = printer.print(batch)
                if commits { try await source.commit(next.mapValues { CommittedOffset($0) }) }
                for (partition, offset) in next where offset >= open?[partition] ?? .max { open?[partition] = nil }
                if printer.isDone { return }
            case .reachedEnd(let partition, let offset):
                if offset >= open?[partition] ?? .max { open?[partition] = nil }
            case .assigned, .revoked: continue
            }
            if open?.isEmpty == true { return }
        }
    }
}

/// Prints records, as many as are wanted.
struct RecordPrinter {
    let asJSON: Bool
    let limit: Int?
    private var count = 0

    init(asJSON: Bool, limit: Int?) {
        self.asJSON = asJSON
        self.limit = limit
    }

    var isDone: Bool { limit.map { count >= $0 } ?? false }

    /// Prints a batch, or as much of it as is wanted.
    ///
    /// - Returns: for each partition the offset after the last record printed.
    mutating func print(_ batch: ConsumedBatch) -> [TopicPartition: Int64] {
        var next: [TopicPartition: Int64] = [:]
        var text = ""
        for run in batch.runs {
            batch.visit(in: run.range) { record in
                guard !isDone else { return }
                count += 1
                next[run.partition] = record.offset + 1
                text += (asJSON ? Self.json(record, run.partition) : Self.value(record.value)) + "\n"
            }
        }
        if !text.isEmpty { Output.write(text, to: STDOUT_FILENO) }
        return next
    }

    private static func value(_ bytes: UnsafeRawBufferPointer?) -> String {
        bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// A record as an object; a value that is JSON stands as it is, else as text.
    private static func json(_ record: borrowing ConsumedRecord, _ partition: TopicPartition) -> String {
        var members: [String: JSONValue] = [
            "topic": .string(partition.topic), "partition": .integer(Int(partition.partition)),
            "offset": .integer(Int(record.offset)), "timestamp": .integer(Int(record.timestamp)),
            "key": record.key.map { .string(value($0)) } ?? .null,
        ]
        if let bytes = record.value {
            members["value"] = (try? JSONText.decode(JSONValue.self, from: Data(bytes))) ?? .string(value(bytes))
        } else {
            members["value"] = .null
        }
        let headers = record.headers
        if !headers.isEmpty {
            members["headers"] = .array(
                headers.map { .object(["name": .string($0.name), "value": $0.text.map(JSONValue.string) ?? .null]) }
            )
        }
        return JSONValue.object(members).jsonText
    }
}
