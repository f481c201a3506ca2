import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct WaitScheduleTests {
    private let broken = MartletError(.requestFailed, "no answer")
    private let nothing = WaitResult.notYet(reason: "no file matches")

    /// The seconds from the start to each look, and how it ends, when nothing ever comes.
    private func looks(_ request: WaitRequest, result: WaitResult? = nil) -> (at: [Double], end: WaitResolution?) {
        var schedule = WaitSchedule(request, at: request.startedAt)
        var times: [Double] = []
        var next = schedule.nextLook
        while let now = next, times.count < 10_000 {
            times.append((now - request.startedAt).seconds)
            switch schedule.decide(result ?? nothing, at: now) {
            case .look(let at): next = at
            case .rest: next = nil
            case .resolve(let resolution): return (times, resolution)
            }
        }
        return (times, nil)
    }

    @Test func itLooksAtOnceThenEveryMinuteAndOnceMoreAtTheEnd() {
        let policy = WaitPolicy(timeoutSeconds: 150)
        let (at, end) = looks(waitRequest(policy: policy))
        #expect(at == [0, 60, 120, 150])
        #expect(end?.error?.code == .waitTimedOut)
        #expect(end?.error?.message == "step w waited 2m 30s for file x")
        #expect(end?.error?.reason == "no file matches")
        guard case .failed(_, retryable: false) = end else {
            Issue.record("a timeout is retried")
            return
        }
    }

    @Test func theDefaultIsAWeek() {
        let (at, end) = looks(waitRequest(policy: WaitPolicy(pollSeconds: 3600)))
        #expect(at.last == 604_800 && at.count == 169)
        #expect(end?.error?.code == .waitTimedOut)
    }

    @Test func aTimeoutMaySkip() {
        let end = looks(waitRequest(policy: WaitPolicy(timeoutSeconds: 1, onTimeout: .skip))).end
        guard case .skipped(let error) = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(error.code == .waitTimedOut)
    }

    @Test func backoffGrowsByTheRuleOfRetries() throws {
        let policy = WaitPolicy(pollSeconds: 10, backoff: 2, maxPollSeconds: 200, timeoutSeconds: 5_000)
        let request = waitRequest(policy: policy)
        let (at, _) = looks(request)
        let pauses = zip(at, at.dropFirst()).map { $1 - $0 }
        let expected = (1...).lazy.map { attempt in
            RetryPolicy(delaySeconds: 10, backoff: 2, maxDelaySeconds: 200).delay(
                pipeline: PipelineID(trusted: "p"),
                step: StepID(trusted: "w"),
                logicalDate: "\(newYear)",
                attempt: attempt
            ).seconds
        }
        #expect(pauses.dropLast() == Array(expected.prefix(pauses.count - 1))[...])
        #expect(pauses[0] >= 10 && pauses[0] < 20)
        #expect(pauses.max() == 200)
    }

    @Test func copiesOfAStepSpreadTheirLooks() {
        func second(_ index: Int) -> Timestamp? {
            var request = waitRequest(policy: WaitPolicy(pollSeconds: 1000, backoff: 2))
            request.key = WaitKey(request.key.run, InstanceID(StepID(trusted: "w"), index))
            var schedule = WaitSchedule(request, at: newYear)
            return schedule.decide(nothing, at: newYear).look
        }
        #expect(Set((0..<20).map(second)).count > 10)
    }

    @Test func aRestartDoesNotBeginTheTimeoutAnew() {
        let request = waitRequest(policy: WaitPolicy(timeoutSeconds: 3600))
        let later = newYear + .seconds(7200)
        var schedule = WaitSchedule(request, looks: 60, at: later)
        #expect(schedule.nextLook == later)
        var other = schedule
        #expect(schedule.decide(nothing, at: later).resolution?.error?.code == .waitTimedOut)
        // What came while nobody looked counts all the same.
        #expect(other.decide(.satisfied(), at: later).resolution == .satisfied())
    }

    @Test func aHintBringsALookForwardButNeverPutsItOff() {
        var schedule = WaitSchedule(waitRequest(), at: newYear)
        let soon = newYear + .seconds(5)
        #expect(schedule.decide(.notYet(reason: "", again: soon), at: newYear).look == soon)
        let late = newYear + .seconds(5000)
        #expect(schedule.decide(.notYet(reason: "", again: late), at: soon).look == soon + .seconds(60))
        let past = newYear + .seconds(-10)
        #expect(schedule.decide(.notYet(reason: "", again: past), at: soon).look == soon + .milliseconds(100))
    }

    @Test func aPushedLookLeavesTheClockAlone() {
        var schedule = WaitSchedule(waitRequest(), at: newYear)
        let planned = schedule.decide(nothing, at: newYear).look
        #expect(schedule.decide(nothing, at: newYear + .seconds(10), wasPushed: true).look == planned)
        #expect(schedule.looks == 1)
    }

    @Test func anInstantIsLookedAtOnce() {
        let instant = newYear + .seconds(90)
        var schedule = WaitSchedule(waitRequest(.instant(instant)), at: newYear)
        #expect(schedule.nextLook == instant)
        #expect(schedule.decide(.satisfied(), at: instant).resolution == .satisfied())
        #expect(WaitSchedule(waitRequest(.instant(newYear + .seconds(-5))), at: newYear).nextLook == newYear)
    }

    @Test func anInstantBeyondTheTimeoutTimesOut() {
        let request = waitRequest(.instant(newYear + .seconds(90)), policy: WaitPolicy(timeoutSeconds: 30))
        let (at, end) = looks(request)
        #expect(at == [30])
        #expect(end?.error?.code == .waitTimedOut)
    }

    @Test func errorsThatMayPassFailAfterSeveralInARow() {
        let (at, end) = looks(waitRequest(), result: .failed(broken, retryable: true))
        #expect(at.count == Limits.failedLooks)
        #expect(end == .failed(broken, retryable: true))
        var schedule = WaitSchedule(waitRequest(), at: newYear)
        for _ in 0..<50 {
            for _ in 1..<Limits.failedLooks {
                #expect(schedule.decide(.failed(broken, retryable: true), at: newYear).resolution == nil)
            }
            #expect(schedule.decide(nothing, at: newYear).resolution == nil)
        }
    }

    @Test func errorsThatStayFailAtOnce() {
        #expect(
            looks(waitRequest(), result: .failed(broken, retryable: false)).end == .failed(broken, retryable: false)
        )
    }

    @Test func errorsMaySkipOrBeWaitedOut() {
        let skip = waitRequest(policy: WaitPolicy(onError: .skip))
        #expect(looks(skip, result: .failed(broken, retryable: false)).end == .skipped(broken))
        let wait = waitRequest(policy: WaitPolicy(timeoutSeconds: 6_000, onError: .wait))
        let (at, end) = looks(wait, result: .failed(broken, retryable: false))
        #expect(at.count == 101)
        #expect(end?.error?.code == .waitTimedOut && end?.error?.reason == "no answer")
    }

    @Test func aQuestionIsNotLookedAt() {
        var schedule = WaitSchedule(waitRequest(.answer(ApproveAction(message: "?"))), at: newYear)
        #expect(schedule.nextLook == nil && schedule.deadline == nil)
        #expect(schedule.decide(nothing, at: newYear) == .rest)
    }

    @Test(arguments: [
        (ApproveAction(message: "?", timeoutSeconds: 60), ErrorCode?.some(.waitTimedOut), false),
        (ApproveAction(message: "?", timeoutSeconds: 60, onTimeout: .skip), .waitTimedOut, true),
        (ApproveAction(message: "?", defaultOption: "approve", timeoutSeconds: 60), nil, false),
        (ApproveAction(message: "?", defaultOption: "reject", timeoutSeconds: 60), .approvalRefused, true),
        (
            ApproveAction(message: "?", defaultOption: "reject", timeoutSeconds: 60, onRefusal: .fail),
            .approvalRefused, false
        ),
    ])
    func aQuestionEndsByItsTimeout(action: ApproveAction, code: ErrorCode?, isSkipped: Bool) {
        let (at, end) = looks(waitRequest(.answer(action)))
        #expect(at == [60])
        #expect(end?.error?.code == code)
        if case .skipped = end { #expect(isSkipped) } else { #expect(!isSkipped) }
        if code == nil { #expect(end == .satisfied(values: ["answer": "approve"])) }
    }

    @Test func answersAreThoseOffered() throws {
        let action = ApproveAction(message: "?", options: ["ship", "hold"], refusals: ["hold"])
        let step = InstanceID(StepID(trusted: "w"))
        #expect(
            try action.answer("ship", by: "ann", for: step)
                == .satisfied(values: ["answer": "ship", "answered_by": "ann"])
        )
        #expect(try action.answer("hold", by: "ann", for: step).error?.reason == "answered by ann")
        let error = #expect(throws: MartletError.self) { try action.answer("shop", by: nil, for: step) }
        #expect(error?.code == .approvalRefused && error?.remedy == "did you mean ship?")
    }

    /// Whatever is found, looks never go back in time, and a wait ends at its deadline at the latest.
    @Test(arguments: 0..<40) func noWaitOutlivesItsTime(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let policy = WaitPolicy(
                pollSeconds: Double.random(in: 0.1...600, using: &random),
                backoff: [0, 1, 1.5, 2, 100].randomElement(using: &random) ?? 1,
                maxPollSeconds: Bool.random(using: &random) ? Double.random(in: 0.1...900, using: &random) : nil,
                timeoutSeconds: Double.random(in: 1...20_000, using: &random),
                onTimeout: WaitEnding.allCases.randomElement(using: &random) ?? .fail,
                onError: WaitErrorRule.allCases.randomElement(using: &random) ?? .fail
            )
            var now = newYear
            var schedule = WaitSchedule(waitRequest(policy: policy), at: now)
            let deadline = newYear + .seconds(policy.timeoutSeconds)
            for _ in 0..<100_000 {
                let result: WaitResult =
                    switch Int.random(in: 0..<20, using: &random) {
                    case 0: .failed(broken, retryable: true)
                    case 1: .notYet(reason: "", again: now + .seconds(Double.random(in: -5...50, using: &random)))
                    default: nothing
                    }
                let decision = schedule.decide(result, at: now, wasPushed: Int.random(in: 0..<4, using: &random) == 0)
                guard let next = decision.look else {
                    #expect(decision.resolution != nil, "seed \(seed)")
                    break
                }
                #expect(next >= now && next <= deadline, "seed \(seed)")
                // The machine may be late.
                now = next + .milliseconds(Int.random(in: 0...50, using: &random))
            }
            #expect(now <= deadline + .milliseconds(50), "seed \(seed)")
        }
    }
}
