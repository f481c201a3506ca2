import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Runs by time: none is lost and none made twice, whatever happens to the process or the clock.
@Suite(.tags(.simulation)) struct ScheduleTests {
    @Test func everyTickMakesOneRun() async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: false)))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(3600))
        #expect(
            try await world.dates("p").map { $0.suffix(5) } == [
                "00:00", "00:10", "00:20", "00:30", "00:40", "00:50", "01:00",
            ]
        )
        #expect(try await world.runs("p").allSatisfy { $0.state == .success })
        await world.stop()
    }

    @Test(arguments: [
        (true, ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50"]),
        (false, ["00:00", "00:50"]),
    ])
    func downtimeFollowsTheCatchupRule(_ catchup: Bool, _ expected: [String]) async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: catchup)))
        world.start()
        try await world.settle()
        await world.stop()
        world.clock.advance(by: .seconds(55 * 60))
        world.start()
        try await world.settle()
        #expect(try await world.dates("p").map { String($0.suffix(5)) } == expected)
        await world.stop()
    }

    @Test(arguments: [(true, 7), (false, 3)])
    func aClockThatJumpsLosesAndRepeatsNothing(_ catchup: Bool, _ count: Int) async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: catchup)))
        world.start()
        try await world.settle()
        world.time.jump(by: .seconds(50 * 60 + 1))
        try await world.pass(.seconds(4), step: .seconds(2))
        world.time.jump(by: .seconds(-45 * 60))
        try await world.pass(.seconds(30 * 60))
        // Until the clock is back at where it was, all is made already.
        #expect(try await world.runs("p").count == count - 1)
        try await world.pass(.seconds(25 * 60))
        #expect(try await world.runs("p").count == count)
        await world.stop()
    }

    @Test func whatIsPausedStartsNothing() async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true)))
        world.start()
        try await world.settle()
        try await world.ask(.pause(PipelineID(trusted: "p")))
        try await world.pass(.seconds(25 * 60))
        #expect(try await world.runs("p").count == 1)
        try await world.ask(.unpause(PipelineID(trusted: "p")))
        try await world.settle()
        #expect(try await world.dates("p").map { $0.suffix(5) } == ["00:00", "00:10", "00:20"])
        await world.stop()
    }

    @Test func noMoreRunsThanAllowed() async throws {
        let policy = PipelinePolicy(maxActiveRuns: 2)
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true), policy: policy, steps: ["hold"]))
        world.clock.advance(by: .seconds(3600))
        world.start()
        try await world.settle()
        #expect(world.launcher.held.count == 2)
        #expect(try await world.runs("p").count == 2)
        for _ in 0..<4 {
            world.launcher.release()
            try await world.settle()
        }
        #expect(world.launcher.most == 2)
        #expect(try await world.runs("p").count == 7)
        world.launcher.release()
        await world.stop()
    }

    @Test(arguments: [
        (ScheduleSpec(rule: .once), 1),
        (ScheduleSpec(rule: .cron(["*/10 * * * *"]), start: newYear, end: newYear + .seconds(1200), catchup: true), 3),
    ])
    func aScheduleThatEndsEnds(_ schedule: ScheduleSpec, _ count: Int) async throws {
        let world = try SchedulerWorld(pipeline("p", schedule))
        for _ in 0..<3 {
            world.start()
            try await world.settle()
            try await world.pass(.seconds(20 * 60))
            await world.stop()
        }
        #expect(try await world.runs("p").count == count)
    }

    @Test func aContinuousPipelineHasOneRunAtATime() async throws {
        let world = try SchedulerWorld(pipeline("p", ScheduleSpec(rule: .continuous), steps: ["hold"]))
        world.start()
        for count in 1...4 {
            try await world.settle()
            #expect(world.launcher.held.count == 1)
            #expect(try await world.runs("p").count == count)
            world.clock.advance(by: .seconds(1))
            if count < 4 { world.launcher.release() }
        }
        #expect(world.launcher.most == 1)
        await world.stop()
    }

    /// The process dies between any two appends; `isKept` says whether the last one reached the disk.
    @Test(arguments: [true, false]) func aKillAtAnyMomentLosesAndRepeatsNothing(_ isKept: Bool) async throws {
        var appends = 0
        while true {
            let world = try SchedulerWorld(
                pipeline("p", .tenMinutes(catchup: true)),
                pipeline("q", .tenMinutes(catchup: true), past: .sameStep)
            )
            let dying = DyingStore(world.store, appends: appends, keepsLast: isKept)
            world.clock.advance(by: .seconds(25 * 60))
            world.start(on: dying)
            try await world.settle()
            try await world.pass(.seconds(10 * 60))
            let hasDied = dying.isDead
            await world.stop()
            world.clock.advance(to: ManualClock.Instant(offset: .seconds(35 * 60)))
            world.start()
            try await world.settle()
            try await world.pass(.seconds(10 * 60))
            for name in ["p", "q"] {
                #expect(
                    try await world.dates(name).map { $0.suffix(5) } == ["00:00", "00:10", "00:20", "00:30", "00:40"],
                    "\(name) after \(appends) appends"
                )
                let states = try await world.runs(name).map { "\($0.id) \($0.state)" }
                #expect(states.allSatisfy { $0.hasSuffix(" success") }, "\(name) after \(appends) appends: \(states)")
            }
            await world.stop()
            if !hasDied { break }
            appends += 1
        }
        #expect(appends > 20)
    }
}

/// A store whose process dies at an append: nothing is written after it.
final class DyingStore: RunStore {
    private let inner: InMemoryRunStore
    private let left: Counter
    private let keepsLast: Bool

    init(_ inner: InMemoryRunStore, appends: Int, keepsLast: Bool) {
        self.inner = inner
        left = Counter(appends)
        self.keepsLast = keepsLast
    }

    private let death = Counter(1)
    var isDead: Bool { death.isEmpty }

    func keep(manifest: PipelineManifest, hash: String) async throws(MartletError) {
        try await inner.keep(manifest: manifest, hash: hash)
    }
    func manifest(hash: String) async throws(MartletError) -> PipelineManifest? { try await inner.manifest(hash: hash) }
    func append(_ events: [RecordedEvent], to run: RunID, expecting expected: Int) async throws(MartletError) {
        guard left.take() else {
            if death.take(), keepsLast { try await inner.append(events, to: run, expecting: expected) }
            throw MartletError(.diskFull, "the disk is full")
        }
        try await inner.append(events, to: run, expecting: expected)
    }
    func events(of run: RunID) async throws(MartletError) -> [RecordedEvent] { try await inner.events(of: run) }
    func projection(of run: RunID) async throws(MartletError) -> RunProjection? { try await inner.projection(of: run) }
    func runs(_ filter: RunFilter) async throws(MartletError) -> [RunSummary] { try await inner.runs(filter) }
    func result(for key: ObjectID) async throws(MartletError) -> StepResult? { try await inner.result(for: key) }
    func lastResult(of pipeline: PipelineID, step: InstanceID) async throws(MartletError) -> StepResult? {
        try await inner.lastResult(of: pipeline, step: step)
    }
    func close() async {}
}
