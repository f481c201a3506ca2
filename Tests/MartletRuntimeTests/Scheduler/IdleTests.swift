import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// What a scheduler costs that has nothing to do.
@Suite(.tags(.simulation)) struct IdleTests {
    @Test func nothingDueAsksForRequestsOnly() async throws {
        let yearly = ScheduleSpec(rule: .cron(["0 0 1 7 *"]), datasets: .any(["d", "e"]))
        let world = try SchedulerWorld()
        world.files.set((0..<200).map { pipeline("p\($0)", yearly) })
        let store = CountingStore(world.store)
        world.start(on: store, project: store)
        try await world.settle()
        let before = store.calls.count
        let answers = world.news.all.count
        for _ in 0..<20 {
            await world.clock.untilAsleep(1)
            world.clock.advance(by: .seconds(2))
            try await world.settle()
        }
        // Each settling is a few requests: asked for, and answered.
        let requests = world.news.all.count - answers
        #expect(store.calls.count - before <= 2 * requests + 40)
        await world.stop()
    }

    @Test func whatIsPausedWakesNobody() async throws {
        let window = DatasetPolicy.window(DatasetWindow(durationSeconds: 10))
        let world = try SchedulerWorld(pipeline("c", ScheduleSpec(datasets: "d", datasetPolicy: window)))
        let store = CountingStore(world.store)
        world.start(on: store, project: store)
        try await world.ask(.datasetWritten(dataset: DatasetID(trusted: "d"), partition: nil))
        try await world.settle()
        try await world.ask(.pause(PipelineID(trusted: "c")))
        try await world.pass(.seconds(30), step: .seconds(2))
        // It sleeps until the next look, though the window's time is over.
        await world.clock.untilAsleep(1)
        #expect(world.clock.nextDeadline.map { $0 > world.clock.now } == true)
        #expect(try await world.runs("c").isEmpty)
        try await world.ask(.unpause(PipelineID(trusted: "c")))
        try await world.settle()
        #expect(try await world.runs("c").count == 1)
        await world.stop()
    }
}
