import MartletCore
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30)))
struct StreamRunnerTests {
    private let streams = InMemoryStreams(now: { 1_700_000_000_000 })
    private let clock = ManualClock()
    private let contents = InMemoryResultStore.Contents()
    private let witness = StreamWitness()

    private func runner(
        _ definition: StreamDefinition = RunnerSamples.definition(),
        _ options: StreamRunnerOptions = RunnerSamples.options()
    ) throws -> StreamRunner {
        StreamRunner(
            plan: try StreamPlan(definition),
            topic: "in",
            client: streams,
            store: InMemoryResultStore(contents),
            options: options,
            timer: RunnerSamples.timer(clock),
            observer: witness
        )
    }

    private func code(_ expected: ErrorCode, _ runner: StreamRunner) async {
        await #expect {
            _ = try await runner.run()
        } throws: { error in
            (error as? MartletError)?.code == expected
        }
    }

    @Test
    func countsABoundedInput() async throws {
        streams.makeTopic("in", partitions: 2)
        try await RunnerSamples.send(
            streams,
            [
                (0, RunnerSamples.json(1, "a", 1)), (1, RunnerSamples.json(2, "a", 2)),
                (0, RunnerSamples.json(12, "b", 4)), (1, RunnerSamples.json(15, "a", 8)),
            ]
        )
        let summary = try await runner().run()
        #expect(summary.ending == .finished)
        #expect(RunnerSamples.counts(contents) == ["a 0: 2 of 3", "a 10: 1 of 8", "b 10: 1 of 4"])
        #expect(contents.cut?.offsets == [TopicPartition("in", 0): 2, TopicPartition("in", 1): 2])
        #expect(contents.cut?.isFinal == true)
        #expect(summary.status.counters.records == 4)
        #expect(summary.status.written == 3)
        #expect(summary.status.partitions.values.map(\.lag) == [0, 0])
        #expect(streams.committed(of: "g").mapValues(\.offset) == contents.cut?.offsets)
    }

    /// Two runs that each read what is there give what one gives that reads it at once.
    @Test
    func goesOnFromItsCut() async throws {
        streams.makeTopic("in", partitions: 1)
        var options = RunnerSamples.options()
        options.closesWindows = false
        try await RunnerSamples.send(
            streams,
            [(0, RunnerSamples.json(1, "a", 1)), (0, RunnerSamples.json(11, "a", 2))]
        )
        _ = try await runner(RunnerSamples.definition(), options).run()
        #expect(RunnerSamples.counts(contents) == ["a 0: 1 of 1"])
        try await RunnerSamples.send(
            streams,
            [(0, RunnerSamples.json(12, "a", 4)), (0, RunnerSamples.json(3, "a", 9))]
        )
        _ = try await runner().run()
        #expect(RunnerSamples.counts(contents) == ["a 0: 1 of 1", "a 10: 2 of 6"])
        #expect(contents.rejected.map { "\($0.offset) \($0.reason)" } == ["3 late"])
        #expect(contents.rejected.first?.value == RunnerSamples.json(3, "a", 9))
        #expect(contents.rejected.first?.key == Array("k".utf8))
        #expect(contents.cut?.number == 2)
    }

    @Test
    func putsAsideWhatItCannotRead() async throws {
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(
            streams,
            [
                (0, RunnerSamples.json(1, "a", 1)), (0, Array("{".utf8)), (0, nil), (0, []),
                (0, Array(#"{"name":"a"}"#.utf8)), (0, RunnerSamples.json(2, "a", 1)),
            ]
        )
        let summary = try await runner().run()
        #expect(RunnerSamples.counts(contents) == ["a 0: 2 of 2"])
        #expect(
            contents.rejected.map { "\($0.offset) \($0.reason)" } == ["1 unreadable", "3 unreadable", "4 time_invalid"]
        )
        #expect(contents.rejected.first?.value == Array("{".utf8))
        #expect(contents.rejected.first?.detail.isEmpty == false)
        #expect(summary.status.tombstones == 1)
        #expect(summary.status.unreadable == 2)
        #expect(summary.status.rejected == ["unreadable": 2, "time_invalid": 1])
    }

    @Test
    func passesRecordsWithoutWindows() async throws {
        streams.makeTopic("in", partitions: 2)
        try await RunnerSamples.send(
            streams,
            [
                (0, RunnerSamples.json(1, "a", 1)), (1, RunnerSamples.json(2, "b", 5)),
                (0, RunnerSamples.json(3, "c", 7)),
            ]
        )
        _ = try await runner(RunnerSamples.definition(nil, filter: "value > 3")).run()
        let places = contents.rows.map { "\($0.partition) \($0.offset) \($0.time)" }
        #expect(places == ["in-0 1 3000000", "in-1 0 2000000"])
        #expect(contents.rows.first?.values == [.timestamp(3_000_000), .text("c"), .integer(7)])
    }

    /// Marks of transactions take offsets that no record has; the end counts as read all the same.
    @Test
    func reachesEndsThatAreMarks() async throws {
        streams.makeTopic("in", partitions: 1)
        let sink = try await streams.open(SinkRequest(transactionalID: "t"))
        for isKept in [true, false] {
            try await sink.beginTransaction()
            var records = OutgoingRecords()
            records.append(to: "in", partition: 0, key: nil, value: RunnerSamples.json(1, "a", isKept ? 1 : 2))
            _ = try await sink.send(records)
            if isKept {
                try await sink.commitTransaction(offsets: [:], of: nil)
            } else {
                try await sink.abortTransaction()
            }
        }
        let summary = try await runner().run()
        #expect(RunnerSamples.counts(contents) == ["a 0: 1 of 1"])
        #expect(summary.status.partitions[TopicPartition("in", 0)]?.offset == 4)
    }

    @Test
    func startsAtTheEndAndStaysThere() async throws {
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        let first = try runner(RunnerSamples.definition(), RunnerSamples.options(start: .latest))
        _ = try await first.run()
        #expect(contents.cut?.offsets == [TopicPartition("in", 0): 1])
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(2, "a", 5))])
        #expect(contents.panes.isEmpty)
    }

    @Test
    func refusesWhatCannotGoOn() async throws {
        try await code(.streamTopicMissing, runner())
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        _ = try await runner().run()
        try await code(.streamDefinitionChanged, runner(RunnerSamples.definition(.tumbling(.seconds(20)))))
        // The topic was made anew, with less in it than the cut says.
        let other = InMemoryStreams()
        other.makeTopic("in", partitions: 1)
        let late = StreamRunner(
            plan: try StreamPlan(RunnerSamples.definition()),
            topic: "in",
            client: other,
            store: InMemoryResultStore(contents),
            options: RunnerSamples.options(),
            timer: RunnerSamples.timer(clock)
        )
        await code(.streamInputGone, late)
    }

    @Test
    func triesReadingAgain() async throws {
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        let trouble = StreamError(.retriable, MartletError(.streamRequestRefused, "not now"))
        for _ in 0..<3 { streams.fail(.next, with: trouble) }
        let run = Task { try await runner().run() }
        while witness.notices.filter({ if case .readFailed = $0 { true } else { false } }).count < 3 {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        while contents.cut?.isFinal != true {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        #expect(try await run.value.status.counters.records == 1)
        for _ in 0..<4 { streams.fail(.next, with: trouble) }
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        let again = try runner()
        let failing = Task { () -> ErrorCode? in
            do throws(MartletError) {
                _ = try await again.run()
                return nil
            } catch {
                return error.code
            }
        }
        while witness.notices.filter({ if case .readFailed = $0 { true } else { false } }).count < 6 {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        clock.advance(by: .seconds(10))
        #expect(await failing.value == .streamRequestRefused)
    }

    /// A live stream closes windows when its partitions are idle, commits, and ends with a last cut.
    @Test
    func followsTheClockAndStops() async throws {
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1_767_225_600, "a", 1))])
        let definition = RunnerSamples.definition(.tumbling(.seconds(10)), idleTimeout: .seconds(2))
        let runner = try runner(definition, RunnerSamples.options(.forever))
        let run = Task { try await runner.run() }
        while contents.panes.isEmpty {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        #expect(RunnerSamples.counts(contents) == ["a 1767225600: 1 of 1"])
        #expect(clock.now.offset >= .seconds(10))
        runner.stop()
        let summary = try await run.value
        #expect(summary.ending == .stopped)
        #expect(contents.cut?.isFinal == false)
        #expect(contents.cut?.offsets == [TopicPartition("in", 0): 1])
    }

    @Test
    func commitsWhenItIsCancelled() async throws {
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(
            streams,
            [(0, RunnerSamples.json(1, "a", 1)), (0, RunnerSamples.json(11, "a", 1))]
        )
        let runner = try runner(RunnerSamples.definition(), RunnerSamples.options(.forever))
        let run = Task { try await runner.run() }
        while witness.statuses.last?.counters.records != 2 {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        run.cancel()
        #expect(try await run.value.ending == .stopped)
        #expect(RunnerSamples.counts(contents) == ["a 0: 1 of 1"])
        #expect(contents.cut?.offsets == [TopicPartition("in", 0): 2])
    }

    @Test
    func endsWhenItIsFollowed() async throws {
        streams.makeTopic("in", partitions: 1)
        let runner = try runner(RunnerSamples.definition(), RunnerSamples.options(.forever))
        let run = Task { () -> ErrorCode? in
            do throws(MartletError) {
                _ = try await runner.run()
                return nil
            } catch {
                return error.code
            }
        }
        while witness.notices.isEmpty { await Task.yield() }
        _ = try await InMemoryResultStore(contents).open()
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        while witness.statuses.last?.counters.records != 1 {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        clock.advance(by: .seconds(1))
        clock.advance(by: .seconds(1))
        #expect(await run.value == .streamTakenOver)
        #expect(contents.cut == nil)
    }

    @Test
    func tellsMetrics() async throws {
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(
            streams,
            [
                (0, RunnerSamples.json(1, "a", 1)), (0, RunnerSamples.json(15, "a", 1)),
                (0, RunnerSamples.json(2, "a", 1)),
            ]
        )
        var options = RunnerSamples.options()
        options.closesWindows = false
        let status = try await runner(RunnerSamples.definition(), options).run().status
        let now = clock.wallTime.now
        let text = StreamMetricsText.text([.init("a\"b", status)], now: now)
        for line in [
            "# TYPE stream_records_in_total counter", #"stream_records_in_total{stream="a\"b"} 3"#,
            #"stream_records_out_total{stream="a\"b"} 1"#, #"stream_late_total{stream="a\"b",action="put_aside"} 1"#,
            #"stream_dlq_total{stream="a\"b",reason="late"} 1"#,
            #"stream_watermark_timestamp_seconds{stream="a\"b"} 15.0"#,
            #"stream_partition_lag{stream="a\"b",topic="in",partition="0"} 0"#,
            #"stream_assigned_partitions{stream="a\"b"} 1"#, #"stream_state_keys{stream="a\"b"} 1"#,
            #"stream_checkpoint_age_seconds{stream="a\"b"} 0.0"#,
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)\n\(text)")
        }
        #expect(text.hasSuffix("\n"))
        #expect(StreamMetricsText.text([], now: now).isEmpty)
    }
}
