import MartletCore
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletRuntime

/// Slots over many runs, stops and restarts, backfills.
@Suite(.tags(.simulation)) struct CapacityTests {
    private let p = PipelineID(trusted: "p")

    @Test func slotsAreNeverExceeded() async throws {
        let pipelines = ["p", "q", "r"].map { pipeline($0, .tenMinutes(catchup: true), steps: ["hold", "hold"]) }
        let world = try SchedulerWorld(pipelines[0], pipelines[1], pipelines[2])
        world.clock.advance(by: .seconds(3600))
        world.start(totalSlots: 4)
        try await world.settle()
        #expect(world.launcher.held.count == 4)
        try await world.settings.apply([.setPool(Pool(name: .defaultPool, slots: 2))])
        try await world.ask(.settingsChanged)
        while !world.launcher.held.isEmpty {
            world.launcher.release()
            try await world.settle()
            #expect(world.launcher.held.count <= 2)
        }
        #expect(world.launcher.most == 4)
        // Every pipeline has its share from early on.
        #expect(Set(world.launcher.launched.prefix(12).map { $0.prefix(1) }).count == 3)
        for name in ["p", "q", "r"] {
            let states = try await world.runs(name).map(\.state)
            #expect(states == Array(repeating: .success, count: 7))
        }
        await world.stop()
    }

    @Test func aStopLeavesRunsThatGoOn() async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true), steps: ["hold", "exit"]))
        world.start()
        try await world.settle()
        #expect(await world.stop() == nil)
        let run = try #require(try await world.runs("p").first)
        #expect(run.state == .running)
        // Being ended by the stop is no failure.
        #expect(try await world.store.events(of: run.id).last?.event.name == "attempt_started")
        try await world.store.setPaused(p, true, note: nil)
        world.start()
        try await world.settle()
        try await world.ask(.unpause(p))
        try await world.settle()
        #expect(world.launcher.held == ["\(run.id)/s0#2"])
        world.launcher.release()
        try await world.settle()
        #expect(try await world.runs("p").map(\.state) == [.success])
        await world.stop()
    }

    @Test func aWaitKeepsItsTimeOverARestart() async throws {
        var manifest = pipeline("p", .tenMinutes(catchup: false))
        manifest.steps[0].action = .approve(ApproveAction(message: "go?", timeoutSeconds: 300))
        let world = try SchedulerWorld(manifest)
        world.start()
        try await world.settle()
        try await world.pass(.seconds(200))
        await world.stop()
        world.start()
        try await world.settle()
        try await world.pass(.seconds(90), step: .seconds(10))
        #expect(try await world.runs("p").map(\.state) == [.running])
        try await world.pass(.seconds(20), step: .seconds(5))
        #expect(try await world.runs("p").map(\.state) == [.failed])
        await world.stop()
    }

    private func backfill(backwards: Bool = false, reprocess: ReprocessRule = .none) -> OperatorRequest {
        .backfill(
            BackfillRequest(
                pipeline: p,
                from: newYear,
                through: newYear + .seconds(3000),
                isBackwards: backwards,
                maxActiveRuns: 2,
                reprocess: reprocess
            )
        )
    }

    @Test(arguments: [false, true]) func aBackfillMakesItsRunsInOrder(_ isBackwards: Bool) async throws {
        let schedule = ScheduleSpec(rule: .cron(["*/10 * * * *"]), catchup: false)
        let world = try SchedulerWorld(
            pipeline("p", schedule, policy: PipelinePolicy(maxActiveRuns: 1), steps: ["hold"])
        )
        world.clock.advance(by: .seconds(3600 + 540))
        world.start()
        try await world.settle()
        let id = try #require(try await world.ask(backfill(backwards: isBackwards))?.answer?["id"]?.stringValue)
        #expect(try await world.ask(backfill())?.error?.code == .requestRefused)
        var order: [String] = []
        for turn in 0..<4 {
            try await world.settle()
            #expect(world.launcher.held.count <= 2)
            order += try await world.runs("p").filter { $0.state == .running }
                .sorted { ($0.occasion.ordinal ?? 0) < ($1.occasion.ordinal ?? 0) }
                .map { String($0.occasion.logicalDate?.description.dropFirst(11).prefix(5) ?? "") }
            if turn == 0 {
                // While it is paused nothing begins, and a restart changes nothing of that.
                try await world.ask(.changeBackfill(id: id, .paused))
                world.launcher.release()
                try await world.settle()
                #expect(world.launcher.held.isEmpty)
                await world.stop()
                world.start()
                try await world.settle()
                #expect(world.launcher.held.isEmpty)
                try await world.ask(.changeBackfill(id: id, .running))
            } else {
                world.launcher.release()
            }
        }
        let dates = ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50"]
        #expect(order == (isBackwards ? dates.reversed() : dates))
        #expect(try await world.store.backfill(id)?.state == .done)
        await world.stop()
    }

    @Test func aCancelledBackfillEndsWithWhatRuns() async throws {
        let schedule = ScheduleSpec(rule: .cron(["*/10 * * * *"]), catchup: false)
        let world = try SchedulerWorld(pipeline("p", schedule, steps: ["hold"]))
        world.clock.advance(by: .seconds(3600 + 540))
        world.start()
        try await world.settle()
        let id = try #require(try await world.ask(backfill())?.answer?["id"]?.stringValue)
        try await world.settle()
        try await world.ask(.changeBackfill(id: id, .cancelled))
        world.launcher.release()
        try await world.settle()
        #expect(try await world.runs("p").map(\.state) == [.success, .success])
        // The next one runs failed or all dates again.
        try await world.ask(backfill(reprocess: .completed))
        for _ in 0..<4 {
            try await world.settle()
            world.launcher.release()
        }
        try await world.settle()
        #expect(try await world.runs("p").count == 6)
        #expect(world.launcher.launched.count == 8)
        #expect(try await world.store.backfills(unfinishedOnly: true, limit: 9).isEmpty)
        await world.stop()
    }

    @Test func aBackfillWhoseRunIsCancelledEnds() async throws {
        let schedule = ScheduleSpec(rule: .cron(["*/10 * * * *"]), catchup: false)
        let world = try SchedulerWorld(pipeline("p", schedule, steps: ["exit"]))
        world.clock.advance(by: .seconds(3600 + 540))
        world.start()
        try await world.ask(.pause(p))
        try await world.ask(backfill())
        try await world.settle()
        for run in try await world.runs("p") { try await world.ask(.cancel(run.id)) }
        try await world.ask(.unpause(p))
        try await world.settle()
        #expect(try await world.store.backfills(unfinishedOnly: true, limit: 9).isEmpty)
        #expect(try await world.runs("p").count == 6)
        await world.stop()
    }
}
