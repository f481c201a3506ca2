import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30)))
struct EventTriggerTests {
    @Test(arguments: [(1, 1), (1, 4), (3, 1), (100, 2)])
    func scoresEachEventOnce(batch: Int, inFlight: Int) async throws {
        let bench = TriggerBench(partitions: 3)
        try await bench.write((0..<50).map { $0 == 20 ? nil : $0 % 7 == 3 ? "bad\($0)" : "e\($0)" })
        var options = bench.options
        options.batchRecords = batch
        options.inFlight = inFlight
        let scorer = FakeScorer(FakeScorer.usual)
        let status = try await bench.run(options, scorer: scorer)
        #expect(bench.faults() == [])
        #expect(status.events == 49)
        #expect(status.tombstones == 1)
        #expect(status.answers == 42)
        #expect(status.failures == 7)
        #expect(status.ending == .end)
        #expect(scorer.batches.allSatisfy { $0.count <= batch })
        let committed = bench.streams.committed(of: "g").values.map(\.offset).sorted()
        #expect(committed == [16, 17, 17])
    }

    @Test func recordsSayWhereTheyComeFrom() async throws {
        let bench = TriggerBench(partitions: 1)
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await bench.write(["a", "bad"], headers: [RecordHeader("traceparent", text: parent)])
        _ = try await bench.run()
        let answer = try #require(bench.seen("out")[0].first)
        #expect(answer.key == Array("a".utf8))
        #expect(answer.value == Array(#"{"score":"a"}"#.utf8))
        #expect(answer.timestamp == 1_000)
        #expect(
            answer.headers == [
                RecordHeader("martlet.model", text: "m1"), RecordHeader("martlet.input", text: "in/0/0"),
                RecordHeader("martlet.idempotency", text: "in-0-0-m1"), RecordHeader("traceparent", text: parent),
            ]
        )
        let letter = try #require(bench.seen("out.dead")[0].first)
        #expect(letter.value == Array("bad".utf8))
        let dead = try DeadLetter(letter.headers)
        #expect(dead.errorClass == "MT6076")
        #expect(dead.message == "the event cannot be scored: it is bad")
        #expect(dead.offset == 1)
        #expect(DeadLetter.original(letter.headers) == [RecordHeader("traceparent", text: parent)])
    }

    @Test(arguments: [1, 2, 5, 64])
    func poisonTakesNobodyWithIt(batch: Int) async throws {
        let bench = TriggerBench(partitions: 2)
        try await bench.write((0..<60).map { [17, 18, 41].contains($0) ? "poison\($0)" : "e\($0)" })
        var options = bench.options
        options.batchRecords = batch
        let status = try await bench.run(options)
        #expect(bench.faults() == [])
        #expect(status.failures == 3)
        #expect(status.retries > 0)
    }

    @Test func aFailureThatPassesCostsNothing() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<20).map { "e\($0)" })
        var options = bench.options
        options.batchRecords = 4
        let scorer = FakeScorer { texts, call throws(ScorerFailure) in
            if call % 3 == 1 { throw FakeScorer.broken }
            return try await FakeScorer.usual(texts, call)
        }
        let status = try await bench.run(options, scorer: scorer)
        #expect(bench.faults() == [])
        #expect(status.failures == 0)
    }

    @Test func aScorerThatHasNeverAnsweredGivesOneEventUp() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<20).map { "e\($0)" })
        var options = bench.options
        options.batchRecords = 4
        options.downLimit = .zero
        let scorer = FakeScorer { _, _ throws(ScorerFailure) in throw FakeScorer.broken }
        await #expect { _ = try await bench.run(options, scorer: scorer) } throws: {
            ($0 as? MartletError)?.code == .scorerDown
        }
        #expect(bench.inputs("out.dead").count <= 1)
        #expect(bench.inputs("out") == [])
    }

    @Test func aScorerThatIsNotThereGivesNothingUp() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<20).map { "e\($0)" })
        var options = bench.options
        options.downLimit = .zero
        let scorer = FakeScorer { _, _ throws(ScorerFailure) in throw FakeScorer.absent }
        await #expect { _ = try await bench.run(options, scorer: scorer) } throws: {
            ($0 as? MartletError)?.code == .scorerDown
        }
        #expect(bench.inputs("out.dead") == [])
        #expect(bench.streams.committed(of: "g").isEmpty)
    }

    @Test func aPoisonedEventThatStandsAloneIsGivenUpInTheEnd() async throws {
        let bench = TriggerBench()
        try await bench.write(["poison"])
        var options = bench.options
        options.downLimit = .zero
        #expect(try await bench.run(options).failures == 1)
        #expect(bench.faults() == [])
    }

    @Test func aScorerThatDiesForGoodGivesUpFew() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<200).map { "e\($0)" })
        var options = bench.options
        options.batchRecords = 4
        options.downLimit = .zero
        let scorer = FakeScorer { texts, call throws(ScorerFailure) in
            if call > 5 { throw FakeScorer.broken }
            return try await FakeScorer.usual(texts, call)
        }
        await #expect { _ = try await bench.run(options, scorer: scorer) } throws: {
            ($0 as? MartletError)?.code == .scorerDown
        }
        #expect(bench.inputs("out.dead").count <= Limits.triggerGivenUpInARow + 1)
        #expect(bench.inputs("out").count == 20)
    }

    @Test func inputIsPausedWhileTheScorerIsDown() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<8).map { "e\($0)" })
        var options = bench.options
        options.until = .forever
        options.backoff = .seconds(1)
        let (isUp, clock, watch) = (Flag(), ManualClock(), TriggerWatch())
        let scorer = FakeScorer { texts, call throws(ScorerFailure) in
            if !isUp.isSet { throw FakeScorer.absent }
            return try await FakeScorer.usual(texts, call)
        }
        let trigger = try EventTrigger(
            options,
            client: bench.streams,
            scorer: scorer,
            clock: clock,
            observer: watch
        )
        async let run = trigger.run()
        await watch.until { $0.isPaused && $0.scorerFailure != nil }
        // The group goes on meanwhile: a second member gets its share.
        let other = try await bench.streams.open(SourceRequest(group: "g", assignment: .group(topics: ["in"])))
        guard case .assigned(let share)? = try await other.next() else {
            Issue.record("no share")
            return
        }
        #expect(share.count == 1)
        await other.close()
        await watch.until { $0.assigned.count == 2 && $0.isPaused }
        isUp.set()
        while watch.last.answers < 8 {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        await watch.until { !$0.isPaused && $0.scorerFailure == nil }
        trigger.stop()
        #expect(try await run.ending == .stopped)
        #expect(bench.faults() == [])
    }

    @Test func abortedTransactionsAreWrittenAgainWithoutScoringAgain() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<10).map { "e\($0)" })
        for operation in [InMemoryStreams.Operation.send, .commitTransaction, .beginTransaction] {
            for disposition in [StreamError.Disposition.abortable, .retriable, .refused] {
                bench.streams.fail(
                    operation,
                    with: StreamError(disposition, MartletError(.streamTransactionBroken, "\(operation)"))
                )
            }
        }
        bench.streams.fail(.abortTransaction, with: StreamError(.refused, MartletError(.streamTransactionBroken, "no")))
        let (scorer, clock, watch) = (FakeScorer(FakeScorer.usual), ManualClock(), TriggerWatch())
        var options = bench.options
        options.timeout = .seconds(1_000_000)
        let trigger = try EventTrigger(
            options,
            client: bench.streams,
            scorer: scorer,
            clock: clock,
            observer: watch
        )
        async let run = trigger.run()
        while watch.last.ending == nil {
            clock.advance(by: .seconds(1))
            await Task.yield()
        }
        let status = try await run
        #expect(bench.faults() == [])
        #expect(status.aborts >= 5)
        #expect(scorer.batches.joined().count == 10)
    }

    @Test func theNewerOfTwoWins() async throws {
        let bench = TriggerBench()
        var options = bench.options
        options.until = .forever
        let watch = TriggerWatch()
        async let first = bench.run(options, observer: watch)
        await watch.until { $0.assigned.count == 2 }
        // One of the same transactional id, in whatever group.
        _ = try await bench.streams.open(SinkRequest(transactionalID: options.transactionalID))
        try await bench.write(["a"])
        do {
            _ = try await first
            Issue.record("it was not fenced")
        } catch {
            #expect((error as? MartletError)?.code == .triggerFenced)
        }
        #expect(bench.inputs("out") == [])
    }

    @Test func membersShareTheWork() async throws {
        let bench = TriggerBench(partitions: 6)
        var options = bench.options
        options.until = .forever
        options.batchRecords = 3
        options.transactionalID = "t1"
        let watches = [TriggerWatch(), TriggerWatch(), TriggerWatch()]
        var triggers: [EventTrigger] = []
        for (number, watch) in watches.enumerated() {
            options.transactionalID = "t\(number)"
            triggers.append(
                try EventTrigger(
                    options,
                    client: bench.streams,
                    scorer: FakeScorer(FakeScorer.usual),
                    clock: ContinuousClock(),
                    observer: watch
                )
            )
        }
        let running = triggers
        try await withThrowingTaskGroup(of: TriggerStatus.self) { group in
            group.addTask { try await running[0].run() }
            try await bench.write((0..<100).map { "a\($0)" })
            group.addTask { try await running[1].run() }
            try await bench.write((0..<100).map { "b\($0)" })
            await watches[1].until { !$0.assigned.isEmpty }
            group.addTask { try await running[2].run() }
            try await bench.write((0..<100).map { $0 % 10 == 0 ? "bad\($0)" : "c\($0)" })
            await watches[2].until { !$0.assigned.isEmpty }
            running[0].stop()
            await watches[0].until { $0.ending == .stopped }
            // All end at what there is.
            var last = bench.options
            last.transactionalID = "t9"
            let final = try await bench.run(last)
            #expect(final.ending == .end)
            running[1].stop()
            running[2].stop()
            for try await status in group { #expect(status.ending == .stopped) }
        }
        #expect(bench.faults() == [])
    }

    @Test func lostPartitionsAreReadAgainByOthersOnly() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<30).map { "e\($0)" })
        let gate = Flag()
        let streams = bench.streams
        let scorer = FakeScorer { texts, call throws(ScorerFailure) in
            if !gate.isSet {
                gate.set()
                streams.expelMembers(of: "g")
            }
            return try await FakeScorer.usual(texts, call)
        }
        var options = bench.options
        options.batchRecords = 4
        _ = try await bench.run(options, scorer: scorer)
        #expect(bench.faults() == [])
    }

    @Test func aCancelledTriggerLeavesNothingHalfDone() async throws {
        let bench = TriggerBench()
        try await bench.write((0..<30).map { "e\($0)" })
        let gate = Flag()
        let scorer = FakeScorer { texts, call throws(ScorerFailure) in
            if call == 5 {
                gate.set()
                while !Task.isCancelled { await Task.yield() }
                throw FakeScorer.absent
            }
            return try await FakeScorer.usual(texts, call)
        }
        let task = Task { try await bench.run(scorer: scorer) }
        while !gate.isSet { await Task.yield() }
        task.cancel()
        #expect(try await task.value.ending == .cancelled)
        _ = try await bench.run()
        #expect(bench.faults() == [])
    }

    @Test func aSlowScorerIsCutOff() async throws {
        let bench = TriggerBench()
        try await bench.write(["e0", "slow", "e2"])
        let (clock, watch) = (ManualClock(), TriggerWatch())
        let scorer = FakeScorer { texts, call throws(ScorerFailure) in
            if texts.contains("slow") {
                while !Task.isCancelled { await Task.yield() }
                throw FakeScorer.absent
            }
            return try await FakeScorer.usual(texts, call)
        }
        var options = bench.options
        options.attempts = 2
        let trigger = try EventTrigger(options, client: bench.streams, scorer: scorer, clock: clock, observer: watch)
        async let run = trigger.run()
        while watch.last.ending == nil {
            if watch.last.answers == 2 || watch.last.answers == 1 { clock.advance(by: .seconds(30)) }
            await Task.yield()
        }
        #expect(try await run.failures == 1)
        #expect(Set(bench.inputs("out")) == ["in/0/0", "in/0/1"])
        #expect(bench.inputs("out.dead") == ["in/1/0"])
    }

    @Test func senselessOptionsAreRefused() {
        let changes: [(inout EventTriggerOptions) -> Void] = [
            { $0.topic = "" }, { $0.output = "in" }, { $0.deadLetters = "in" }, { $0.batchRecords = 0 },
            { $0.inFlight = 0 }, { $0.attempts = 0 }, { $0.timeout = .zero }, { $0.backoff = .seconds(-1) },
            { $0.batchRecords = Limits.triggerEvents + 1 }, { $0.transactionalID = "" },
        ]
        let bench = TriggerBench()
        for change in changes {
            var options = bench.options
            change(&options)
            #expect {
                _ = try EventTrigger(
                    options,
                    client: bench.streams,
                    scorer: FakeScorer(FakeScorer.usual),
                    clock: ContinuousClock()
                )
            } throws: {
                ($0 as? MartletError)?.code == .triggerOptionsInvalid
            }
        }
    }
}
