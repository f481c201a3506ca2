import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.simulation), .timeLimit(.minutes(30))) struct WaitServiceTests {
    private let clock = ManualClock()
    private let endings = Endings()
    private let probe = FakeWaitProbe()

    private func service(_ probe: FakeWaitProbe) -> WaitService {
        WaitService(probe: probe, time: clock.wallTime, clock: clock)
    }

    private func file(_ step: String, policy: WaitPolicy = WaitPolicy()) -> WaitRequest {
        waitRequest(.file(FileWait(path: "x")), step: step, policy: policy)
    }

    @Test func whatIsThereEndsTheWaitAtOnce() async {
        let service = service(probe)
        let request = file("a")
        probe.set(.satisfied(values: ["n": 1]), for: request.key)
        await withService(service) {
            service.start(request, endings)
            #expect(await endings.next() == .init(step: "a", resolution: .satisfied(values: ["n": 1])))
        }
        #expect(service.count == 0)
        #expect(probe.ended == [request.key])
    }

    @Test func itLooksEveryMinuteUntilTheEnd() async {
        let service = service(probe)
        await withService(service) {
            service.start(file("a", policy: WaitPolicy(timeoutSeconds: 150)), endings)
            var looks = probe.endedLooks.makeAsyncIterator()
            for second in [0, 60, 120, 150] {
                _ = await looks.next()
                #expect(clock.wallTime.now == newYear + .seconds(second))
                // The next timer is set only when the look is taken note of.
                while service.status(of: file("a").key)?.nextLook == nil, service.count > 0 { await Task.yield() }
                if let next = service.status(of: file("a").key)?.nextLook {
                    clock.advance(to: .init(offset: next - newYear))
                }
            }
            let end = await endings.next()
            #expect(end?.resolution.outcome.error?.code == .waitTimedOut)
            #expect(end?.resolution.outcome.retryable == false)
        }
        #expect(probe.looks.count == 4)
    }

    @Test func aPushIsFollowedAtOnce() async {
        let service = service(probe)
        let dataset = DatasetID(trusted: "a/b")
        let request = waitRequest(.dataset(dataset, since: nil), step: "d")
        let other = waitRequest(.step(StepWait(pipeline: PipelineID(trusted: "q")), logicalDate: nil), step: "s")
        await withService(service) {
            var looks = probe.endedLooks.makeAsyncIterator()
            for request in [request, other] {
                service.start(request, endings)
                _ = await looks.next()
            }
            while [request, other].contains(where: { service.status(of: $0.key)?.nextLook == nil }) {
                await Task.yield()
            }
            probe.set(.satisfied(), for: request.key)
            probe.set(.satisfied(), for: other.key)
            service.wake(.dataset(DatasetID(trusted: "c")))
            service.wake(.dataset(dataset))
            #expect(await endings.next()?.step == "d")
            service.wake(.pipeline(PipelineID(trusted: "q")))
            #expect(await endings.next()?.step == "s")
        }
        #expect(clock.wallTime.now == newYear)
        #expect(probe.looks.count == 4)
    }

    /// What is told while a look is being made is looked at again: the look may have been too early to see it.
    @Test func aPushDuringALookIsNotLost() async {
        let (gates, open) = AsyncStream.makeStream(of: Void.self)
        let began = AsyncStream.makeStream(of: Void.self)
        let probe = FakeWaitProbe {
            began.continuation.yield()
            var iterator = gates.makeAsyncIterator()
            await iterator.next()
        }
        let service = service(probe)
        let request = file("a")
        probe.set(.notYet(reason: "too early"), .satisfied(), for: request.key)
        await withService(service) {
            service.start(request, endings)
            var begins = began.stream.makeAsyncIterator()
            await begins.next()
            probe.wake(request.key)
            open.yield()
            await begins.next()
            open.yield()
            #expect(await endings.next()?.resolution == .satisfied())
        }
        #expect(clock.wallTime.now == newYear)
    }

    @Test func pushesWithoutEndAreHeldBack() async {
        let service = service(probe)
        let request = file("a")
        await withService(service) {
            service.start(request, endings)
            var looks = probe.endedLooks.makeAsyncIterator()
            _ = await looks.next()
            for push in 1...20 {
                while service.status(of: request.key)?.nextLook == nil { await Task.yield() }
                service.wake(.wait(request.key))
                if push > 1 { clock.advance(by: .milliseconds(Limits.pushedLookMilliseconds)) }
                _ = await looks.next()
            }
        }
        #expect(clock.wallTime.now >= newYear + .milliseconds(19 * Limits.pushedLookMilliseconds))
    }

    @Test func whoIsCancelledIsNotTold() async {
        let service = service(probe)
        let request = file("a")
        await withService(service) {
            var looks = probe.endedLooks.makeAsyncIterator()
            service.start(request, endings)
            _ = await looks.next()
            service.cancel(request.key)
            probe.set(.satisfied(), for: file("b").key)
            service.start(file("b"), endings)
            #expect(await endings.next()?.step == "b")
        }
        #expect(endings.all.count == 1)
        #expect(probe.ended.contains(request.key))
    }

    @Test func cancellingEndsTheLook() async {
        let began = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Void.self)
        let probe = FakeWaitProbe {
            began.continuation.yield()
            // Nothing is ever sent: the loop ends when the look is cancelled.
            for await _ in AsyncStream<Never>.makeStream().stream {}
            ended.continuation.yield()
        }
        let service = service(probe)
        await withService(service) {
            service.start(file("a"), endings)
            var begins = began.stream.makeAsyncIterator()
            await begins.next()
            service.cancel(run: RunID(trusted: "p-1"))
            var ends = ended.stream.makeAsyncIterator()
            await ends.next()
        }
        #expect(service.count == 0 && endings.all.isEmpty)
    }

    @Test func aWaitOfTheSameKeyTakesThePlaceOfTheOther() async {
        let service = service(probe)
        probe.set(.satisfied(), for: file("a").key)
        service.start(file("a"), resolve: { _ in Issue.record("the first was told") })
        service.start(file("a"), endings)
        await withService(service) { #expect(await endings.next()?.step == "a") }
        #expect(service.count == 0)
    }

    @Test func looksAtOnceAreLimited() async {
        let (gates, open) = AsyncStream.makeStream(of: Void.self)
        let began = AsyncStream.makeStream(of: Void.self)
        let probe = FakeWaitProbe(otherwise: .satisfied()) {
            began.continuation.yield()
            for await _ in gates { return }
        }
        let service = service(probe)
        await withService(service) {
            for number in 0..<10 {
                service.start(waitRequest(.sql(SQLWait(statement: "")), step: "q\(number)"), endings)
            }
            var begins = began.stream.makeAsyncIterator()
            for _ in 0..<Limits.queriesAtOnce { await begins.next() }
            open.finish()
            for _ in 0..<10 { _ = await endings.next() }
        }
        #expect(probe.mostAtOnce <= Limits.queriesAtOnce)
        #expect(probe.looks.count == 10)
    }

    @Test func questionsWaitForTheirAnswer() async throws {
        let service = service(probe)
        let request = waitRequest(.answer(ApproveAction(message: "Ship?")), step: "q")
        try await withService(service) {
            service.start(request, endings)
            #expect(service.question(of: request.key)?.message == "Ship?")
            #expect(service.question(of: file("a").key) == nil)
            let wrong = #expect(throws: MartletError.self) { try service.answer(request.key, with: "maybe", by: nil) }
            #expect(wrong?.code == .approvalRefused)
            try service.answer(request.key, with: "approve", by: "ann")
            #expect(
                await endings.next()?.resolution
                    == .satisfied(values: ["answer": "approve", "answered_by": "ann"])
            )
            let late = #expect(throws: MartletError.self) { try service.answer(request.key, with: "reject", by: nil) }
            #expect(late?.code == .waitImpossible)
        }
        #expect(probe.looks.isEmpty)
    }

    @Test func aQuestionTimesOutByTheClock() async {
        let service = service(probe)
        let action = ApproveAction(message: "Ship?", defaultOption: "approve", timeoutSeconds: 3600)
        await withService(service) {
            service.start(waitRequest(.answer(action), step: "q"), endings)
            await clock.untilAsleep(1)
            clock.advance(by: .seconds(3600))
            #expect(await endings.next()?.resolution == .satisfied(values: ["answer": "approve"]))
        }
    }

    @Test func anInstantIsMetExactly() async {
        let service = WaitService(probe: TimeProbe(time: clock.wallTime), time: clock.wallTime, clock: clock)
        let instant = newYear + .seconds(3601)
        await withService(service) {
            service.start(waitRequest(.instant(instant), step: "t"), endings)
            while endings.all.isEmpty, clock.wallTime.now < instant {
                await clock.untilAsleep(1)
                clock.advanceToNextDeadline()
            }
            _ = await endings.next()
        }
        #expect(clock.wallTime.now == instant)
    }

    /// Every wait ends exactly once, as its probe says, whatever is pushed and cancelled meanwhile.
    @Test(arguments: 0..<12) func noWaitIsLost(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        let service = service(probe)
        var expected: Set<String> = []
        await withService(service) {
            for number in 0..<200 {
                let step = "s\(number)"
                let request = file(step, policy: WaitPolicy(pollSeconds: 30, backoff: 2, timeoutSeconds: 86_400))
                let before = Int.random(in: 0...6, using: &random)
                probe.set(.satisfied(), for: request.key)
                if before > 0 {
                    switch before {
                    case 1: probe.set(.notYet(reason: ""), .satisfied(), for: request.key)
                    case 2: probe.set(.notYet(reason: ""), .notYet(reason: ""), .satisfied(), for: request.key)
                    default:
                        probe.set(
                            .failed(MartletError(.requestFailed, ""), retryable: true),
                            .satisfied(),
                            for: request.key
                        )
                    }
                }
                service.start(request, endings)
                expected.insert(step)
                if Int.random(in: 0..<5, using: &random) == 0 {
                    service.cancel(request.key)
                    expected.remove(step)
                }
                if Bool.random(using: &random) { service.wake(.wait(request.key)) }
                if Int.random(in: 0..<20, using: &random) == 0 { clock.advance(by: .seconds(20)) }
            }
            while service.count > 0 {
                clock.advance(by: .seconds(60))
                await Task.yield()
            }
        }
        // A wait that was cancelled may have ended before.
        let ended = endings.all.map(\.step)
        #expect(Set(ended).count == ended.count, "seed \(seed)")
        #expect(expected.isSubset(of: ended), "seed \(seed)")
        #expect(endings.all.allSatisfy { $0.resolution == .satisfied() }, "seed \(seed)")
    }

    @Test func whatIsPreparedBeginsAfterwards() async {
        let service = service(probe)
        let request = file("a")
        probe.set(.satisfied(values: ["n": 1]), for: request.key)
        let failure = MartletError(.expressionFailed, "a template failed")
        await withService(service) {
            service.start(request.key, prepare: { request }, resolve: endings.take("a"))
            #expect(await endings.next() == .init(step: "a", resolution: .satisfied(values: ["n": 1])))
            service.start(
                request.key,
                prepare: { () throws(MartletError) in throw failure },
                resolve: endings.take("b")
            )
            #expect(await endings.next() == .init(step: "b", resolution: .failed(failure, retryable: false)))
        }
        #expect(service.count == 0)
    }

    @Test func whatIsCancelledWhileItIsPreparedDoesNotBegin() async {
        let service = service(probe)
        let (gates, open) = AsyncStream.makeStream(of: Void.self)
        let began = AsyncStream.makeStream(of: Void.self)
        let request = file("a")
        probe.set(.satisfied(), for: file("b").key)
        await withService(service) {
            service.start(
                request.key,
                prepare: {
                    began.continuation.yield()
                    for await _ in gates { break }
                    return request
                },
                resolve: endings.take("a")
            )
            for await _ in began.stream { break }
            #expect(service.count == 1)
            service.cancel(run: request.key.run)
            open.yield()
            service.start(file("b"), endings)
            #expect(await endings.next()?.step == "b")
        }
        #expect(service.count == 0 && !probe.looks.contains(request.key))
    }

    @Test func secretsAreMaskedInAllThatIsFound() async {
        let service = service(probe)
        let secret = "correct-horse-battery"
        var request = file("a", policy: WaitPolicy(timeoutSeconds: 60))
        request.settings = ResolvedSettings(secrets: [secret])
        var other = file("b")
        other.settings = request.settings
        request.subject = .file(FileWait(path: "/x/\(secret)"))
        probe.set(.notYet(reason: "no \(secret)"), for: request.key)
        probe.set(.satisfied(values: ["body": .object(["token": .string(secret)])]), for: other.key)
        await withService(service) {
            service.start(other, endings)
            #expect(await endings.next()?.resolution == .satisfied(values: ["body": .object(["token": "***"])]))
            service.start(request, endings)
            while service.status(of: request.key)?.reason == nil { await Task.yield() }
            #expect(service.status(of: request.key)?.reason == "no ***")
            clock.advance(by: .seconds(60))
            let error = await endings.next()?.resolution.outcome.error
            #expect(error?.message == "step a waited 1m 00s for file /x/***")
            #expect(error?.reason == "no ***")
        }
    }
}
