import Foundation
import MartletCore
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletRuntime

/// The service with a fake launcher, a fake store and a clock that stands still.
@Suite(.tags(.simulation)) struct RunServiceTests {
    let scratch: Scratch
    let store = InMemoryRunStore()
    let clock = ManualClock()

    init() throws { scratch = try Scratch() }

    private func service(_ launcher: any StepLauncher) -> RunService {
        RunService(
            RunService.Dependencies(
                store: store,
                launcher: launcher,
                time: clock.wallTime,
                ids: SeededIDs(seed: 1),
                clock: clock,
                executor: Executor(host: "test", pid: 1)
            ),
            layout: ProjectLayout(root: scratch.path)
        )
    }

    private func request(_ steps: [StepManifest], params: [ParameterSpec] = []) -> RunService.Request {
        RunService.Request(
            manifest: PipelineManifest(pipeline: PipelineID(trusted: "p"), params: params, steps: steps),
            slots: 4,
            martletVersion: "test"
        )
    }

    private func step(_ id: String, after: [String] = [], retries: Int = 0) -> StepManifest {
        StepManifest(
            id: StepID(trusted: id),
            action: .command(CommandAction(arguments: ["/bin/sh", "-c", "exit 0"])),
            after: after.map { StepID(trusted: $0) },
            retry: RetryPolicy(retries: retries, delaySeconds: 60)
        )
    }

    @Test func aRunIsExecutedAndRecorded() async throws {
        let launcher = FakeLauncher()
        let execution = try await service(launcher).create(request([step("a"), step("b", after: ["a"])]))
        let end = try await execution.run(NoObserver())
        #expect(end.run.state == .success)
        #expect(launcher.launched == ["a#1", "b#1"])
        let log = try await store.events(of: execution.id)
        #expect(log.map(\.sequence) == Array(1...log.count))
        #expect(log.first?.event.name == "run_created" && log.last?.event.name == "run_finished")
    }

    @Test func aRetryWaitsOnTheClock() async throws {
        let launcher = FakeLauncher(["a": [AttemptOutcome(.failed)]])
        let execution = try await service(launcher).create(request([step("a", retries: 1)]))
        async let end = execution.run(NoObserver())
        await clock.untilAsleep(1)
        #expect(launcher.launched == ["a#1"])
        clock.advance(by: .seconds(60))
        #expect(try await end.run.state == .success)
        #expect(launcher.launched == ["a#1", "a#2"])
    }

    @Test func cancellingWhileARetryWaitsEndsTheRun() async throws {
        let launcher = FakeLauncher(["a": [AttemptOutcome(.failed)]])
        let execution = try await service(launcher).create(request([step("a", retries: 1)]))
        async let end = execution.run(NoObserver())
        await clock.untilAsleep(1)
        execution.cancel(reason: "enough")
        #expect(try await end.run.state == .cancelled)
    }

    @Test func aRunIsExecutedByOneProcessOnly() async throws {
        let first = try await service(FakeLauncher()).create(request([step("a")]))
        let error = await #expect(throws: MartletError.self) { try await service(FakeLauncher()).resume(first.id) }
        #expect(error?.code == .runHeld)
        withExtendedLifetime(first) {}
    }

    @Test func aRunThatWasNeverStartedCanBeResumed() async throws {
        let id = try await service(FakeLauncher()).create(request([step("a")])).id
        let end = try await service(FakeLauncher()).resume(id).run(NoObserver())
        #expect(end.run.state == .success)
        let error = await #expect(throws: MartletError.self) { try await service(FakeLauncher()).resume(id) }
        #expect(error?.code == .runEnded)
    }

    @Test func parametersAreCheckedBeforeAnythingIsWritten() async throws {
        let limit = ParameterSpec(name: PortName(trusted: "n"), type: .integer, defaultValue: 1, minimum: 1, maximum: 3)
        var wrong = request([step("a")], params: [limit])
        for params in [["n": 4], ["m": 1], ["n": "x"]] as [[String: JSONValue]] {
            wrong.params = params
            let error = await #expect(throws: MartletError.self) { try await service(FakeLauncher()).create(wrong) }
            #expect(error?.code == .parameterValueInvalid)
        }
        #expect(try await store.runs(RunFilter()).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/.martlet"))
    }

    @Test func aStoreThatFailsEndsTheRunsSteps() async throws {
        let id = try await runUntilTheDiskIsFull()
        let end = try await service(FakeLauncher()).resume(id).run(NoObserver())
        #expect(end.run.state == .success)
        #expect(end.steps[InstanceID(StepID(trusted: "a"))]?.attempts == 2)
    }

    private func runUntilTheDiskIsFull() async throws -> RunID {
        let dependencies = RunService.Dependencies(
            store: FailingStore(store, appends: 2),
            launcher: FakeLauncher(),
            time: clock.wallTime,
            ids: SeededIDs(seed: 1),
            clock: clock,
            executor: Executor(host: "test", pid: 1)
        )
        let layout = ProjectLayout(root: scratch.path)
        let execution = try await RunService(dependencies, layout: layout).create(request([step("a")]))
        let error = await #expect(throws: MartletError.self) { try await execution.run(NoObserver()) }
        #expect(error?.code == .diskFull)
        return execution.id
    }
}

/// A store whose disk is full after so many appends.
struct FailingStore: RunStore {
    private let inner: InMemoryRunStore
    private let left: Counter

    init(_ inner: InMemoryRunStore, appends: Int) {
        self.inner = inner
        left = Counter(appends)
    }

    func keep(manifest: PipelineManifest, hash: String) async throws(MartletError) {
        try await inner.keep(manifest: manifest, hash: hash)
    }
    func manifest(hash: String) async throws(MartletError) -> PipelineManifest? { try await inner.manifest(hash: hash) }
    func append(_ events: [RecordedEvent], to run: RunID, expecting expected: Int) async throws(MartletError) {
        guard left.take() else { throw MartletError(.diskFull, "the disk is full") }
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
