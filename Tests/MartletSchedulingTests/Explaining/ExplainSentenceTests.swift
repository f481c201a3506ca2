import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// The one sentence on top, for every reason there is.
@Suite(.tags(.machine)) struct ExplainSentenceTests {
    @Test func whatRuns() {
        var bench = ExplainBench([work("a")])
        bench.admit("a")
        bench.pass(185)
        #expect(bench.sentence("a") == "a runs for 3m 05s")
    }

    @Test func whatWaitsForOthersTellsWhatTheyWaitFor() {
        var bench = ExplainBench([work("a"), work("b", after: ["a"]), work("c", after: ["b"])])
        bench.admit("a")
        bench.pass(2)
        #expect(bench.sentence("b") == "b waits for a, which runs for 2.0s")
        #expect(bench.sentence("c") == "c waits for b and in the end for a, which runs for 2.0s")
    }

    @Test func aPoolThatIsFull() {
        let limits = StepLimits(pool: PoolName(trusted: "gpu"))
        var other = ExplainBench([work("x", limits: limits)], run: "q-9")
        other.admit("x")
        var bench = ExplainBench([
            work("a", limits: limits), work("train", limits: limits), work("z", after: ["train"]),
        ])
        bench.admit("a")
        bench.plan(pools: [Pool(name: PoolName(trusted: "gpu"), slots: 2)], others: [other.machine])
        #expect(bench.sentence("train") == "train waits for pool gpu: 2 of 2 slots are taken by a and q-9/x")
        #expect(
            bench.sentence("z") == "z waits for train, which waits for pool gpu: 2 of 2 slots are taken by a and q-9/x"
        )
        let gates = bench.explanation("train")?.checks.filter { $0.kind == .pool }
        #expect(gates?.map(\.verdict) == [.blocks])
        #expect(gates?.first?.heldBy.map(\.description) == ["p-1/a", "q-9/x"])
    }

    @Test(arguments: [
        (
            StepLimits(pool: PoolName(trusted: "gpu")),
            "a can never start: there is no pool gpu; `martlet pools set gpu SLOTS` makes it"
        ),
        (StepLimits(slots: 200), "a can never start: needs 200 slots, and pool default_pool has 128"),
        (StepLimits(), "a is ready, and starts at any moment"),
    ]) func poolsThatDoNotFit(_ limits: StepLimits, _ sentence: String) {
        var bench = ExplainBench([work("a", limits: limits)])
        bench.plan()
        #expect(bench.sentence("a") == sentence)
    }

    @Test func limitsOfStepsRunsAndPipelines() {
        let map = MapSpec([MapSource(.values([1, 2, 3]))])
        var bench = ExplainBench([work("m", map: map, limits: StepLimits(maxActivePerRun: 1)), work("x")], slots: 2)
        bench.admit("m[0]")
        bench.plan()
        #expect(
            bench.sentence("m[1]") == "m[1] waits for another instance of its step to end: 1 of 1 are under way (m[0])"
        )
        bench.admit("x")
        bench.plan()
        #expect(
            bench.sentence("m[1]") == "m[1] waits for another step of its run to end: 2 of 2 are under way (m[0] and x)"
        )
        var full = ExplainBench([work("a"), work("b")])
        full.admit("a")
        full.plan(total: 1)
        #expect(full.sentence("b") == "b waits for a slot: 1 of 1 are taken (a)")
        var limited = ExplainBench([work("a"), work("b")], policy: PipelinePolicy(maxActiveSteps: 1))
        limited.admit("a")
        limited.plan()
        #expect(limited.sentence("b") == "b waits for another step of pipeline p to end: 1 of 1 are under way (a)")
    }

    @Test func aRunThatHasNotStarted() {
        let occasion = RunOccasion(runAfter: ExplainBench.start + .seconds(3600), isUnattended: true)
        var bench = ExplainBench(
            [work("a")],
            policy: PipelinePolicy(maxActiveRuns: 1),
            occasion: occasion,
            isQueued: true
        )
        #expect(
            bench.sentence("a") == "a waits for 2026-01-01T13:00:00Z, before which its run does not start (in 1h 00m)"
        )
        bench.pass(3600)
        #expect(bench.sentence("a") == "a waits for its run to be started")
        bench.facts.activeRuns = [RunID(trusted: "p-0")]
        #expect(bench.sentence("a") == "a waits for a run of pipeline p to end: 1 of 1 are active (p-0)")
        bench.facts.pipeline = ExplainBench.paused
        #expect(bench.sentence("a") == "a waits because pipeline p is paused: paused by ada@host")
        bench.facts.execution = .nobody
        #expect(
            bench.sentence("a")
                == "a waits for a process that executes run p-1: start `martlet up`, or `martlet runs resume` it"
        )
    }

    @Test func aRunOfAPausedBackfill() {
        let occasion = RunOccasion(kind: .backfill, backfill: "b-1", ordinal: 0, isUnattended: true)
        var bench = ExplainBench([work("a")], occasion: occasion, isQueued: true)
        let request = BackfillRequest(pipeline: PipelineID(trusted: "p"), from: bench.now, through: bench.now)
        bench.facts.backfill = BackfillRecord(
            id: "b-1",
            request: request,
            createdAt: bench.now,
            state: .paused,
            dates: []
        )
        #expect(bench.sentence("a") == "a waits because backfill b-1 is paused")
    }

    @Test func aRetry() {
        var bench = ExplainBench([work("a", retries: 2, delay: 60)])
        bench.end("a", .failed, error: "the program ended with exit code 3")
        bench.pass(20)
        #expect(
            bench.sentence("a")
                == "a waits for its next attempt at 2026-01-01T12:01:00Z, in 40s, after attempt 1 failed: "
                + "the program ended with exit code 3"
        )
    }

    @Test func whatIsWaitedForOutside() {
        let wait = WaitAction(.file(FileWait(path: "in/x.csv")), policy: WaitPolicy(pollSeconds: 60))
        var bench = ExplainBench([work("arrival", action: .wait(wait))])
        bench.admit("arrival")
        bench.pass(90)
        #expect(
            bench.sentence("arrival")
                == "arrival waits for file in/x.csv, for 1m 30s so far; it looks next about 2026-01-01T12:02:00Z"
        )
        #expect(
            bench.checks("arrival") == [
                "wait blocks: it waits for file in/x.csv since 2026-01-01T12:00:00Z (1m 30s); it looks next about "
                    + "2026-01-01T12:02:00Z; its time is over at 2026-01-08T12:00:00Z"
            ]
        )
    }

    @Test func whatAPersonHasToAnswer() {
        var bench = ExplainBench([
            work("ok", action: .approve(ApproveAction(message: "Ship it?", approvers: "the leads")))
        ])
        bench.admit("ok")
        #expect(bench.sentence("ok") == "ok waits for an answer of the leads: Ship it? (approve, reject)")
    }

    @Test func thePast() {
        let occasion = RunOccasion(logicalDate: ExplainBench.start, isUnattended: true)
        var bench = ExplainBench([work("a", past: .sameStep)], occasion: occasion)
        #expect(bench.sentence("a") == "a waits for the run before: what became of the run before is not known yet")
        bench.facts.past = PastRun(run: RunID(trusted: "p-0"), states: [StepID(trusted: "a"): [.running]])
        #expect(bench.sentence("a") == "a waits for the run before: step a is running in the run before, p-0")
    }

    @Test func setupsAndTeardowns() {
        var bench = ExplainBench([
            work("s", role: .setup), work("a", after: ["s"]), work("b", after: ["a"], rule: .allDone),
            work(
                "t",
                after: ["a"],
                rule: .allDoneSetupSuccess,
                role: .teardown(TeardownSpec(of: [StepID(trusted: "s")]))
            ),
        ])
        bench.admit("s")
        #expect(bench.sentence("a") == "a waits for s, which runs for 0ms")
        bench.end("s")
        bench.admit("a")
        #expect(bench.sentence("t") == "t waits for a, which runs for 0ms")
    }

    @Test func aListThatIsNotThere() {
        let map = MapSpec([MapSource(.expression("{{ steps.a.values.n }}"))])
        var bench = ExplainBench([work("a"), work("m", after: ["a"], rule: .always, map: map)])
        bench.admit("a")
        #expect(bench.sentence("m") == "m waits for a, which runs for 0ms")
        #expect(bench.checks("m").contains("map blocks: its list is made of what a will report"))
    }

    @Test func theEnded() {
        var bench = ExplainBench([
            work("a", retries: 1, delay: 0), work("b", after: ["a"]), work("c", after: ["b"]),
            work("d", rule: .always, when: "{{ false }}"), work("e"), work("f"),
        ])
        bench.end("a", .failed, error: "no luck")
        bench.tell(.retryDue(step: ExplainBench.id("a")))
        bench.end("a", .failed, error: "no luck")
        bench.end("e")
        bench.tell(.mark([ExplainBench.id("f")], .success, note: "known to be fine"))
        let expected = [
            ("a", "a failed in attempt 2: no luck; no retry is left"),
            ("b", "b did not start, because a failed in attempt 2: no luck; no retry is left"),
            ("c", "c did not start, because a failed in attempt 2: no luck; no retry is left"),
            ("d", "d was skipped: its condition does not hold: {{ false }}"),
            ("e", "e succeeded"),
            ("f", "f succeeded without an attempt of its own: known to be fine"),
        ]
        for (id, sentence) in expected { #expect(bench.sentence(id) == sentence) }
    }
}

extension ExplainBench {
    static let paused = PipelineRecord(
        pipeline: PipelineID(trusted: "p"),
        version: 1,
        manifestHash: "h",
        source: "pipelines/p.yaml",
        isPaused: true,
        pauseNote: "paused by ada@host",
        registeredAt: start,
        versionAt: start
    )
}
