import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Every reason in its order, the log of decisions, and the run as a whole.
@Suite(.tags(.machine)) struct ExplainCheckTests {
    @Test func reasonsComeInOrder() {
        var bench = ExplainBench([
            work("a"), work("s", role: .setup), work("b", after: ["s"]),
            work("c", after: ["a", "b"], rule: .allDone, when: "{{ true }}", past: .sameStep),
        ])
        bench.facts.pipeline = ExplainBench.paused
        bench.end("a")
        bench.admit("s")
        #expect(
            bench.checks("c") == [
                "executor passes: process 42 executes the run",
                "run_state passes: the run is running since 2026-01-01T12:00:00Z",
                "pipeline_paused blocks: pipeline p is paused: paused by ada@host; `martlet unpause p` lets it go on",
                "trigger_rule blocks: all_done, of 2 before it: 1 success, 1 none; missing: b",
                "setups blocks: its setups: 1 running; missing: s",
                "past passes: the run before does not hold it up",
                "condition later: its condition is looked at then: {{ true }}",
            ]
        )
    }

    @Test func gatesComeWithTheirNumbers() {
        var bench = ExplainBench([work("a", limits: StepLimits(priority: 5)), work("b"), work("c")])
        bench.admit("a")
        bench.plan(total: 1)
        #expect(
            bench.checks("c").suffix(8) == [
                "trigger_rule passes: it waits for no other step",
                "run_slots passes: 1 of 16 instances of the run run",
                "pipeline_slots passes: 1 instances of the pipeline run, without a limit",
                "order passes: 1 of the 2 that wait for the pool go first",
                "pool passes: 1 of 128 slots of pool default_pool are taken, needs 1",
                "step_limit passes: 0 instances of the step run or are deferred, without a limit",
                "step_limit_in_run passes: 0 instances of the step in this run run or are deferred, without a limit",
                "total_slots blocks: 1 of 1 slots in total are taken",
            ]
        )
    }

    @Test func whatWasDecidedStandsInTheHistory() {
        var bench = ExplainBench([work("a", retries: 1, delay: 30), work("b")])
        bench.tell(.hold([ExplainBench.id("a"), ExplainBench.id("b")], reason: "2 of 2 slots in total are taken"))
        bench.pass(10)
        bench.end("a", .failed, error: "no luck")
        let history = bench.explanation("a")?.history ?? []
        #expect(
            history.map(\.text) == [
                "became ready", "held: 2 of 2 slots in total are taken", "attempt 1 started",
                "attempt 1 ended, failed: no luck; next attempt at 2026-01-01T12:00:40Z",
            ]
        )
        #expect(history.map(\.at) == [0, 0, 10, 10].map { ExplainBench.start + .seconds($0) })
        #expect(
            bench.explanation("b")?.history.map(\.text) == ["became ready", "held: 2 of 2 slots in total are taken"]
        )
    }

    @Test func theRunGroupsWhatIsAlike() {
        let map = MapSpec([MapSource(.values([1, 2, 3, 4]))])
        var bench = ExplainBench([work("m", map: map), work("z", after: ["m"])], slots: 1)
        bench.admit("m[0]")
        bench.pass(5)
        bench.plan()
        let run = bench.run
        #expect(run.sentence == "run p-1 is running: 0 of 5 steps have ended")
        #expect(
            run.groups.map { "\($0.instances.map(\.description)) \($0.state.rawValue) \($0.predicate)" } == [
                #"["m[0]"] running runs for 5.0s"#,
                #"["z"] none waits for m[0], m[1], m[2] and m[3]"#,
                #"["m[1]", "m[2]", "m[3]"] scheduled waits for another step of its run to end: 1 of 1 are under way (m[0])"#,
            ]
        )
    }

    @Test func aRunThatEndedTellsWhatFailed() {
        var bench = ExplainBench([work("a"), work("b", after: ["a"]), work("c")])
        bench.end("a", .failed, error: "no luck")
        bench.end("c")
        let run = bench.run
        #expect(run.sentence == "run p-1 has ended: failed, step a failed")
        #expect(run.checks.isEmpty)
        #expect(run.groups.map(\.predicate) == ["failed: no luck", "did not start, because a failed: no luck"])
    }

    @Test func aQueuedRunTellsWhyAndNotOnlyThatItIsQueued() {
        var bench = ExplainBench([work("a")], isQueued: true)
        #expect(bench.run.sentence.hasPrefix("run p-1 is queued: the run is queued, since 2026-01-01T12:00:00Z"))
        bench.facts.pipeline = ExplainBench.paused
        #expect(bench.run.sentence.hasPrefix("run p-1 is queued: pipeline p is paused"))
    }

    /// Whatever state a step is in, there is a sentence, and looking changes nothing.
    @Test func everyStepOfARandomRunHasASentence() {
        let map = MapSpec([MapSource(.values([1, 2, 3]))])
        for seed in 0..<200 {
            var random = SplitMix(seed: UInt64(seed))
            var bench = ExplainBench([
                work("a", retries: 1), work("b", after: ["a"], rule: .allDone), work("m", after: ["a"], map: map),
                work("z", after: ["b", "m"], rule: .noneFailed, when: "{{ true }}"),
                work("w", action: .wait(WaitAction(.dataset(DatasetWait(dataset: DatasetID(trusted: "d")))))),
            ])
            for _ in 0..<12 {
                let open = bench.machine.instances.filter { $0.state == .scheduled || $0.state == .running }
                guard let chosen = open.randomElement(using: &random) else { break }
                if chosen.state == .scheduled, Bool.random(using: &random) {
                    bench.tell(.admit(chosen.id))
                } else {
                    bench.end(
                        chosen.id.description,
                        [.success, .failed, .skipped].randomElement(using: &random) ?? .success
                    )
                }
                bench.plan(total: 2)
                for instance in bench.machine.instances {
                    let sentence = bench.sentence(instance.id.description)
                    #expect(sentence.hasPrefix("\(instance.id) "), "seed \(seed): \(sentence)")
                    #expect(sentence.count > instance.id.description.count + 5, "seed \(seed): \(sentence)")
                }
                let open2 = bench.machine.instances.filter { !$0.state.isTerminal }.map(\.id)
                if !bench.machine.state.isTerminal {
                    #expect(Set(bench.run.groups.flatMap(\.instances)) == Set(open2), "seed \(seed)")
                }
            }
        }
    }
}

/// A small generator with a seed (SplitMix64).
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
