import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// A real process that runs a stream is killed at random instants while a producer writes; in the end its results are
/// those of each record counted once.
@Suite(.serialized, .tags(.endToEnd), .timeLimit(.minutes(30)), .enabled(if: CrashRunnerProgram.canRun))
struct KillTests {
    static let kills = 22
    static let records = 40_000

    /// Writes records in order of time to each partition, and some that cannot be read.
    private static func produce(_ client: any StreamClient) async throws {
        let sink = try await client.open(SinkRequest())
        for step in stride(from: 0, to: records, by: 200) {
            var packed = OutgoingRecords()
            for index in step..<(step + 200) {
                let isBroken = index % 1_000 == 999
                let value =
                    isBroken
                    ? Array("x\(index)".utf8)
                    : RunnerSamples.json(
                        Int64(index) / 100,
                        "n\(index % 7)",
                        Int64(index)
                    )
                packed.append(to: "in", partition: Int32(index % 3), key: nil, value: value)
            }
            try (await sink.send(packed)).check()
            // The producer takes about as long as the kills.
            try await Task.sleep(for: .milliseconds(50))
        }
        await sink.close()
    }

    /// Count and total by name and window, worked out without the engine.
    private static var expected: [String: String] {
        var sums = [String: (count: Int64, total: Int64)]()
        for index in 0..<records where index % 1_000 != 999 {
            let key = "n\(index % 7) \(index / 100 / 10 * 10)"
            let sum = sums[key] ?? (0, 0)
            sums[key] = (sum.count + 1, sum.total + Int64(index))
        }
        return sums.mapValues { "\($0.count) \($0.total)" }
    }

    private func start(_ bench: TestBroker, _ kind: String, _ place: String, _ until: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(CrashRunnerProgram.path))
        process.arguments = [bench.address, "in", kind, bench.folder + "/" + place, until]
        try process.run()
        return process
    }

    /// Kills the stream again and again while its input is written, and lets it come to the end then.
    private func killAndFinish(_ bench: TestBroker, _ kind: String, _ place: String) async throws {
        try await bench.makeTopics(["in": 3, "out": 2, "dead": 1])
        let client = try bench.client()
        let producer = Task { try await Self.produce(client) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<Self.kills {
            let process = try start(bench, kind, place, "forever")
            try await Task.sleep(for: .milliseconds(Int.random(in: 30...900, using: &random)))
            #expect(process.isRunning, "the stream ended by itself")
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try await producer.value
        let last = try start(bench, kind, place, "end")
        last.waitUntilExit()
        #expect(last.terminationStatus == 0)
    }

    @Test
    func databaseIsExact() async throws {
        let bench = try await TestBroker(startsOwn: true)
        try await killAndFinish(bench, "sqlite", "results.db")
        let table = try ResultTable(bench.folder + "/results.db")
        #expect(table.sums == Self.expected)
        #expect(table.rejected == Self.records / 1_000)
        #expect(table.cuts > Int64(Self.kills) / 4)
        try await bench.end()
    }

    @Test
    func topicIsExact() async throws {
        let bench = try await TestBroker(startsOwn: true)
        try await killAndFinish(bench, "topic", "cuts")
        let client = try bench.client()
        var seen = [String: [String]]()
        for value in try await read(client, "out", partitions: 2) {
            let line = try JSONDecoder().decode(Line.self, from: Data(value))
            let start = try #require(Timestamp(rfc3339: line.start)).microseconds / 1_000_000
            seen["\(line.name) \(start)", default: []].append("\(line.count) \(line.total)")
        }
        #expect(seen.values.allSatisfy { $0.count == 1 }, "a result stands in the topic twice")
        #expect(seen.compactMapValues(\.first) == Self.expected)
        #expect(try await read(client, "dead", partitions: 1).count == Self.records / 1_000)
        try await bench.end()
    }

    private struct Line: Decodable {
        var name: String
        var start: String
        var count: Int64
        var total: Int64

        enum CodingKeys: String, CodingKey {
            case name, count, total
            case start = "window_start"
        }
    }

    /// All that readers of committed records see.
    private func read(_ client: any StreamClient, _ topic: String, partitions: Int) async throws -> [[UInt8]] {
        var values = [[UInt8]]()
        for number in 0..<partitions {
            let partition = TopicPartition(topic, Int32(number))
            let end = try await client.offsets(of: partition).high
            guard end > 0 else { continue }
            let source = try await client.open(SourceRequest(group: "look", assignment: .partitions([partition: 0])))
            reading: while let event = try await source.next() {
                switch event {
                case .batch(let batch): batch.visit { values.append($0.value.map { Array($0) } ?? []) }
                case .reachedEnd(_, let offset) where offset >= end: break reading
                default: continue
                }
            }
            await source.close()
        }
        return values
    }
}

/// The program that is killed.
enum CrashRunnerProgram {
    /// The program to kill stands beside the tests' own.
    static var path: String? {
        let bundle = CommandLine.arguments.first.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
        let folders = [bundle, FileManager.default.currentDirectoryPath + "/.build/debug"].compactMap(\.self)
        return folders.map { $0 + "/stream-crash-runner" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static var canRun: Bool {
        path != nil && TestBroker.canRun
    }
}
