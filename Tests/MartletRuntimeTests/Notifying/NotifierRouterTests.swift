import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletRuntime

@Suite(.tags(.simulation), .timeLimit(.minutes(30))) struct NotifierRouterTests {
    private let clock = ManualClock()
    private let log = FakeNotifier()
    private let deliveries = Deliveries()
    private let name = NotifierID(trusted: "on-call")

    /// What became of alerts, from any thread.
    private final class Deliveries: Sendable {
        private let known = Mutex<[AlertDelivery]>([])
        var all: [AlertDelivery] { known.withLock { $0 } }
        @Sendable func take(_ delivery: AlertDelivery) { known.withLock { $0.append(delivery) } }
    }

    private func alert(_ id: String, _ text: String = "text") -> Alert {
        Alert(id: id, kind: .runFailed, at: newYear, text: text)
    }

    private func router(_ notifiers: [String: any Notifier], queue: Int = 100) -> NotifierRouter {
        NotifierRouter(
            Dictionary(uniqueKeysWithValues: notifiers.map { (NotifierID(trusted: $0), $1) }),
            log: log,
            mask: { $0.replacing("hush", with: "***") },
            clock: clock,
            queue: queue,
            observe: deliveries.take
        )
    }

    @Test func everyAlertIsLoggedAndToldToThoseNamed() async {
        let (one, two) = (FakeNotifier(), FakeNotifier())
        let router = router(["on-call": one, "other": two])
        router.send(alert("a", "it is hush"), to: [name, name])
        router.send(alert("b"), to: [])
        router.finish()
        await router.run()
        #expect(one.taken.map(\.text) == ["it is ***"])
        #expect(two.taken.isEmpty)
        #expect(log.taken.map(\.id) == ["a", "b"])
        #expect(deliveries.all.count == 3)
    }

    @Test func anAlertIsToldOnce() async {
        let one = FakeNotifier()
        let router = router(["on-call": one])
        for _ in 0..<5 { router.send(alert("a"), to: [name]) }
        router.finish()
        await router.run()
        #expect(one.calls == 1 && log.calls == 1)
    }

    @Test func aNotifierThatTheProjectDoesNotHaveIsReported() async {
        let router = router(["on-call": FakeNotifier()])
        router.send(alert("a"), to: [NotifierID(trusted: "oncall")])
        router.finish()
        await router.run()
        #expect(log.taken.map(\.kind) == [.runFailed, .notifierFailed])
        #expect(log.taken.last?.error?.remedy == "did you mean on-call?")
    }

    @Test func failuresAreRepeatedMoreAndMoreRarely() async {
        let one = FakeNotifier(failures: 3, retries: 3)
        let router = router(["on-call": one])
        let running = Task { await router.run() }
        router.send(alert("a"), to: [name])
        for seconds in [1, 2, 4] {
            await clock.untilAsleep(1)
            #expect(clock.nextDeadline.map { $0.offset - clock.now.offset } == .seconds(seconds))
            clock.advanceToNextDeadline()
        }
        while deliveries.all.count < 2 { await Task.yield() }
        router.finish()
        await running.value
        #expect(one.taken.map(\.id) == ["a"])
        #expect(log.taken.map(\.kind) == [.runFailed])
        #expect(deliveries.all.contains { $0.outcome == .delivered(calls: 4) })
    }

    @Test func whatFailsForGoodIsLogged() async {
        let one = FakeNotifier(failures: 99, retries: 1)
        let router = router(["on-call": one])
        let running = Task { await router.run() }
        router.send(alert("a"), to: [name])
        await clock.untilAsleep(1)
        clock.advanceToNextDeadline()
        while deliveries.all.count < 2 { await Task.yield() }
        router.finish()
        await running.value
        #expect(one.calls == 2)
        #expect(log.taken.map(\.kind) == [.runFailed, .notifierFailed])
        #expect(log.taken.last?.id == "notifier_failed/on-call/a")
    }

    @Test func finishingWaitsForNoPause() async {
        let one = FakeNotifier(failures: 99, retries: 9)
        let router = router(["on-call": one])
        let running = Task { await router.run() }
        router.send(alert("a"), to: [name])
        await clock.untilAsleep(1)
        router.finish()
        await running.value
        #expect(one.calls == 1)
        #expect(log.taken.map(\.kind) == [.runFailed, .notifierFailed])
        #expect(clock.now.offset == .zero)
    }

    @Test func aFullQueueGivesUpTheNewestAndSaysSo() async {
        let (gates, open) = AsyncStream.makeStream(of: Void.self)
        let one = FakeNotifier { for await _ in gates { return } }
        let quick = FakeNotifier()
        let router = router(["on-call": one, "quick": quick], queue: 4)
        let running = Task { await router.run() }
        var told = quick.endedCalls.makeAsyncIterator()
        for number in 0..<20 {
            router.send(alert("\(number)"), to: [name, NotifierID(trusted: "quick")])
            // The others go on while one does not.
            _ = await told.next()
        }
        open.finish()
        var calls = one.endedCalls.makeAsyncIterator()
        _ = await calls.next()
        while one.calls < 4 { _ = await calls.next() }
        while log.taken.filter({ $0.kind == .runFailed }).count < 20 { await Task.yield() }
        router.send(alert("after"), to: [name])
        router.finish()
        await running.value
        let ids = one.taken.map(\.id)
        #expect(ids.prefix(4) == ["0", "1", "2", "3"])
        #expect(ids.last == "after" && ids.count <= 6)
        #expect(quick.taken.count == 20)
        let dropped = deliveries.all.filter { if case .dropped = $0.outcome { true } else { false } }
        #expect(dropped.count == 21 - ids.count)
        let notices = log.taken.filter { $0.kind == .alertsDropped }
        #expect(notices.first?.error?.code == .alertsDropped)
        #expect(notices.last?.text.hasPrefix("\(dropped.count) alerts for notifier on-call were") == true)
        #expect(log.taken.filter { $0.kind == .runFailed }.count == 21)
    }

    @Test func cancellingEndsADelivery() async {
        let began = AsyncStream.makeStream(of: Void.self)
        let one = FakeNotifier {
            began.continuation.yield()
            for await _ in AsyncStream<Never>.makeStream().stream {}
        }
        let router = router(["on-call": one])
        let running = Task { await router.run() }
        router.send(alert("a"), to: [name])
        for await _ in began.stream { break }
        running.cancel()
        await running.value
    }

    @Test func theProjectsLogHasManyNames() async throws {
        let scratch = try Scratch()
        let said = Lines()
        let router = NotifierRouter(
            project: [
                NotifierID(trusted: "log"): .log(path: nil), NotifierID(trusted: "audit"): .log(path: "audit.jsonl"),
                name: .command(CommandNotice(arguments: ["/bin/sh", "-c", "cat > told"])),
            ],
            layout: ProjectLayout(root: scratch.path),
            environment: ["PATH": "/usr/bin:/bin"],
            mask: { $0 },
            clock: clock,
            say: said.take
        )
        router.send(alert("a"), to: ["log", "audit", "on-call"].map(NotifierID.init(trusted:)))
        router.finish()
        await router.run()
        for file in [".martlet/alerts.jsonl", "audit.jsonl", "told"] {
            #expect(scratch.text(file).split(separator: "\n").count == 1, "\(file)")
        }
        #expect(said.all.count == 1)
    }

    @Test func idsAreForgottenInTheirOrder() {
        var recent = RecentIDs(limit: 3)
        let isNew = ["a", "b", "c", "a", "d", "a", "b"].map { id in recent.insert(id) }
        #expect(isNew == [true, true, true, false, true, true, true])
        recent.remove("d")
        let isNewAgain = recent.insert("d")
        #expect(isNewAgain)
    }
}
