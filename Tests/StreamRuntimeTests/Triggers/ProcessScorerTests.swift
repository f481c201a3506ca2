import Foundation
import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletRuntime

/// Programs that score, as they are.
@Suite(.timeLimit(.minutes(30)))
struct ProcessScorerTests {
    private static let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]

    private func shell(_ line: String, _ onLine: @escaping @Sendable (String) -> Void = { _ in }) -> ProcessScorer {
        let program = ProcessScorer.Program(shell: line, environment: Self.environment, directory: "/")
        return ProcessScorer(program, onLine: onLine)
    }

    private func python(_ body: String) -> ProcessScorer {
        let text = "import sys, json, os\n" + body
        let program = ProcessScorer.Program(
            "python3",
            ["-u", "-c", text],
            environment: Self.environment,
            directory: "/"
        )
        return ProcessScorer(program)
    }

    private func events(_ values: [String]) -> [ScoredInput] {
        values.enumerated().map { index, value in
            ScoredInput(
                partition: TopicPartition("t", 1),
                offset: Int64(index),
                timestamp: 5,
                key: index == 0 ? nil : Array("k\"\u{1}\(index)".utf8),
                value: Array(value.utf8)
            )
        }
    }

    @Test func aProgramIsToldAllAndAnswersInOrder() async throws {
        let scorer = python("for line in sys.stdin: print(json.dumps(json.loads(line)))")
        let answers = try await scorer.score(events(["{\n\"a\": 1.50}", "no json\n", "[1]", "\"ü\""]))
        let wanted = [
            #"{"key": null, "value": {"a": 1.5}, "topic": "t", "partition": 1, "offset": 0, "timestamp": 5}"#,
            #"{"key": "k\"\u00011", "value": "no json\n", "topic": "t", "partition": 1, "offset": 1, "timestamp": 5}"#,
            #"{"key": "k\"\u00012", "value": [1], "topic": "t", "partition": 1, "offset": 2, "timestamp": 5}"#,
            #"{"key": "k\"\u00013", "value": "\u00fc", "topic": "t", "partition": 1, "offset": 3, "timestamp": 5}"#,
        ]
        #expect(answers == wanted.map { .json(Array($0.utf8)) })
        // The same process answers again.
        #expect(try await scorer.score(events(["1"])).count == 1)
        #expect(scorer.restarts == 0)
        await scorer.close()
        await #expect(throws: ScorerFailure.self) { try await scorer.score(events(["1"])) }
    }

    @Test func manyLinesDoNotBlockEitherSide() async throws {
        let scorer = shell("exec cat")
        let values = (0..<20_000).map { "{\"n\":\($0)}" }
        #expect(try await scorer.score(events(values)).count == 20_000)
        await scorer.close()
    }

    @Test func anEventMayFailAlone() async throws {
        let scorer = python(
            "for line in sys.stdin:\n v=json.loads(line)['value']\n print(json.dumps({'error': 'odd'} if v % 2 else v))"
        )
        let answers = try await scorer.score(events(["1", "2", "3"]))
        #expect(answers == [.failed("odd"), .json(Array("2".utf8)), .failed("odd")])
        await scorer.close()
    }

    /// Programs that do not do what they shall; whether that may be for what they were given, and a part of the reason.
    @Test(arguments: [
        ("read line; exit 3", ScorerFailure.Kind.batch, "exit code 3"),
        ("exit 4", .unavailable, "exit code 4"),
        ("echo why >&2; exit 5", .unavailable, "why"),
        ("read line; kill -SEGV $$", .batch, "signal 11"),
        ("read line; echo hello", .batch, "not JSON: hello"),
        ("read line; printf '1\\n2\\n'; read other", .batch, "more lines"),
        ("read line; exec 1>&-; sleep 1000", .batch, "signal 9"),
        ("head -c 3000000 /dev/zero | tr '\\0' 1", .batch, "too long"),
    ])
    func failuresSayWhy(line: String, kind: ScorerFailure.Kind, part: String) async throws {
        let scorer = shell(line)
        do {
            _ = try await scorer.score(events(["1"]))
            Issue.record("it answered")
        } catch {
            #expect(error.kind == kind)
            #expect(error.failure.description.contains(part), "\(error.failure)")
        }
        await scorer.close()
    }

    @Test func whatCannotBeStartedIsNotTheEventsFault() async throws {
        let program = ProcessScorer.Program("/no/such/program", environment: [:], directory: "/")
        let scorer = ProcessScorer(program)
        do {
            _ = try await scorer.score(events(["1"]))
            Issue.record("it answered")
        } catch {
            #expect(error.kind == .unavailable)
            #expect(error.failure.reason == "No such file or directory")
        }
        await scorer.close()
    }

    @Test func complaintsArePassedOn() async throws {
        let lines = Mutex<[String]>([])
        let scorer = shell("echo one >&2; printf 'two\\nthree' >&2; read line; echo 7") { line in
            lines.withLock { $0.append(line) }
        }
        #expect(try await scorer.score(events(["1"])) == [.json([UInt8(ascii: "7")])])
        await scorer.close()
        #expect(lines.withLock(\.self) == ["one", "two", "three"])
    }

    @Test func aCancelledQuestionEndsTheProgram() async throws {
        let started = Flag()
        let scorer = shell("read line; echo on >&2; while read line; do :; done; sleep 1000") { _ in started.set() }
        let task = Task { try await scorer.score(events(["1"])) }
        while !started.isSet { await Task.yield() }
        task.cancel()
        await #expect(throws: ScorerFailure.self) { try await task.value }
        await scorer.close()
    }

    @Test func aProgramThatClingsIsKilled() async throws {
        let program = ProcessScorer.Program(
            shell: "trap '' TERM; read line; echo $$; while :; do sleep 1000; done",
            environment: Self.environment,
            directory: "/",
            grace: .milliseconds(100)
        )
        let scorer = ProcessScorer(program)
        let answer = try await scorer.score(events(["1"]))
        await scorer.close()
        guard case .json(let bytes)? = answer.first, let pid = pid_t(String(decoding: bytes, as: UTF8.self)) else {
            Issue.record("no answer")
            return
        }
        #expect(kill(pid, 0) == -1)
    }

    @Test func programsRunBesideEachOther() async throws {
        let program = ProcessScorer.Program(
            shell: "while read line; do echo $$; done",
            environment: Self.environment,
            directory: "/"
        )
        let scorer = ProcessScorer(program, processes: 3)
        let pids = try await withThrowingTaskGroup(of: [ScoreAnswer].self) { group in
            for _ in 0..<30 { group.addTask { try await scorer.score(events(["1"])) } }
            return try await group.reduce(into: Set<[ScoreAnswer]>()) { $0.insert($1) }
        }
        #expect((1...3).contains(pids.count))
        await scorer.close()
    }

    /// A whole trigger: some events end the program, some have no answer; it crashes now and then for no reason.
    @Test func aTriggerGetsOverCrashes() async throws {
        let bench = TriggerBench(partitions: 2)
        try await bench.write((0..<80).map { $0 == 33 ? "poison" : $0 % 20 == 3 ? "bad\($0)" : "e\($0)" })
        let scorer = python(
            """
            n = 0
            for line in sys.stdin:
                v = json.loads(line)['value']
                n += 1
                if v == 'poison' or n == 30: os._exit(1)
                print(json.dumps({'error': 'bad'}) if v.startswith('bad') else '{"score":"%s"}' % v)
            """
        )
        var options = bench.options
        options.batchRecords = 8
        let status = try await bench.run(options, scorer: scorer)
        await scorer.close()
        #expect(bench.faults() == [])
        #expect(status.failures == 5)
        #expect(status.restarts >= 3)
    }
}
