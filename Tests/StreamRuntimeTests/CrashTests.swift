import Foundation
import MartletCore
import MartletSQLite
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Runs that are killed at each of their calls, and go on: the results are those of a run that nobody killed.
@Suite(.tags(.simulation), .timeLimit(.minutes(10)))
struct CrashTests {
    private static let definition = StreamDefinition(
        name: "sample",
        source: StreamInput(fields: RunnerSamples.fields, timeField: "at", disorder: .seconds(5)),
        key: ["name"],
        window: .hopping(.seconds(20), every: .seconds(10)),
        aggregates: [AggregateSpec("count", .count), AggregateSpec("total", .sum, of: "value")],
        emit: .onChange
    )

    /// An input with disorder, late records, and some that cannot be read.
    private static func input(_ seed: UInt64) async throws -> InMemoryStreams {
        var random = SeededGenerator(seed: seed)
        let streams = InMemoryStreams(now: { 1_700_000_000_000 })
        streams.makeTopic("in", partitions: 3)
        streams.makeTopic("out", partitions: 2)
        streams.makeTopic("in.dead", partitions: 1)
        var records = [(partition: Int32, value: [UInt8]?)]()
        for step in 0..<120 {
            let partition = Int32.random(in: 0..<3, using: &random)
            let time = Int64(step) - Int64.random(in: 0..<12, using: &random)
            let name = ["a", "b", "ü"].randomElement(using: &random) ?? "a"
            let isBroken = Int.random(in: 0..<10, using: &random) == 0
            records.append((partition, isBroken ? Array("x".utf8) : RunnerSamples.json(time, name, Int64(step))))
        }
        try await RunnerSamples.send(streams, records)
        return streams
    }

    /// What a place holds: panes by key and window, and the places of rejected records.
    private struct Outcome: Hashable {
        var panes: [String]
        var rejected: [String]
    }

    private func run(
        _ streams: any StreamClient,
        _ store: any StreamResultStore,
        _ calls: DeadlyCalls,
        pendingResults: Int = 5
    ) async throws -> Bool {
        let clock = ManualClock()
        var options = RunnerSamples.options()
        options.batchRecords = 10
        options.pendingResults = pendingResults
        let runner = StreamRunner(
            plan: try StreamPlan(Self.definition),
            topic: "in",
            client: FaultyStreams(inner: streams, calls: calls),
            store: FaultyStore(inner: store, calls: calls),
            options: options,
            timer: RunnerSamples.timer(clock)
        )
        do throws(MartletError) {
            _ = try await runner.run()
            return true
        } catch {
            guard calls.isDead else { throw error }
            return false
        }
    }

    private func outcome(_ contents: InMemoryResultStore.Contents) -> Outcome {
        Outcome(
            panes: contents.panes.map { "\($0.key) \($0.window) \($0.values)" },
            rejected: contents.rejected.map { "\($0.partition) \($0.offset) \($0.reason)" }
        )
    }

    @Test(arguments: [UInt64(1), 2])
    func tableIsTheSame(seed: UInt64) async throws {
        let whole = InMemoryResultStore.Contents()
        let all = DeadlyCalls()
        #expect(try await run(Self.input(seed), InMemoryResultStore(whole), all))
        let expected = outcome(whole)
        #expect(expected.panes.count > 12)
        #expect(expected.rejected.count > 2)
        for last in 1...all.count {
            for isDone in [false, true] {
                let streams = try await Self.input(seed)
                let contents = InMemoryResultStore.Contents()
                let calls = DeadlyCalls(last: last, isDone: isDone)
                // The last commits of offsets change nothing, so that one may end before or after the deadly call.
                _ = try await run(streams, InMemoryResultStore(contents), calls)
                #expect(try await run(streams, InMemoryResultStore(contents), DeadlyCalls()))
                #expect(outcome(contents) == expected, "killed at \(last), done: \(isDone)")
            }
        }
    }

