import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Runs that follow from writings of datasets, each of which is taken exactly once.
@Suite(.tags(.simulation)) struct DatasetRunTests {
    private func consumer(
        _ policy: DatasetPolicy?,
        _ condition: DatasetCondition = "d",
        hold: Bool = false
    ) -> PipelineManifest {
        pipeline("c", ScheduleSpec(datasets: condition, datasetPolicy: policy), steps: [hold ? "hold" : "exit"])
    }

    private func write(_ world: SchedulerWorld, _ dataset: String = "d") async throws {
        try await world.ask(.datasetWritten(dataset: DatasetID(trusted: dataset), partition: nil))
    }

    /// What the consumer's runs have taken, by positions.
    private func taken(_ world: SchedulerWorld) async throws -> [[Int]] {
        var all: [[Int]] = []
        for run in try await world.runs("c") {
            let events = try await world.store.events(of: run.id).flatMap { entry -> [DatasetEvent] in
                if case .datasetsTaken(let events) = entry.event { events } else { [] }
            }
            all.append(events.map(\.position))
        }
        return all
    }

    @Test func aStepsWritingStartsAnotherPipeline() async throws {
        let world = try SchedulerWorld(consumer(nil), pipeline("p", .tenMinutes(catchup: true), writes: "d"))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(600))
        #expect(try await taken(world) == [[1], [2]])
        #expect(try await world.runs("c").allSatisfy { $0.state == .success })
        await world.stop()
    }

    @Test func collapsedRunsTakeAllThatWasWrittenMeanwhile() async throws {
        let world = try SchedulerWorld(
            pipeline(
                "c",
                ScheduleSpec(datasets: "d"),
                policy: PipelinePolicy(maxActiveRuns: 1),
                steps: ["hold"]
            )
        )
        world.start()
        try await world.settle()
        for _ in 0..<4 {
            try await write(world)
            try await world.settle()
        }
        #expect(try await taken(world) == [[1], []])
        // What waits is neither lost nor made twice by a restart, and neither is what came in the meantime.
        await world.stop()
        _ = try await world.store.addDatasetEvent(DatasetID(trusted: "d"), partition: nil, at: world.time.now)
        world.start()
        try await world.settle()
        #expect(try await taken(world) == [[1], []])
        for _ in 0..<3 {
            world.launcher.release()
            try await world.settle()
        }
        #expect(try await taken(world) == [[1], [2, 3, 4, 5]])
        await world.stop()
    }

    @Test func whatIsWrittenWhileARunIsCarriedOverStartsTheNext() async throws {
        let world = try SchedulerWorld(consumer(nil, hold: true))
        world.start()
        try await write(world)
        try await world.settle()
        await world.stop()
        _ = try await world.store.addDatasetEvent(DatasetID(trusted: "d"), partition: nil, at: world.time.now)
        world.start()
        try await world.settle()
        #expect(try await taken(world) == [[1], [2]])
        await world.stop()
    }

    @Test func windowsCloseOnTheClock() async throws {
        let world = try SchedulerWorld(consumer(.window(DatasetWindow(durationSeconds: 300)), .all(["d", "e"])))
        world.start()
        try await write(world, "d")
        try await write(world, "e")
        try await world.pass(.seconds(240))
        #expect(try await taken(world).isEmpty)
        await world.stop()
        world.clock.advance(by: .seconds(120))
        world.start()
        try await world.settle()
        #expect(try await taken(world) == [[1, 2]])
        await world.stop()
    }

    @Test(arguments: [DatasetPolicy.each, .collapse]) func aKillLosesAndRepeatsNoWriting(
        _ policy: DatasetPolicy
    ) async throws {
        var appends = 0
        while true {
            let world = try SchedulerWorld(consumer(policy))
            let dying = DyingStore(world.store, appends: appends, keepsLast: appends % 2 == 0)
            world.start(on: dying)
            for _ in 0..<3 where !world.news.hasEnded {
                try await write(world)
                try await world.settle()
            }
            let hasDied = dying.isDead
            await world.stop()
            world.start()
            try await world.settle()
            let written = try await world.store.datasetEvents(after: 0, limit: 100).map(\.position)
            let found = try await taken(world)
            // Runs of one second have no order of their own.
            #expect(found.flatMap(\.self).sorted() == written, "after \(appends) appends: \(found)")
            if policy == .each { #expect(found.allSatisfy { $0.count == 1 }) }
            #expect(try await world.runs("c").allSatisfy { $0.state == .success })
            await world.stop()
            if !hasDied { break }
            appends += 1
        }
        #expect(appends > 5)
    }

    @Test func aRunThatIsGivenUpTakesItsWritingsWithIt() async throws {
        let world = try SchedulerWorld(
            pipeline("c", ScheduleSpec(datasets: "d"), policy: PipelinePolicy(maxActiveRuns: 1), steps: ["hold"])
        )
        world.start()
        for _ in 0..<2 {
            try await write(world)
            try await world.settle()
        }
        let waiting = try #require(try await world.runs("c").last)
        try await world.ask(.cancel(waiting.id))
        world.launcher.release()
        try await world.settle()
        await world.stop()
        world.start()
        try await world.settle()
        #expect(try await taken(world) == [[1], [2]])
        await world.stop()
    }

    @Test func aPipelineThatCannotStartHarmsNoOther() async throws {
        let needed = ParameterSpec(name: PortName(trusted: "n"), type: .integer)
        var broken = consumer(.each)
        broken.params = [needed]
        let world = try SchedulerWorld(broken, pipeline("p", .tenMinutes(catchup: true)))
        world.start()
        try await write(world)
        try await world.pass(.seconds(600))
        #expect(try await world.runs("c").isEmpty)
        #expect(try await world.runs("p").count == 2)
        #expect(await world.stop() == nil)
    }
}
