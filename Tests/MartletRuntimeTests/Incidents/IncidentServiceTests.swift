import Foundation
import MartletCore
import MartletQuality
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30)))
struct IncidentServiceTests {
    private static let pager = NotifierID(trusted: "pager")
    private static let chat = NotifierID(trusted: "chat")

    private let store = InMemoryIncidentStore()
    private let clock = ManualClock()
    private let log = FakeNotifier()
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A folder that is gone with the test.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID())").path

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func service(
        _ receivers: [NotifierID: any Notifier],
        clock: (any Clock<Duration>)? = nil,
        store: (any IncidentStore)? = nil
    ) -> IncidentService {
        IncidentService(
            IncidentService.Dependencies(
                store: store ?? self.store,
                receivers: receivers,
                log: log,
                time: self.clock.wallTime,
                clock: clock ?? self.clock,
                jitter: { 0 }
            ),
            planner: IncidentPlanner(
                policy: IncidentPolicy(routes: [IncidentPolicy.Route(notify: receivers.keys.sorted())]),
                map: DatasetMap(),
                project: "test"
            ),
            layout: ProjectLayout(root: folder.path)
        )
    }

    private func kinds(_ notifier: FakeNotifier) -> [String] {
        notifier.taken.compactMap { $0.incident?.kind.rawValue }
    }

    private func pass() -> CheckObservation {
        var pass = NoticeSamples.failure()
        pass.passed = true
        return pass
    }

    @Test func failuresOfManyRunsAreOneTriggerAndOneResolve() async throws {
        let pager = FakeNotifier()
        for _ in 0..<10 {
            // Each run is a process of its own.
            let service = service([Self.pager: pager])
            try await service.observe([NoticeSamples.failure()])
            await service.flush()
            clock.advance(by: .seconds(600))
        }
        #expect(kinds(pager) == ["trigger"])
        let last = service([Self.pager: pager])
        try await last.observe([pass()])
        await last.flush()
        #expect(kinds(pager) == ["trigger", "resolved"])
        // The log has each alert once.
        #expect(log.taken.map(\.kind) == [.incidentFiring, .incidentResolved])
    }

    @Test func whatAKilledProcessKeptIsDeliveredByTheNextWithItsId() async throws {
        let pager = FakeNotifier()
        let first = service([Self.pager: pager])
        try await first.observe([NoticeSamples.failure()])
        // It decides, and is killed before it delivers.
        try await first.advance(isClosing: true)
        let pending = try await store.pendingDeliveries(limit: 10)
        #expect(pager.taken.isEmpty)
        let second = service([Self.pager: pager])
        await second.flush()
        #expect(pager.taken.map(\.id) == pending.filter { $0.notifier == Self.pager }.map(\.alert.id))
        // A third sends nothing again.
        await service([Self.pager: pager]).flush()
        #expect(pager.calls == 1)
    }

    @Test func aBrokenReceiverHoldsUpNobody() async throws {
        let broken = FakeNotifier(failures: .max)
        let stuck = StuckNotifier()
        let chat = FakeNotifier()
        let stuckName = NotifierID(trusted: "stuck")
        let service = service(
            [Self.pager: broken, Self.chat: chat, stuckName: stuck],
            clock: ContinuousClock()
        )
        try await service.observe([NoticeSamples.failure()])
        await service.flush(deadline: .milliseconds(300))
        #expect(kinds(chat) == ["trigger"])
        // What was not taken stays, and is tried again later.
        let waiting = try await store.pendingDeliveries(limit: 10).map(\.notifier)
        #expect(Set(waiting) == [Self.pager, stuckName])
    }

    @Test func whatFailsIsTriedAgainAndThenGivenUp() async throws {
        let broken = FakeNotifier(failures: .max)
        let service = service([Self.pager: broken])
        try await service.observe([NoticeSamples.failure()])
        try await service.advance(isClosing: true)
        let lane = try #require(service.lanes[Self.pager])
        var pauses: [Int] = []
        while let next = try await lane.drain() {
            let pause = next - clock.wallTime.now
            pauses.append(Int(pause.seconds))
            clock.advance(by: pause)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        #expect(broken.calls == Limits.deliveryAttempts)
        let dead = try await store.deliveries(in: .dead, limit: 10)
        #expect(dead.map(\.attempts) == [Limits.deliveryAttempts])
        #expect(log.taken.last?.kind == .notifierFailed)
    }

    @Test func aRefusalIsNotTriedAgain() async throws {
        let refusing = ScriptedNotifier([.refused(MartletError(.receiverRefused, "no such key"))])
        let service = service([Self.pager: refusing])
        try await service.observe([NoticeSamples.failure()])
        await service.flush()
        #expect(try await store.deliveries(in: .dead, limit: 10).count == 1)
        #expect(refusing.calls == 1)
    }

    @Test func theOrderOfOneReceiverIsKept() async throws {
        let error = MartletError(.receiverFailed, "busy")
        let receiver = ScriptedNotifier([.failed(error, retryAfter: .seconds(90)), .taken, .taken])
        let service = service([Self.pager: receiver])
        try await service.observe([NoticeSamples.failure()])
        try await service.advance(isClosing: true)
        try await service.observe([pass()])
        try await service.advance(isClosing: true)
        let lane = try #require(service.lanes[Self.pager])
        let next = try #require(try await lane.drain())
        // What it asks for is waited, and the end does not come before the beginning.
        #expect(next - clock.wallTime.now == .seconds(90))
        #expect(receiver.told.isEmpty)
        clock.advance(by: .seconds(90))
        #expect(try await lane.drain() == nil)
        #expect(receiver.told.compactMap { $0.incident?.kind } == [.trigger, .resolved])
    }

    @Test func anUnknownReceiverIsGivenUpByName() async throws {
        let pager = FakeNotifier()
        let service = service([Self.pager: pager])
        try await service.send(NoticeSamples.plain, to: [NotifierID(trusted: "pagr"), Self.pager])
        await service.flush()
        #expect(pager.taken == [NoticeSamples.plain])
        let dead = try await store.deliveries(in: .dead, limit: 10)
        #expect(dead.first?.error?.remedy == "did you mean pager?")
    }

    @Test func twoWhoChangeTheBookAtOnceBothSucceed() async throws {
        let pager = FakeNotifier()
        let services = (0..<8).map { _ in service([Self.pager: pager]) }
        try await withThrowingTaskGroup { group in
            for (index, service) in services.enumerated() {
                group.addTask {
                    for number in 0..<10 {
                        try await service.observe([NoticeSamples.failure("check \(index)/\(number)")])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.incidents(IncidentFilter(limit: 1_000)).count == 80)
        await services[0].flush()
        #expect(kinds(pager) == ["trigger"])
        #expect(pager.taken.first?.incident?.items.count == 80)
    }

    @Test func theLoopWaitsForOthersThenTells() async throws {
        let pager = FakeNotifier()
        let service = service([Self.pager: pager])
        try await service.observe([NoticeSamples.failure()])
        let work = Task { await service.run() }
        // The loop sleeps until the group's wait is over, at most ten seconds at a time.
        while pager.calls == 0 {
            await clock.untilAsleep(1)
            clock.advanceToNextDeadline()
            await Task.yield()
        }
        #expect(clock.now.offset >= .seconds(30))
        #expect(kinds(pager) == ["trigger"])
        work.cancel()
        await work.value
    }

    @Test func whatPeopleDoIsTold() async throws {
        let pager = FakeNotifier()
        let service = service([Self.pager: pager])
        try await service.observe([NoticeSamples.failure()])
        await service.flush()
        let id = try #require(try await store.incidents(IncidentFilter()).first).id
        let acknowledged = try await service.operate(.acknowledge(by: "ada", note: "on it"), on: id)
        #expect(acknowledged.state == .acknowledged)
        await service.flush()
        #expect(kinds(pager) == ["trigger", "acknowledged"])
        try await service.operate(.resolve(by: "ada", note: nil), on: id)
        await service.flush()
        #expect(kinds(pager) == ["trigger", "acknowledged", "resolved"])
        let again = await #expect(throws: MartletError.self) {
            try await service.operate(.resolve(by: "ada", note: nil), on: id)
        }
        #expect(again?.code == .incidentState)
        let unknown = await #expect(throws: MartletError.self) {
            try await service.operate(.settle, on: "i0-1")
        }
        #expect(unknown?.code == .incidentUnknown)
    }

    @Test func silencesComeAndGo() async throws {
        let pager = FakeNotifier()
        let service = service([Self.pager: pager])
        let silence = try await service.silence(
            [IncidentMatcher("dataset=flights/*")],
            until: clock.wallTime.now + .seconds(3600),
            by: "ada",
            reason: "moving"
        )
        try await service.observe([NoticeSamples.failure()])
        await service.flush()
        #expect(pager.calls == 0)
        _ = try await service.unsilence(silence.id)
        await service.flush()
        #expect(kinds(pager) == ["trigger"])
        let twice = await #expect(throws: MartletError.self) { try await service.unsilence(silence.id) }
        #expect(twice?.code == .incidentUnknown)
    }
}
