import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct RunMachineTests {
    @Test func aChainRunsInOrder() throws {
        var run = machine([step("a"), step("b", after: ["a"])])
        #expect(try run.handle(.start(here), at: noon).started == ["a"])
        #expect(try run.end("a", .success).started == ["b"])
        let last = try run.end("b", .success)
        #expect(last.last == .runFinished(state: .success, reason: nil))
        #expect(run.state == .success)
    }

    @Test func independentStepsRunAtOnceUpToTheSlots() throws {
        var run = machine([step("a"), step("b"), step("c")], slots: 2)
        #expect(try run.handle(.start(here), at: noon).started == ["a", "b"])
        #expect(try run.end("b", .success).started == ["c"])
    }

    @Test func aFailureStopsWhatNeedsIt() throws {
        var run = machine([step("a"), step("b", after: ["a"]), step("c", after: ["b"], rule: .allDone)])
        _ = try run.handle(.start(here), at: noon)
        #expect(try run.end("a", .failed).started == ["c"])
        #expect(run.state("b") == .upstreamFailed)
        let last = try run.end("c", .success)
        // The only leaf succeeded: a failure that an all_done step took care of does not fail the run.
        #expect(last.last == .runFinished(state: .success, reason: nil))
    }

    @Test func aFailedLeafFailsTheRun() throws {
        var run = machine([step("a"), step("b")])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.end("a", .failed)
        #expect(try run.end("b", .success).last == .runFinished(state: .failed, reason: "step a failed"))
    }

    @Test func retriesWaitTheirDelay() throws {
        var run = machine([step("a", retries: 2, delay: 7)])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.end("a", .failed)
        #expect(run.state("a") == .upForRetry)
        #expect(run.retryAt == [0: noon + .seconds(7)])
        #expect(try run.handle(.retryDue(step: StepID(trusted: "a")), at: noon + .seconds(7)).started == ["a"])
        _ = try run.end("a", .timedOut)
        _ = try run.handle(.retryDue(step: StepID(trusted: "a")), at: noon)
        #expect(try run.end("a", .failed).last == .runFinished(state: .failed, reason: "step a failed"))
        #expect(run.attempts == [3])
    }

    @Test func errorsThatStayAreNotRetried() throws {
        var run = machine([step("a", retries: 5)])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.end("a", .failed, retryable: false)
        #expect(run.state("a") == .failed)
    }

    @Test func aConditionSkips() throws {
        var run = machine([
            step("a"), step("b", after: ["a"], when: "{{ steps.a.values.n > 3 }}"), step("c", after: ["b"]),
        ])
        _ = try run.handle(.start(here), at: noon)
        let events = try run.end("a", .success, values: ["n": 3])
        #expect(run.state("b") == .skipped)
        #expect(run.state("c") == .skipped)
        #expect(events.last == .runFinished(state: .success, reason: nil))
    }

    @Test func aConditionThatCannotBeWorkedOutFailsItsStep() throws {
        var run = machine([step("a"), step("b", after: ["a"], when: "{{ steps.a.values.missing }}")])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.end("a", .success)
        #expect(run.state("b") == .failed)
        #expect(run.state == .failed)
    }

    @Test func aBranchSkipsWhatItDoesNotFollowButNotWhatFollowsFromIt() throws {
        let cases = [
            BranchCase(when: "{{ params.big }}", follow: [StepID(trusted: "big")]),
            BranchCase(follow: [StepID(trusted: "small")]),
        ]
        var run = machine(
            [
                step("choose", branch: cases), step("big"), step("small"),
                step("join", after: ["choose", "big", "small"], rule: .noneFailedMinOneSuccess),
            ],
            params: ["big": true]
        )
        let events = try run.handle(.start(here), at: noon)
        #expect(events.started == ["big"])
        #expect(events.contains(.branchDecided(step: StepID(trusted: "choose"), follow: [StepID(trusted: "big")])))
        #expect(run.state("small") == .skipped)
        #expect(run.state("join") == StepState.none)
        #expect(try run.end("big", .success).started == ["join"])
    }

    @Test func cancelEndsWhatWaitsAndWaitsForWhatRuns() throws {
        var run = machine([step("a"), step("b", after: ["a"])])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.handle(.cancel(reason: "enough"), at: noon)
        #expect(run.state("b") == .cancelled)
        #expect(run.state == .running)
        #expect(try run.end("a", .cancelled).last == .runFinished(state: .cancelled, reason: "cancelled"))
    }

    @Test func cancelledWhileWaitingForARetryEndsAtOnce() throws {
        var run = machine([step("a", retries: 1)])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.end("a", .failed)
        #expect(
            try run.handle(.cancel(reason: "enough"), at: noon).last
                == .runFinished(state: .cancelled, reason: "cancelled")
        )
    }

    @Test func resumeRepeatsOnlyWhatWasRunning() throws {
        var run = machine([step("a"), step("b", after: ["a"]), step("c", after: ["b"])])
        var log = try run.handle(.start(here), at: noon)
        log += try run.end("a", .success)
        var again = machine([step("a"), step("b", after: ["a"]), step("c", after: ["b"])])
        for event in log { again.evolve(event, at: noon) }
        let events = try again.handle(.resume(here), at: noon)
        #expect(events.started == ["b"])
        #expect(again.attempts == [1, 2, 0])
        #expect(try again.end("b", .success).started == ["c"])
    }

    @Test func interruptionsDoNotUseUpRetries() throws {
        var run = machine([step("a", retries: 1)])
        _ = try run.handle(.start(here), at: noon)
        for _ in 1...3 { _ = try run.handle(.resume(here), at: noon) }
        #expect(run.attempts == [4])
        _ = try run.end("a", .failed)
        #expect(run.state("a") == .upForRetry)
    }

    @Test func aReportOfAnOldAttemptIsRefused() throws {
        var run = machine([step("a")])
        _ = try run.handle(.start(here), at: noon)
        let before = run.steps
        #expect(throws: TransitionError.self) {
            try run.handle(
                .finishAttempt(step: StepID(trusted: "a"), attempt: 7, outcome: AttemptOutcome(.success)),
                at: noon
            )
        }
        #expect(run.steps == before)
    }

    @Test func anEndedRunTakesNoCommands() throws {
        var run = machine([step("a")])
        _ = try run.handle(.start(here), at: noon)
        _ = try run.end("a", .success)
        for command in [RunCommand.start(here), .resume(here), .cancel(reason: "")] {
            #expect(throws: TransitionError.self) { try run.handle(command, at: noon) }
        }
    }
}
