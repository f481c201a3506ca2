import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct RunMachineOperatorTests {
    @Test func whatRunsIsEndedAndStartsAgain() throws {
        var run = DrivenRun([step("a", retries: 1)])
        try run.start()
        try run.end("a", .failed)
        try run.tell(.retryDue(step: InstanceID(StepID(trusted: "a"))))
        try run.clear("a")
        #expect(run.states == "a restarting")
        #expect(try run.end("a", .cancelled).started == ["a"])
        #expect(try run.instance("a").attempts == 3)
        // Retries are counted anew.
        try run.end("a", .failed)
        #expect(run.states == "a up_for_retry")
    }

    @Test func aRunThatHasEndedIsQueuedAndStartedAgain() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"])])
        try run.start()
        try run.end(all: "a b")
        try run.clear("b")
        #expect(run.machine.state == .queued)
        #expect(run.machine.startedAt == nil)
        #expect(try run.start().started == ["b"])
        try run.end("b")
        #expect(run.machine.state == .success)
    }

    @Test func setupsAndTeardownsComeAlong() throws {
        let teardown = StepRole.teardown(TeardownSpec(of: [StepID(trusted: "up")]))
        var run = DrivenRun([
            step("up", role: .setup), step("a", after: ["up"]), step("b", after: ["a"]),
            step("down", after: ["b"], rule: .allDoneSetupSuccess, role: teardown),
        ])
        try run.start()
        try run.end(all: "up a b down")
        #expect(try run.clear("b", downstream: false).steps.map(\.description) == ["up", "b", "down"])
    }

    @Test func aStepThatWentAndCameBackBeginsAnew() throws {
        let whole = pipeline([step("a"), step("b", after: ["a"])])
        var run = DrivenRun(whole)
        try run.start()
        try run.end(all: "a b")
        let second = try run.clear("a", version: (pipeline([step("a"), step("c", after: ["a"])]), 2))
        #expect(second.removed == [InstanceID(StepID(trusted: "b"))] && second.added == [StepID(trusted: "c")])
        try run.start()
        try run.end(all: "a c")
        #expect(run.machine.state == .success)
        let third = try run.clear("a", version: (whole, 3))
        #expect(third.added == [StepID(trusted: "b")])
        try run.start()
        #expect(run.states == "a running, b none")
        try run.end(all: "a b")
        #expect(run.machine.state == .success)
        #expect(try run.instance("b").attempts == 2)
    }

    @Test func aSuccessSetByHandGivesWhatFailedBecauseOfItItsChance() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"]), step("c", after: ["b"])])
        try run.start()
        try run.end("a", .failed)
        try run.tell(.mark([InstanceID(StepID(trusted: "a"))], .success, note: nil))
        #expect(run.states == "a success, b none, c none")
        #expect(try run.start().started == ["b"])
        try run.end(all: "b c")
        #expect(run.machine.state == .success)
    }

    @Test(arguments: [(RunState.success, "a success, b skipped"), (.failed, "a failed, b skipped")])
    func aRunCanBeMarked(final: RunState, states: String) throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"])])
        try run.start()
        try run.tell(.markRun(final, note: nil))
        #expect(run.states == states)
        #expect(run.machine.state == final)
        // Its process reports too late.
        #expect(try run.end("a").isEmpty)
    }

    @Test func deferredStepsAndRetriesOutliveARestart() throws {
        let wait = StepAction.wait(WaitAction(.until(.instant("now"))))
        var run = DrivenRun([step("a", action: wait), step("b", retries: 1), step("c"), step("d")], slots: 2)
        try run.start()
        try run.end("b", .failed)
        #expect(run.states == "a deferred, b up_for_retry, c running, d running")
        try run.restart()
        #expect(run.machine.state(InstanceID(StepID(trusted: "a"))) == .deferred)
        #expect(try run.instance("b").retryAt == noon + .seconds(5))
        #expect(try run.instance("c").attempts == 2)
    }
}