    /// Killed again and again, each time a few calls further.
    @Test(arguments: [UInt64(4), 5])
    func tableIsTheSameAfterManyKills(seed: UInt64) async throws {
        let whole = InMemoryResultStore.Contents()
        #expect(try await run(Self.input(seed), InMemoryResultStore(whole), DeadlyCalls()))
        for round in 0..<10 {
            var random = SeededGenerator(seed: seed &* 1_000 &+ UInt64(round))
            let streams = try await Self.input(seed)
            let contents = InMemoryResultStore.Contents()
            for _ in 0..<200 {
                let last = Int.random(in: 8..<40, using: &random)
                let calls = DeadlyCalls(last: last, isDone: Bool.random(using: &random))
                if try await run(streams, InMemoryResultStore(contents), calls) { break }
            }
            #expect(try await run(streams, InMemoryResultStore(contents), DeadlyCalls()))
            #expect(outcome(contents) == outcome(whole), "round \(round)")
        }
    }

    private static func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    /// What readers of committed records see of the topics of results and dead letters: each once.
    private func seen(_ streams: InMemoryStreams) -> Outcome {
        let panes = (0..<2).flatMap { streams.records(of: TopicPartition("out", $0)) }
            .map { "\(Self.text($0.key)) \(Self.text($0.value))" }
        let letters = streams.records(of: TopicPartition("in.dead", 0)).map { record in
            let letter = try? DeadLetter(record.headers)
            return "\(letter.map { "\($0.partition) \($0.offset) \($0.errorClass)" } ?? "?")"
        }
        return Outcome(panes: panes.sorted(), rejected: letters.sorted())
    }

    private func store(
        _ streams: InMemoryStreams,
        _ calls: DeadlyCalls,
        _ folder: String,
        _ writer: Int
    ) throws -> TopicResultStore {
        TopicResultStore(
            client: FaultyStreams(inner: streams, calls: calls),
            input: "in",
            output: "out",
            group: "g",
            shape: ResultShape(try StreamPlan(Self.definition)),
            folder: folder,
            writer: "w\(writer)",
            timer: RunnerSamples.timer(ManualClock())
        )
    }

    @Test(arguments: [UInt64(6)])
    func topicIsTheSame(seed: UInt64) async throws {
        let root = NSTemporaryDirectory() + "martlet-crash-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let whole = try await Self.input(seed)
        let all = DeadlyCalls()
        // Each cut is flushed to the disk, so they are few.
        #expect(try await run(whole, store(whole, all, root + "/whole", 0), all, pendingResults: 60))
        let expected = final(seen(whole))
        #expect(expected.panes.count > 10)
        for last in 1...all.count {
            for isDone in [false, true] {
                let streams = try await Self.input(seed)
                let folder = root + "/\(last)-\(isDone)"
                let calls = DeadlyCalls(last: last, isDone: isDone)
                _ = try await run(streams, store(streams, calls, folder, 1), calls, pendingResults: 60)
                let healthy = DeadlyCalls()
                #expect(try await run(streams, store(streams, healthy, folder, 2), healthy, pendingResults: 60))
                #expect(final(seen(streams)) == expected, "killed at \(last), done: \(isDone)")
                // Nothing is there twice: each pane of a window has another number.
                let panes = seen(streams).panes
                #expect(Set(panes).count == panes.count, "killed at \(last), done: \(isDone)")
                try? FileManager.default.removeItem(atPath: folder)
            }
        }
    }

    /// Of each key and window the record with the highest number of its pane.
    private func final(_ outcome: Outcome) -> Outcome {
        var last = [String: (Int, String)]()
        for pane in outcome.panes {
            guard let end = pane.range(of: "\"window_end\":\"", options: .backwards),
                let mark = pane.range(of: "\"pane\":", options: .backwards),
                let number = Int(pane[mark.upperBound...].dropLast())
            else { continue }
            let identity = String(pane[..<end.upperBound]) + pane[end.upperBound...].prefix(20)
            if number >= last[identity]?.0 ?? 0 { last[identity] = (number, String(pane[..<mark.lowerBound])) }
        }
        return Outcome(panes: last.values.map(\.1).sorted(), rejected: outcome.rejected)
    }
}
