import Foundation
import MartletBroker
import MartletCore
import MartletKafka
import Testing

@testable import MartletRuntime

/// A trigger in a process of its own that is killed at random instants, over a real log server.
@Suite(.timeLimit(.minutes(30)))
struct TriggerKillTests {
    /// Answers with the number that it is given, and fails for each 50th; it stays when its input ends.
    private static let program = """
        while read -r line; do n=${line#*\\"n\\":}; n=${n%%\\}*}
        if [ $((n % 50)) = 49 ]; then echo '{"error": "no"}'; else echo "{\\"score\\":$n}"; fi; done
        exec sleep 1000
        """

    @Test func eachEventHasOneAnswerAfterManyKills() async throws {
        let kills = 20
        let (server, client, folder) = try await Self.serve()
        defer { try? FileManager.default.removeItem(atPath: folder) }

        // Each life is killed a while after it has committed something, while more is written.
        var (written, children) = (0, 0)
        var random = SeededNumbers(seed: 7)
        for kill in 1...kills {
            try await write(written..<(written + 400), client)
            written += 400
            // Before the life begins: it may be quicker than the question.
            let before = try await ends(of: "out", client)
            let runner = try Runner(port: server.port, until: "forever", program: Self.program)
            while try await ends(of: "out", client) == before, runner.process.isRunning {}
            // A number of requests to the server instead of a time.
            for _ in 0..<Int.random(in: 0...40, using: &random) { _ = try await ends(of: "out", client) }
            #expect(runner.process.isRunning, "life \(kill) ended by itself")
            children += runner.kill()
        }
        // Some lives are over before they have anything scored.
        #expect(children >= kills / 2)
        let last = try Runner(port: server.port, until: "end", program: Self.program)
        last.process.waitUntilExit()
        #expect(last.process.terminationStatus == 0)

        try await expectEachOnce(written, client)
        try await server.stop()
    }

