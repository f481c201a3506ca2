import Foundation
import MartletCore
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletRuntime

/// What operators ask of a scheduler that runs.
@Suite(.tags(.simulation)) struct RequestTests {
    private let p = PipelineID(trusted: "p")
    private let s0 = InstanceID(StepID(trusted: "s0"))

    private func trigger(_ world: SchedulerWorld, _ pipeline: String = "p") async throws -> RunID {
        let answered = try await world.ask(.trigger(TriggerRequest(pipeline: PipelineID(trusted: pipeline))))
        let id = answered?.answer?["run_id"]?.stringValue
        try await world.settle()
        return RunID(trusted: try #require(id))
    }

    private func state(_ world: SchedulerWorld, _ run: RunID) async throws -> RunState? {
        try await world.store.projection(of: run)?.run.state
    }

    @Test func whatDoesNotFitIsRefusedAndChangesNothing() async throws {
        let number = ParameterSpec(name: PortName(trusted: "n"), type: .integer, defaultValue: 1, maximum: 3)
        let world = try SchedulerWorld(pipeline("p", params: [number]))
        world.start()
        let nobody = RunID(trusted: "p-20260101T000000Z-aaaaaa")
        let backfill = BackfillRequest(pipeline: p, from: newYear, through: newYear)
        let refused: [(OperatorRequest, ErrorCode)] = [
            (.pause(PipelineID(trusted: "x")), .pipelineUnregistered),
            (.trigger(TriggerRequest(pipeline: PipelineID(trusted: "x"))), .pipelineUnregistered),
            (.trigger(TriggerRequest(pipeline: p, params: ["n": 4])), .parameterValueInvalid),
            (.cancel(nobody), .runNotFound), (.clear(ClearRequest(run: nobody)), .runNotFound),
            (.mark(MarkRequest(run: nobody, state: .success)), .runNotFound),
            (.mark(MarkRequest(run: nobody, state: .running)), .requestRefused),
            (.answer(AnswerRequest(run: nobody, step: s0, option: "approve")), .runNotFound),
            (.deletePipeline(p), .pipelineInUse), (.backfill(backfill), .backfillNotPeriodic),
            (.changeBackfill(id: "x", .paused), .requestRefused),
        ]
        for (request, code) in refused {
            #expect(try await world.ask(request)?.error?.code == code, "\(request)")
        }
        #expect(try await world.runs("p").isEmpty)
        await world.stop()
    }

    @Test func aRunIsCancelledWhereverItStands() async throws {
        let world = try SchedulerWorld(
            pipeline("p", policy: PipelinePolicy(maxActiveRuns: 1), steps: ["hold", "exit"])
        )
        world.start()
        let running = try await trigger(world)
        let queued = try await trigger(world)
        #expect(try await world.ask(.cancel(queued))?.answer?["state"] == "cancelled")
        try await world.ask(.cancel(running))
        try await world.settle()
        #expect(try await state(world, running) == .cancelled)
        #expect(try await state(world, queued) == .cancelled)
        #expect(world.launcher.launched.count == 1)
        // The limit is free again.
        let next = try await trigger(world)
        #expect(world.launcher.held == ["\(next)/s0#1"])
        world.launcher.release()
        await world.stop()
    }

    @Test func aRunThatEndedRunsAgainWithTheNewestVersion() async throws {
        let world = try SchedulerWorld(pipeline("p", steps: ["fail"]))
        world.start()
        let run = try await trigger(world)
        #expect(try await state(world, run) == .failed)
        #expect(world.alerts(.runFailed).count == 1)
        world.files.set([pipeline("p", steps: ["exit", "exit"])])
        try await world.pass(.seconds(4), step: .seconds(2))
        let answered = try await world.ask(.clear(ClearRequest(run: run, latestVersion: true)))
        #expect(answered?.answer?["added"] == .array(["s1"]) && answered?.answer?["version"] == 2)
        try await world.settle()
        #expect(try await state(world, run) == .success)
        #expect(world.launcher.launched == ["\(run)/s0#1", "\(run)/s0#2", "\(run)/s1#1"])
        await world.stop()
    }

    @Test func aRunningStepIsClearedAndMarked() async throws {
        let world = try SchedulerWorld(pipeline("p", steps: ["hold", "exit"]))
        world.start()
        let run = try await trigger(world)
        try await world.ask(.clear(ClearRequest(run: run, steps: [s0])))
        try await world.settle()
        #expect(world.launcher.launched == ["\(run)/s0#1", "\(run)/s0#2"])
        try await world.ask(.mark(MarkRequest(run: run, steps: [s0], state: .success)))
        try await world.settle()
        #expect(try await state(world, run) == .success)
        #expect(world.launcher.held.isEmpty)
        #expect(world.launcher.most == 1)
        await world.stop()
    }

    @Test func marksReachTheRunThatWaitsForThePast() async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true), past: .sameStep, steps: ["fail"]))
        world.start()
        try await world.settle()
        try await world.pass(.seconds(600))
        let runs = try await world.runs("p")
        #expect(runs.map(\.state) == [.failed, .running])
        #expect(world.launcher.launched.count == 1)
        try await world.ask(.mark(MarkRequest(run: runs[0].id, steps: [s0], state: .success)))
        try await world.settle()
        #expect(world.launcher.launched.count == 2)
        await world.stop()
    }

    @Test func aQuestionIsAnsweredOnceTheRunWaits() async throws {
        var manifest = pipeline("p")
        manifest.steps[0].action = .approve(ApproveAction(message: "go?", notify: [NotifierID(trusted: "boss")]))
        let world = try SchedulerWorld(manifest)
        world.start()
        let run = try await trigger(world)
        #expect(world.alerts(.approvalNeeded).count == 1)
        // The question outlives the process.
        await world.stop()
        world.start()
        try await world.settle()
        let wrong = try await world.ask(.answer(AnswerRequest(run: run, step: s0, option: "maybe")))
        #expect(wrong?.error != nil)
        try await world.ask(.answer(AnswerRequest(run: run, step: s0, option: "approve")))
        try await world.settle()
        #expect(try await state(world, run) == .success)
        #expect(try await world.store.projection(of: run)?.steps[s0]?.attempts == 1)
        await world.stop()
    }

    @Test func aPipelineIsForgottenOnceNothingOfItRuns() async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true), steps: ["hold"]))
        world.start()
        try await world.settle()
        world.files.set([])
        try await world.pass(.seconds(1200))
        #expect(try await world.runs("p").count == 1)
        #expect(try await world.ask(.trigger(TriggerRequest(pipeline: p)))?.error?.code == .requestRefused)
        #expect(try await world.ask(.deletePipeline(p))?.error?.code == .pipelineInUse)
        world.launcher.release()
        try await world.settle()
        #expect(try await world.runs("p").map(\.state) == [.success])
        #expect(try await world.ask(.deletePipeline(p))?.error == nil)
        #expect(try await world.store.pipelines().isEmpty)
        await world.stop()
    }

    @Test func aRunKeepsItsVersionAndABrokenFileTheLastOne() async throws {
        let world = try SchedulerWorld(pipeline("p", .tenMinutes(catchup: true), steps: ["hold", "exit"]))
        world.start()
        try await world.settle()
        world.files.set([pipeline("p", .tenMinutes(catchup: true), steps: ["exit"])])
        try await world.pass(.seconds(600))
        world.launcher.release()
        try await world.settle()
        world.files.set([], broken: ["p"])
        try await world.pass(.seconds(600))
        let runs = try await world.runs("p")
        #expect(runs.map(\.occasion.version) == [1, 2, 2])
        #expect(runs.allSatisfy { $0.state == .success })
        #expect(try await world.store.projection(of: runs[0].id)?.steps.count == 2)
        await world.stop()
    }

    @Test func requestsAreHandledWithoutAScheduler() async throws {
        let world = try SchedulerWorld(pipeline("p"))
        let client = OperatorClient(
            project: world.store,
            scheduler: world.service(),
            layout: world.layout,
            time: world.time,
            clock: ContinuousClock(),
            by: "tester"
        )
        let answer = try await client.ask(.trigger(TriggerRequest(pipeline: p)))
        #expect(answer["state"] == "queued")
        #expect(try await client.ask(.pause(p))["paused"] == true)
        #expect(try await world.store.pipelines().first?.isPaused == true)
        _ = try await client.ask(.unpause(p))
        let error = await #expect(throws: MartletError.self) { try await client.ask(.pause(PipelineID(trusted: "x"))) }
        #expect(error?.code == .pipelineUnregistered)
        // And with one: it takes what is queued, and answers.
        world.start()
        try await world.settle()
        #expect(try await world.runs("p").map(\.state) == [.success])
        #expect(client.isSchedulerRunning)
        #expect(try await client.ask(.pause(p))["paused"] == true)
        await world.stop()
    }

    @Test func oneProjectHasOneScheduler() async throws {
        let world = try SchedulerWorld(pipeline("p"))
        world.start()
        try await world.settle()
        let error = await #expect(throws: MartletError.self) { try await world.service().run() }
        #expect(error?.code == .schedulerHeld)
        #expect(error?.message.contains("\(getpid())") == true)
        await world.stop()
    }

    @Test func aTriggerIsHandledOnceThoughItsAnswerWasLost() async throws {
        let world = try SchedulerWorld(pipeline("p"))
        let id = try await world.store.submit(.trigger(TriggerRequest(pipeline: p)), by: "tester", at: world.time.now)
        world.start(on: DyingStore(world.store, appends: 0, keepsLast: true))
        try await world.settle()
        #expect(await world.stop()?.code == .diskFull)
        world.start()
        try await world.settle()
        #expect(try await world.runs("p").map(\.state) == [.success])
        #expect(try await world.store.request(id)?.answer?["run_id"] != nil)
        await world.stop()
    }
}
