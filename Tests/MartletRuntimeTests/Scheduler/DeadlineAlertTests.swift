import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Who is told what of runs that are late or fail.
@Suite(.tags(.simulation)) struct DeadlineAlertTests {
    private func late(_ from: DeadlineSpec.Reference, steps: [String] = ["hold"]) -> PipelineManifest {
        pipeline(
            "p",
            .tenMinutes(catchup: false),
            policy: PipelinePolicy(deadlines: [DeadlineSpec(from: from, withinSeconds: 120)]),
            steps: steps
        )
    }

    @Test(arguments: [DeadlineSpec.Reference.schedule, .queued, .runStart])
    func aLateRunIsToldOfOnce(_ from: DeadlineSpec.Reference) async throws {
        let world = try SchedulerWorld(late(from))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(60))
        #expect(world.alerts(.deadlineMissed).isEmpty)
        try await world.pass(.seconds(240))
        #expect(world.alerts(.deadlineMissed).count == 1)
        await world.stop()
        world.start()
        try await world.settle()
        try await world.pass(.seconds(60))
        #expect(world.alerts(.deadlineMissed).count == 1)
        let run = try #require(try await world.runs("p").first)
        let misses = try await world.store.events(of: run.id).count { $0.event.name == "deadline_missed" }
        #expect(misses == 1)
        await world.stop()
    }

    @Test func whatIsDoneInTimeIsNotLate() async throws {
        let world = try SchedulerWorld(late(.queued, steps: ["exit"]))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(300))
        #expect(world.alerts(.deadlineMissed).isEmpty)
        await world.stop()
    }

    @Test func aClearedRunIsMeasuredAnew() async throws {
        let world = try SchedulerWorld(late(.queued, steps: ["hold"]))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(180))
        world.launcher.release()
        try await world.settle()
        let run = try #require(try await world.runs("p").first)
        #expect(run.state == .success)
        try await world.ask(.clear(ClearRequest(run: run.id)))
        try await world.pass(.seconds(100))
        #expect(world.alerts(.deadlineMissed).count == 1)
        try await world.pass(.seconds(60))
        #expect(world.alerts(.deadlineMissed).count == 2)
        await world.stop()
    }

    @Test func fewerDeadlinesInANewVersionHarmNobody() async throws {
        let world = try SchedulerWorld(late(.queued))
        world.start()
        try await world.settle()
        world.files.set([pipeline("p", .tenMinutes(catchup: false), steps: ["hold"])])
        try await world.pass(.seconds(300))
        #expect(await world.stop() == nil)
    }

    @Test func aPipelineThatOnlyFailsIsPaused() async throws {
        let policy = PipelinePolicy(maxConsecutiveFailures: 3)
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true), policy: policy, steps: ["fail"]))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(3600))
        #expect(try await world.runs("p").count == 3)
        #expect(world.alerts(.runFailed).count == 3)
        #expect(world.alerts(.pipelinePaused).count == 1)
        #expect(try await world.store.pipelines().first?.pauseNote != nil)
        await world.stop()
    }
}
