import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct RunMachineTests {
    @Test func aChainRunsInOrder() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"])])
        #expect(try run.start().started == ["a"])
        #expect(try run.end("a", .success).started == ["b"])
        let last = try run.end("b", .success)
        #expect(last.last == .runFinished(state: .success, reason: nil))
        #expect(run.machine.state == .success)
    }

    @Test func independentStepsRunAtOnceUpToTheSlots() throws {
        var run = DrivenRun([step("a"), step("b"), step("c")], slots: 2)
        #expect(try run.start().started == ["a", "b"])
        #expect(try run.end("b", .success).started == ["c"])
    }

    @Test func aFailureStopsWhatNeedsIt() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"]), step("c", after: ["b"], rule: .allDone)])
        try run.start()
        #expect(try run.end("a", .failed).started == ["c"])
        #expect(run.state("b") == .upstreamFailed)
        let last = try run.end("c", .success)
        // The only leaf succeeded: a failure that an all_done step took care of does not fail the run.
        #expect(last.last == .runFinished(state: .success, reason: nil))
    }

    @Test func aFailedLeafFailsTheRun() throws {
        var run = DrivenRun([step("a"), step("b")])
        try run.start()
        try run.end("a", .failed)
        #expect(try run.end("b", .success).last == .runFinished(state: .failed, reason: "step a failed"))
    }

    @Test func retriesWaitTheirDelay() throws {
        var run = DrivenRun([step("a", retries: 2, delay: 7)])
        try run.start()
        try run.end("a", .failed)
        #expect(run.state("a") == .upForRetry)
        #expect(try run.instance("a").retryAt == noon + .seconds(7))
        #expect(try run.tell(.retryDue(step: InstanceID(StepID(trusted: "a")))).started == ["a"])
        try run.end("a", .timedOut)
        try run.tell(.retryDue(step: InstanceID(StepID(trusted: "a"))))
        #expect(try run.end("a", .failed).last == .runFinished(state: .failed, reason: "step a failed"))
        #expect(try run.instance("a").attempts == 3)
    }

    @Test func errorsThatStayAreNotRetried() throws {
        var run = DrivenRun([step("a", retries: 5)])
        try run.start()
        try run.end("a", .failed, retryable: false)
        #expect(run.state("a") == .failed)
    }

    @Test func aConditionSkips() throws {
        var run = DrivenRun([
            step("a"), step("b", after: ["a"], when: "{{ steps.a.values.n > 3 }}"), step("c", after: ["b"]),
        ])
        try run.start()
        let events = try run.end("a", .success, values: ["n": 3])
        #expect(run.state("b") == .skipped)
        #expect(run.state("c") == .skipped)
        #expect(events.last == .runFinished(state: .success, reason: nil))
    }

    @Test func aConditionThatCannotBeWorkedOutFailsItsStep() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"], when: "{{ steps.a.values.missing }}")])
        try run.start()
        try run.end("a", .success)
        #expect(run.state("b") == .failed)
        #expect(run.machine.state == .failed)
    }

    @Test func aBranchSkipsWhatItDoesNotFollowButNotWhatFollowsFromIt() throws {
        let cases = [
            BranchCase(when: "{{ params.big }}", follow: [StepID(trusted: "big")]),
            BranchCase(follow: [StepID(trusted: "small")]),
        ]
        var run = DrivenRun(
            [
                step("choose", branch: cases), step("big"), step("small"),
                step("join", after: ["choose", "big", "small"], rule: .noneFailedMinOneSuccess),
            ],
            params: ["big": true]
        )
        let events = try run.start()
        #expect(events.started == ["big"])
        #expect(
            events.contains(
                .branchDecided(step: InstanceID(StepID(trusted: "choose")), follow: [StepID(trusted: "big")])
            )
        )
        #expect(run.state("small") == .skipped)
        #expect(run.state("join") == StepState.none)
        #expect(try run.end("big", .success).started == ["join"])
    }

    @Test func cancelEndsWhatWaitsAndWaitsForWhatRuns() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"])])
        try run.start()
        try run.tell(.cancel(reason: "enough"))
        #expect(run.state("b") == .cancelled)
        #expect(run.machine.state == .running)
        #expect(try run.end("a", .cancelled).last == .runFinished(state: .cancelled, reason: "cancelled"))
    }

    @Test func cancelledWhileWaitingForARetryEndsAtOnce() throws {
        var run = DrivenRun([step("a", retries: 1)])
        try run.start()
        try run.end("a", .failed)
        #expect(
            try run.tell(.cancel(reason: "enough")).last
                == .runFinished(state: .cancelled, reason: "cancelled")
        )
    }

    @Test func resumeRepeatsOnlyWhatWasRunning() throws {
        var run = DrivenRun([step("a"), step("b", after: ["a"]), step("c", after: ["b"])])
        try run.start()
        try run.end("a")
        try run.restart()
        #expect(run.states == "a success, b running, c none")
        #expect(try run.instance("b").attempts == 2)
        #expect(try run.end("b").started == ["c"])
    }

    @Test func interruptionsDoNotUseUpRetries() throws {
        var run = DrivenRun([step("a", retries: 1)])
        try run.start()
        for _ in 1...3 { try run.restart() }
        #expect(try run.instance("a").attempts == 4)
        try run.end("a", .failed)
        #expect(run.state("a") == .upForRetry)
    }

    @Test func aReportOfAnAttemptThatNeverWasIsRefused() throws {
        var run = DrivenRun([step("a")])
        try run.start()
        for (step, attempt) in [("a", 7), ("b", 1)] {
            let id = InstanceID(StepID(trusted: step))
            let command = RunCommand.finishAttempt(step: id, attempt: attempt, outcome: AttemptOutcome(.success))
            #expect(throws: TransitionError.self) { try run.tell(command) }
        }
        #expect(run.states == "a running")
    }

    @Test func anEndedRunTakesNoCommands() throws {
        var run = DrivenRun([step("a")])
        try run.start()
        try run.end("a")
        for command in [RunCommand.start(here), .resume(here), .cancel(reason: "")] {
            #expect(throws: TransitionError.self) { try run.tell(command) }
        }
    }
}
