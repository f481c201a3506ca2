import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Setups and teardowns, the run before, short-circuits, and runs that stop themselves.
@Suite(.tags(.machine)) struct RunMachineDependencyTests {
    static let teardown = StepRole.teardown(TeardownSpec(of: [StepID(trusted: "up")]))

    static func scoped(rule: TriggerRule = .allSuccess, failFast: Bool = false) -> DrivenRun {
        DrivenRun(
            pipeline(
                [
                    step("up", role: .setup), step("a", after: ["up"]), step("b", after: ["a"], rule: rule),
                    step("c", after: ["up"]),
                    step("down", after: ["b"], rule: .allDoneSetupSuccess, retries: 1, role: teardown),
                ],
                policy: PipelinePolicy(failFast: failFast)
            )
        )
    }

    @Test func aTeardownRunsAfterFailedWorkOnceAllBetweenHasEnded() throws {
        var run = Self.scoped()
        try run.start()
        try run.end("up")
        try run.end("a", .failed)
        #expect(run.states == "a failed, b upstream_failed, c running, down running, up success")
        try run.end(all: "c down")
        // The teardown is left out of account: the last step that counts failed.
        #expect(run.machine.state == .failed)
    }

    @Test func aSetupThatFailsKeepsWorkAndTeardownFromStarting() throws {
        // Rules that would let `b` start do not: its setup further up did not succeed.
        var run = Self.scoped(rule: .allDone)
        try run.start()
        try run.end("up", .failed)
        #expect(
            run.states == "a upstream_failed, b upstream_failed, c upstream_failed, down upstream_failed, up failed"
        )
    }

    @Test func theTriggerRuleAloneLooksAtADirectSetup() throws {
        var run = DrivenRun([step("up", role: .setup), step("a", after: ["up"], rule: .allDone)])
        try run.start()
        #expect(try run.end("up", .failed).started == ["a"])
    }

    @Test func failFastSparesTeardowns() throws {
        var run = Self.scoped(failFast: true)
        try run.start()
        try run.end("up")
        try run.end("a", .failed)
        #expect(run.state("b") == .skipped)
        let c = try #require(run.machine.instances.firstIndex { $0.id.step.rawValue == "c" })
        #expect(run.machine.isToBeEnded(c))
        try run.end("c", .cancelled)
        #expect(run.states == "a failed, b skipped, c failed, down running, up success")
        // It is also tried again.
        try run.end("down", .failed)
        #expect(run.state("down") == .upForRetry)
        try run.tell(.retryDue(step: InstanceID(StepID(trusted: "down"))))
        #expect(try run.end("down").last == .runFinished(state: .failed, reason: "steps a, c failed"))
    }

    @Test func aTimeoutSkipsWhatHasNotEnded() throws {
        var run = DrivenRun([step("a", retries: 1), step("b", after: ["a"])])
        try run.start()
        try run.tell(.timeout)
        try run.end("a", .cancelled)
        #expect(run.states == "a skipped, b skipped")
        #expect(run.machine.state == .failed)
    }

    @Test func aWaitForASlotMayBeTooLong() throws {
        var run = DrivenRun([step("a"), step("b", limits: StepLimits(queueTimeoutSeconds: 60))], slots: 1)
        try run.start()
        let b = InstanceID(StepID(trusted: "b"))
        run.now = noon + .seconds(30)
        // A timer from before means nothing.
        #expect(try run.tell(.queueTimeout(step: b)).isEmpty)
        run.now = noon + .seconds(60)
        try run.tell(.queueTimeout(step: b))
        #expect(run.states == "a running, b failed")
    }

    /// Rule, what became of `a` and `b` in the run before, and whether `a` starts.
    @Test(arguments: [
        (PastRule.sameStep, [StepState.success], [StepState.failed], true), (.sameStep, [.skipped], [.none], true),
        (.sameStep, [.failed], [.success], false), (.sameStep, [.success, .running], [.none], false),
        (.sameStep, [], [], true), (.downstream, [.success], [.success], true),
        (.downstream, [.success], [.none], false),
        (.ignored, [.failed], [.failed], true),
    ])
    func theRunBefore(rule: PastRule, a: [StepState], b: [StepState], starts: Bool) throws {
        let manifest = pipeline([step("a", past: rule), step("b", after: ["a"])])
        var run = DrivenRun(manifest, occasion: RunOccasion(logicalDate: noon))
        try run.start()
        #expect((run.state("a") == .running) == (rule == .ignored))
        let states = [StepID(trusted: "a"): a, StepID(trusted: "b"): b]
        try run.tell(.learnPast(PastRun(run: RunID(trusted: "p-0"), states: states)))
        #expect((run.state("a") == .running) == starts)
        #expect(run.machine.state == .running)
    }

    @Test(arguments: [RunOccasion(), RunOccasion(kind: .backfill, logicalDate: noon, ordinal: 0)])
    func withoutARunBeforeNothingIsWaitedFor(_ occasion: RunOccasion) throws {
        var run = DrivenRun(pipeline([step("a", past: .sameStep)]), occasion: occasion)
        #expect(try run.start().started == ["a"])
    }

    @Test(arguments: [
        (false, "a success, b skipped, c skipped, d skipped"), (true, "a success, b skipped, c running, d none"),
    ])
    func aShortCircuit(respectsRules: Bool, states: String) throws {
        let action = StepAction.shortCircuit(ShortCircuitAction("{{ false }}", respectsTriggerRules: respectsRules))
        var run = DrivenRun([
            step("a", action: action), step("b", after: ["a"]), step("c", after: ["b"], rule: .allDone),
            step("d", after: ["c"]),
        ])
        try run.start()
        #expect(run.states == states)
    }

    @Test func whatABranchLeftOutStaysOutUntilItRunsAgain() throws {
        var run = DrivenRun([
            step("choose", branch: [BranchCase(follow: [StepID(trusted: "a")])]), step("a"),
            step("b", after: ["choose"]), step("c", after: ["choose", "a"]),
        ])
        try run.start()
        try run.end(all: "a c")
        #expect(run.states == "a success, b skipped, c success, choose success")
        try run.clear("b")
        try run.start()
        #expect(run.state("b") == .skipped)
        // Set by hand, it has decided nothing.
        try run.clear("choose", downstream: false)
        try run.tell(.mark([InstanceID(StepID(trusted: "choose"))], .success, note: nil))
        try run.clear("b")
        #expect(try run.start().started == ["b"])
    }

    @Test func stepsThatWaitForEachOtherEndTheRun() throws {
        var run = DrivenRun([step("a", after: ["b"]), step("b", after: ["a"])])
        #expect(try run.start().last == .runFinished(state: .failed, reason: "all unfinished steps were deadlocked"))
    }
}