    /// Members of a real group come and go while events are scored.
    @Test func membersOfAGroupShareTheWork() async throws {
        let (server, client, folder) = try await Self.serve()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let scorer = FakeScorer { texts, _ throws(ScorerFailure) in
            for _ in 0..<100 { await Task.yield() }
            return texts.map { text in
                let number = text.dropFirst(5).dropLast()
                return number.hasSuffix("49") || number.hasSuffix("99")
                    ? .failed("no") : .json(Array("{\"score\":\(number)}".utf8))
            }
        }
        let watches = [TriggerWatch(), TriggerWatch()]
        let triggers = try watches.enumerated().map { number, watch in
            try EventTrigger(
                Self.options("member\(number)", .forever),
                client: client,
                scorer: scorer,
                clock: ContinuousClock(),
                observer: watch
            )
        }
        try await withThrowingTaskGroup(of: TriggerStatus.self) { group in
            group.addTask { try await triggers[0].run() }
            try await write(0..<3_000, client)
            await watches[0].until { $0.answers > 0 }
            group.addTask { try await triggers[1].run() }
            await watches[1].until { $0.assigned.count == 1 }
            try await write(3_000..<6_000, client)
            await watches[1].until { $0.answers > 0 }
            triggers[0].stop()
            await watches[0].until { $0.ending == .stopped }
            try await write(6_000..<7_000, client)
            let last = try EventTrigger(
                Self.options("last", .end),
                client: client,
                scorer: scorer,
                clock: ContinuousClock()
            )
            #expect(try await last.run().ending == .end)
            triggers[1].stop()
            for try await status in group { #expect(status.ending == .stopped) }
        }
        try await expectEachOnce(7_000, client)
        try await server.stop()
    }

    /// Each event up to a number has one answer, or is one dead letter.
    private func expectEachOnce(_ written: Int, _ client: KafkaStreamClient) async throws {
        let answers = try await read("out", client)
        let dead = try await read("out.dead", client)
        let numbers = answers.map { Int($0.dropFirst(#"{"score":"#.count).dropLast()) ?? -1 }
        #expect(numbers.count == Set(numbers).count, "some answers came twice")
        #expect(Set(numbers) == Set((0..<written).filter { $0 % 50 != 49 }))
        #expect(dead.sorted() == (0..<written).filter { $0 % 50 == 49 }.map { "{\"n\":\($0)}" }.sorted())
    }

    private static func options(_ id: String, _ until: EventTriggerOptions.Until) -> EventTriggerOptions {
        var options = EventTriggerOptions(
            topic: "in",
            group: "g",
            output: "out",
            model: "m1",
            transactionalID: id,
            until: until
        )
        options.batchRecords = 16
        options.commitInterval = .milliseconds(5)
        return options
    }

    /// A log server with the topics, a client of it, and the folder that it is in.
    private static func serve() async throws -> (LogServer, KafkaStreamClient, String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
        let server = try await LogServer.start(
            BrokerSettings(
                folder: folder,
                clock: { Int64(Date().timeIntervalSince1970 * 1000) },
                makeID: { UUID().uuidString.lowercased() },
                random: { (.random(in: 0 ... .max), .random(in: 0 ... .max)) }
            ),
            port: 0
        )
        let library = try KafkaLibrary.load(environment: ProcessInfo.processInfo.environment)
        let configuration = KafkaConfiguration(bootstrapServers: "127.0.0.1:\(server.port)")
        let admin = try KafkaAdmin(library, configuration)
        try await admin.createTopics(["in", "out", "out.dead"].map { .init($0, partitions: 2, replicas: 1) })
        let client = try KafkaStreamClient(library, configuration)
        return (server, client, folder)
    }

    /// A process of `trigger-crash-runner`.
    private struct Runner {
        let process = Process()

        init(port: Int, until: String, program: String) throws {
            // The folder of the built programs, where the test program lies too.
            process.executableURL = URL(fileURLWithPath: "/proc/self/exe")
                .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("trigger-crash-runner")
            process.arguments = ["127.0.0.1:\(port)", "in", "out", "g", until, program]
            process.standardOutput = FileHandle.nullDevice
            try process.run()
        }

        /// Kills it, and makes sure that its children go; how many there were.
        func kill() -> Int {
            let children = Self.children(of: process.processIdentifier)
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            // The kernel ends them at once; one that nobody has waited for yet still has its number.
            for child in children { while Self.isAlive(child) {} }
            return children.count
        }

        private static func children(of process: pid_t) -> [pid_t] {
            let tasks = "/proc/\(process)/task"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
            return names.flatMap { name in
                let text = (try? String(contentsOfFile: "\(tasks)/\(name)/children", encoding: .utf8)) ?? ""
                return text.split(separator: " ").compactMap { pid_t($0) }
            }
        }

        private static func isAlive(_ process: pid_t) -> Bool {
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
            let state = text.split(separator: ")").last?.split(separator: " ").first
            return state != "Z" && state != "X"
        }
    }

    private func write(_ numbers: Range<Int>, _ client: KafkaStreamClient) async throws {
        var records = OutgoingRecords()
        for number in numbers {
            records.append(to: "in", key: Array("k\(number % 7)".utf8), value: Array("{\"n\":\(number)}".utf8))
        }
        let sink = try await client.open(SinkRequest())
        try await sink.send(records).check()
        await sink.close()
    }

    private func ends(of topic: String, _ client: KafkaStreamClient) async throws -> [Int64] {
        var ends: [Int64] = []
        for partition in try await client.partitions(of: topic) {
            ends.append(try await client.offsets(of: partition).high)
        }
        return ends
    }

    /// All committed values of a topic.
    private func read(_ topic: String, _ client: KafkaStreamClient) async throws -> [String] {
        let partitions = try await client.partitions(of: topic)
        let starts = Dictionary(uniqueKeysWithValues: partitions.map { ($0, Int64?.some(0)) })
        let source = try await client.open(SourceRequest(group: "reader", assignment: .partitions(starts)))
        var open = Set(partitions)
        var values: [String] = []
        while !open.isEmpty, let event = try await source.next() {
            switch event {
            case .batch(let batch):
                batch.visit { record in
                    values.append(String(decoding: record.value ?? .init(start: nil, count: 0), as: UTF8.self))
                }
            case .reachedEnd(let partition, _): open.remove(partition)
            default: break
            }
        }
        await source.close()
        return values
    }
}
