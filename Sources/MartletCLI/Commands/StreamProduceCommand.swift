import ArgumentParser
import MartletCore
import MartletKafka
import MartletRuntime

/// `martlet stream produce`.
struct StreamProduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce",
        abstract: "Write events to a topic: lines, or the rows of a table.",
        discussion: """
            Without --from each line of standard input is a value. Rows of CSV and
            Parquet files become JSON objects; lines of .jsonl files go as they are.

              echo '{"carrier": "AA"}' | martlet stream produce flights
              martlet stream produce flights --from flights.parquet --key carrier
              martlet stream produce flights --from flights.csv --time departure --speed 3600

            With --time, events have the time of that column, and rows go in its
            order; with --speed they also go at their pace, so many times faster than
            they happened.
            """
    )

    @Argument(help: "The topic.")
    var topic: String

    @Option(help: ArgumentHelp("A table or a text; standard input without it.", valueName: "file"))
    var from: String?

    @Option(help: ArgumentHelp("The column, or JSON member, that is the key.", valueName: "name"))
    var key: String?

    @Option(help: ArgumentHelp("The column, or JSON member, that is the time.", valueName: "name"))
    var time: String?

    @Option(help: ArgumentHelp("Seconds of event time that pass in a second; needs --time.", valueName: "factor"))
    var speed: Double?

    @Option(help: ArgumentHelp("Most events a second.", valueName: "count"))
    var rate: Double?

    @Option(help: ArgumentHelp("Stop after so many events.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Print one JSON object when it is done.")
    var json = false

    @OptionGroup var options: StreamOptions

    func run() async throws {
        guard speed == nil || time != nil else {
            throw MartletError(.commandLineInvalid, "--speed needs to know the time of events", remedy: "add --time")
        }
        for (name, value) in [("--speed", speed), ("--rate", rate)] where value.map({ !($0 > 0) }) ?? false {
            throw MartletError(.commandLineInvalid, "\(name) is not above 0")
        }
        let feed = EventFile(key: key, time: time)
        try await options.withCluster { cluster in
            let sink = try await cluster.client().open(SinkRequest())
            let sender = EventSender(sink, to: topic, speed: speed, rate: rate, limit: limit)
            do {
                try await send(feed, sender)
                try await sender.finish()
            } catch {
                await sink.close()
                throw error
            }
            await sink.close()
            let told: JSONValue = .object([
                "topic": .string(topic), "records": .integer(sender.count), "bytes": .integer(sender.bytes),
            ])
            if json {
                Output.result(told.jsonText)
            } else {
                Output.talk("sent \(LakeText.count(sender.count, "record")) to \(topic)")
            }
        }
    }

    private func send(_ feed: EventFile, _ sender: EventSender) async throws {
        if let from, ![".jsonl", ".ndjson", ".txt", ".log"].contains(where: { from.hasSuffix($0) }) {
            let table = try await TableArgument(from, in: options.project).open()
            for try await events in feed.events(of: table.session) {
                for event in events { if try await !sender.send(event) { return } }
            }
            return
        }
        var reader = try LineReader(try from.map { (path) throws(MartletError) in try CurrentFolder.resolve(path) })
        var number = 0
        while let line = try reader.next() {
            number += 1
            if line.isEmpty { continue }
            if try await !sender.send(feed.event(line: line, number: number)) { return }
            // Somebody types, or another program tells what happens now.
            if from == nil { try await sender.flushIfDue() }
        }
    }
}

/// Sends events in batches, at a pace.
final class EventSender {
    /// Most events, and most bytes, that are handed over at once.
    private static let batch = (records: 10_000, bytes: 4 << 20)

    private let sink: any StreamSink
    private let topic: String
    private let speed: Double?
    private let rate: Double?
    private let limit: Int?
    private let progress = LakeProgress("sending")
    private var pending = OutgoingRecords()
    private var start: (clock: ContinuousClock.Instant, event: Int64?)?
    private var lastFlush = ContinuousClock.now
    /// How many events were taken.
    private(set) var count = 0
    /// How many bytes their keys and values have.
    private(set) var bytes = 0

    init(_ sink: any StreamSink, to topic: String, speed: Double?, rate: Double?, limit: Int?) {
        self.sink = sink
        self.topic = topic
        self.speed = speed
        self.rate = rate
        self.limit = limit
    }

    /// Takes an event; false when it is the last that is wanted.
    func send(_ event: ProducedEvent) async throws -> Bool {
        if let limit, count >= limit { return false }
        try await wait(for: event)
        pending.append(to: topic, key: event.key, value: event.value, timestamp: event.timestamp)
        count += 1
        bytes += (event.key?.count ?? 0) + event.value.count
        if pending.count >= Self.batch.records || pending.byteCount >= Self.batch.bytes { try await flush() }
        return limit.map { count < $0 } ?? true
    }

    /// Sends what is left.
    func finish() async throws {
        try await flush()
        progress.end()
    }

    /// Sends what waits when the last time was long ago.
    func flushIfDue() async throws {
        if ContinuousClock.now - lastFlush > .milliseconds(50) { try await flush() }
    }

    private func flush() async throws {
        lastFlush = ContinuousClock.now
        guard !pending.isEmpty else { return }
        let report = try await sink.send(pending)
        try report.check()
        pending = OutgoingRecords()
        progress.update(count, "record", bytes: bytes)
    }

    /// Waits until it is time for an event.
    private func wait(for event: ProducedEvent) async throws {
        guard speed != nil || rate != nil else { return }
        let began = start ?? (ContinuousClock.now, event.timestamp)
        if start == nil { start = began }
        var due = began.clock
        if let speed, let time = event.timestamp, let first = began.event {
            due = began.clock + .milliseconds(Int64(Double(time - first) / speed))
        }
        if let rate { due = max(due, began.clock + .microseconds(Int64(Double(count) * 1_000_000 / rate))) }
        guard due > ContinuousClock.now else { return }
        try await flush()
        try await Task.sleep(until: due, clock: .continuous)
    }
}
