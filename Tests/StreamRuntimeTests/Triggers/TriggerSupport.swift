import MartletCore
import MartletTestKit
import Synchronization

@testable import MartletRuntime

/// Answers by a rule, and fails where it is told to.
final class FakeScorer: EventScorer {
    /// What a scorer does with a batch.
    typealias Rule = @Sendable (_ texts: [String], _ call: Int) async throws(ScorerFailure) -> [ScoreAnswer]

    private let rule: Rule
    private let calls = Mutex<[[String]]>([])

    init(_ rule: @escaping Rule) { self.rule = rule }

    /// The batches that came, as texts.
    var batches: [[String]] { calls.withLock(\.self) }

    func score(_ events: [ScoredInput]) async throws(ScorerFailure) -> [ScoreAnswer] {
        let texts = events.map { String(decoding: $0.value, as: UTF8.self) }
        let call = calls.withLock { calls in
            calls.append(texts)
            return calls.count
        }
        return try await rule(texts, call)
    }

    /// Answers `{"score": <the text>}`; texts that begin with `bad` are failures of their own, those with `poison` of
    /// their batch.
    static let usual: Rule = { texts, _ throws(ScorerFailure) in
        if texts.contains(where: { $0.hasPrefix("poison") }) { throw broken }
        return texts.map { $0.hasPrefix("bad") ? .failed("it is bad") : .value(.object(["score": .string($0)])) }
    }

    static let broken = ScorerFailure(.batch, MartletError(.scorerFailed, "it broke"))
    static let absent = ScorerFailure(.unavailable, MartletError(.scorerFailed, "nobody is there"))
}

/// Streams with an input topic `in`, and topics `out` and `out.dead`.
struct TriggerBench {
    let streams = InMemoryStreams(now: { 1_700_000_000_000 })
    let partitions: Int

    init(partitions: Int = 2) {
        self.partitions = partitions
        streams.makeTopic("in", partitions: partitions)
        streams.makeTopic("out", partitions: partitions)
        streams.makeTopic("out.dead", partitions: 1)
    }

    var options: EventTriggerOptions {
        var options = EventTriggerOptions(topic: "in", group: "g", output: "out", model: "m1", until: .end)
        options.batchDelay = .zero
        options.backoff = .zero
        options.commitInterval = .zero
        return options
    }

    /// Writes texts, in turn to each partition, as keys and values; nil is a tombstone.
    func write(_ texts: [String?], headers: [RecordHeader] = []) async throws {
        var records = OutgoingRecords()
        for (index, text) in texts.enumerated() {
            records.append(
                to: "in",
                partition: Int32(index % partitions),
                key: Array((text ?? "none").utf8),
                value: text.map { Array($0.utf8) },
                timestamp: Int64(1_000 + index),
                headers: headers
            )
        }
        let sink = try await streams.open(SinkRequest())
        try await sink.send(records).check()
        await sink.close()
    }

    func run(
        _ options: EventTriggerOptions? = nil,
        client: (any StreamClient)? = nil,
        scorer: any EventScorer = FakeScorer(FakeScorer.usual),
        observer: any EventTriggerObserver = SilentTriggerObserver()
    ) async throws -> TriggerStatus {
        let trigger = try EventTrigger(
            options ?? self.options,
            client: client ?? streams,
            scorer: scorer,
            clock: ContinuousClock(),
            observer: observer
        )
        return try await trigger.run()
    }

    /// What committed readers see of a topic, by partition.
    func seen(_ topic: String) -> [[InMemoryStreams.Stored]] {
        (0..<(topic == "out.dead" ? 1 : partitions)).map {
            streams.records(of: TopicPartition(topic, Int32($0)))
        }
    }

    /// The inputs that answers or dead letters name, as `in/0/7`; in the order of the topic.
    func inputs(_ topic: String) -> [String] {
        seen(topic).joined().compactMap { record in
            if let header = record.headers.first(where: { $0.name == "martlet.input" }) { return header.text }
            guard let letter = try? DeadLetter(record.headers) else { return nil }
            return "\(letter.partition.topic)/\(letter.partition.partition)/\(letter.offset)"
        }
    }

    /// What each event shall come to: the inputs with an answer, and those without.
    func expected() -> (answers: Set<String>, dead: Set<String>) {
        var answers: Set<String> = []
        var dead: Set<String> = []
        for (partition, records) in seen("in").enumerated() {
            for record in records {
                guard let value = record.value else { continue }
                let text = String(decoding: value, as: UTF8.self)
                let isDead = text.hasPrefix("bad") || text.hasPrefix("poison")
                let name = "in/\(partition)/\(record.offset)"
                if isDead { dead.insert(name) } else { answers.insert(name) }
            }
        }
        return (answers, dead)
    }

    /// What is wrong with the outputs; empty when each event has exactly one, in order.
    func faults() -> [String] {
        var faults: [String] = []
        let expected = expected()
        for (topic, wanted) in [("out", expected.answers), ("out.dead", expected.dead)] {
            let found = inputs(topic)
            if found.count != Set(found).count { faults.append("\(topic): some came twice") }
            let missing = wanted.subtracting(found)
            if !missing.isEmpty { faults.append("\(topic): missing \(missing.sorted().prefix(3))") }
            let strange = Set(found).subtracting(wanted)
            if !strange.isEmpty { faults.append("\(topic): strange \(strange.sorted().prefix(3))") }
        }
        // Within one partition of the output, answers to one partition of the input keep their order.
        for records in seen("out") {
            var last: [String: Int] = [:]
            for record in records {
                let parts = (record.headers.first { $0.name == "martlet.input" }?.text ?? "").split(separator: "/")
                guard parts.count == 3, let offset = Int(parts[2]) else { continue }
                if let before = last[String(parts[1])], before >= offset { faults.append("out: \(offset) is late") }
                last[String(parts[1])] = offset
                let value = record.value.map { String(decoding: $0, as: UTF8.self) }
                let key = record.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
                if value != #"{"score":"\#(key)"}"# { faults.append("out: \(value ?? "nothing") for \(key)") }
            }
        }
        return faults
    }
}

/// Keeps what a trigger tells, and waits for it.
final class TriggerWatch: EventTriggerObserver {
    private struct State {
        var last = TriggerStatus()
        var notices: [MartletError] = []
        var waiters: [(@Sendable (TriggerStatus) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var last: TriggerStatus { state.withLock(\.last) }
    var notices: [MartletError] { state.withLock(\.notices) }

    func update(_ status: TriggerStatus) {
        let woken = state.withLock { state in
            state.last = status
            defer { state.waiters.removeAll { $0.0(status) } }
            return state.waiters.filter { $0.0(status) }.map(\.1)
        }
        for continuation in woken { continuation.resume() }
    }

    func notice(_ error: MartletError) { state.withLock { $0.notices.append(error) } }

    func until(_ isSo: @escaping @Sendable (TriggerStatus) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if isSo(state.last) { return true }
                state.waiters.append((isSo, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
