import MartletCore
import MartletScheduling
import MartletTestKit
import OrderedCollections
import Synchronization

@testable import MartletRuntime

/// A project without a disk or processes, whose scheduler a test starts, stops and kills.
final class SchedulerWorld {
    let scratch: Scratch
    let store = InMemoryRunStore()
    let settings = InMemorySettingsStore()
    let clock = ManualClock()
    let time: ShiftedTime
    let files = FakePipelines()
    let launcher = HeldLauncher()
    let notifier = FakeNotifier()
    let news = NewsBox()
    let ids = SeededIDs(seed: 7)
    private var running: (service: SchedulerService, task: Task<MartletError?, Never>)?

    init(_ pipelines: PipelineManifest...) throws {
        scratch = try Scratch()
        time = ShiftedTime(clock.wallTime)
        files.set(pipelines)
    }

    var layout: ProjectLayout { ProjectLayout(root: scratch.path) }

    /// A scheduler of the project that does not run yet.
    func service(
        on runs: (any RunStore)? = nil,
        project: (any ProjectStore)? = nil,
        totalSlots: Int = 32
    ) -> SchedulerService {
        let runs = runs ?? store
        let admission = Admission(limits: PlannerLimits(totalSlots: totalSlots))
        let waits = WaitService(probe: FakeWaitProbe(), time: time, clock: clock)
        let dependencies = RunService.Dependencies(
            store: runs,
            launcher: launcher,
            time: time,
            ids: ids,
            clock: clock,
            executor: Executor(host: "test", pid: 1),
            admission: admission,
            waits: waits
        )
        return SchedulerService(
            SchedulerService.Dependencies(
                runs: RunService(dependencies, layout: layout),
                store: runs,
                project: project ?? store,
                settings: settings,
                admission: admission,
                waits: waits,
                alerts: NotifierRouter([:], log: notifier, mask: { $0 }, clock: clock),
                pipelines: files,
                time: time,
                clock: clock
            ),
            options: SchedulerService.Options(totalSlots: totalSlots, slotsPerRun: 16, martletVersion: "test"),
            layout: layout,
            observer: news
        )
    }

    func start(on runs: (any RunStore)? = nil, project: (any ProjectStore)? = nil, totalSlots: Int = 32) {
        let service = service(on: runs, project: project, totalSlots: totalSlots)
        let news = news
        running = (
            service,
            Task {
                do throws(MartletError) {
                    try await service.run()
                    news.end()
                    return nil
                } catch {
                    news.end()
                    return error
                }
            }
        )
        news.begin()
    }

    /// Ends the scheduler as SIGTERM would; returns what it ended with.
    @discardableResult func stop() async -> MartletError? {
        running?.task.cancel()
        let error = await running?.task.value
        running = nil
        return error
    }

    /// Waits until the scheduler has come to rest at the present time.
    func settle() async throws {
        var (count, quiet) = (-1, 0)
        while quiet < 4, !news.hasEnded {
            try await ask(.settingsChanged)
            let next = news.count
            quiet = next == count ? quiet + 1 : 0
            if quiet > 0, try await isBusy() { quiet = 0 }
            count = next
        }
    }

    /// Whether something is under way that ends by itself.
    private func isBusy() async throws -> Bool {
        guard let service = running?.service else { return false }
        if await service.isStartingRuns { return true }
        let held = Set(launcher.held)
        for run in await service.executions.keys {
            guard let projection = try await store.projection(of: run), projection.run.state == .running else {
                return true
            }
            let isWorking = projection.steps.values.contains { step in
                step.state == .running && !held.contains("\(run)/\(step.id.step)#\(step.attempts)")
            }
            if isWorking { return true }
        }
        return false
    }

    /// Moves time on step by step, as far as `duration`.
    func pass(_ duration: Duration, step: Duration = .seconds(60)) async throws {
        var left = duration
        while left > .zero, !news.hasEnded {
            let next = min(left, step)
            clock.advance(by: next)
            left -= next
            try await settle()
        }
    }

    /// Asks the running scheduler; nil when it has ended instead.
    @discardableResult func ask(_ request: OperatorRequest) async throws -> RecordedRequest? {
        let id = try await store.submit(request, by: "tester", at: time.now)
        running?.service.wakeForRequests()
        await news.until { $0.contains { if case .answered(let answered) = $0 { answered.id == id } else { false } } }
        return try await store.request(id)
    }

    func runs(_ pipeline: String) async throws -> [RunSummary] {
        try await store.runs(RunFilter(pipeline: PipelineID(trusted: pipeline), limit: .max)).reversed()
    }

    /// The hours and minutes of the runs' dates, oldest first.
    func dates(_ pipeline: String) async throws -> [String] {
        try await runs(pipeline).compactMap(\.occasion.logicalDate).sorted()
            .map { String($0.description.dropFirst(5).prefix(11)) }
    }

    func alerts(_ kind: Alert.Kind) -> [Alert] {
        news.all.compactMap { if case .alert(let alert) = $0, alert.kind == kind { alert } else { nil } }
    }
}

/// The time of a clock, which a test can set.
final class ShiftedTime: TimeSource {
    private let inner: ManualTime
    private let shift = Mutex(Duration.zero)

    init(_ inner: ManualTime) { self.inner = inner }

    var now: Timestamp { inner.now + shift.withLock { $0 } }

    func jump(by duration: Duration) { shift.withLock { $0 += duration } }
}

/// Pipelines without files.
final class FakePipelines: PipelineReading {
    private let state = Mutex((version: 0, definitions: PipelineDefinitions()))

    func set(_ pipelines: [PipelineManifest], broken: [String] = []) {
        let all = pipelines.map {
            PipelineDefinitions.Definition(manifest: $0, source: "pipelines/\($0.pipeline).yaml")
        }
        let problems = broken.map {
            PipelineDefinitions.Problem(
                source: "pipelines/\($0).yaml",
                errors: [MartletError(.requestRefused, "it cannot be read")]
            )
        }
        state.withLock { $0 = ($0.version + 1, PipelineDefinitions(pipelines: all, problems: problems)) }
    }

    func read() -> PipelineDefinitions { state.withLock { $0.definitions } }
    var stamp: String { state.withLock { "\($0.version)" } }
}

/// Attempts that a test ends: those of `hold` wait for it, those of `exit N` end by themselves.
final class HeldLauncher: StepLauncher {
    private struct State {
        var held: [String: CheckedContinuation<AttemptOutcome, Never>] = [:]
        var ended: Set<String> = []
        var launched: [String] = []
        var atOnce: [StepID: Int] = [:]
        var most = 0
    }

    private let state = Mutex(State())

    /// What was launched, as `run/step#attempt`.
    var launched: [String] { state.withLock { $0.launched } }
    /// What waits to be ended.
    var held: [String] { state.withLock { $0.held.keys.sorted() } }
    /// Most attempts at once.
    var most: Int { state.withLock { $0.most } }

    /// Ends everything that waits.
    func release(_ outcome: AttemptOutcome = AttemptOutcome(.success)) {
        let all = state.withLock { state in
            defer { state.held = [:] }
            return state.held.values.map { $0 }
        }
        for continuation in all { continuation.resume(returning: outcome) }
    }

    func launch(
        _ launch: AttemptLaunch,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome {
        let name = "\(launch.context.runID)/\(launch.step.id)#\(launch.context.attempt)"
        state.withLock { state in
            state.launched.append(name)
            state.atOnce[launch.step.id, default: 0] += 1
            state.most = max(state.most, state.atOnce.values.reduce(0, +))
        }
        defer { state.withLock { $0.atOnce[launch.step.id, default: 0] -= 1 } }
        guard case .command(let action) = launch.step.action, let word = action.arguments?.first else {
            return AttemptOutcome(.success)
        }
        if word == "hold" { return await hold(name) }
        if word != "exit" { return AttemptOutcome(.failed, error: MartletError(.exitCode, "failed")) }
        let outputs = launch.step.outputs.map { output in
            DatasetOutput(name: output.name, dataset: output.dataset, path: "/nowhere", format: nil, bytes: 1)
        }
        return AttemptOutcome(.success, outputs: outputs)
    }

    private func hold(_ name: String) async -> AttemptOutcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.ended.contains(name) { return true }
                    state.held[name] = continuation
                    return false
                }
                if isCancelled { continuation.resume(returning: AttemptOutcome(.cancelled)) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.ended.insert(name)
                return state.held.removeValue(forKey: name)
            }
            continuation?.resume(returning: AttemptOutcome(.cancelled))
        }
    }
}

/// All news, and a way to wait for some of them.
final class NewsBox: SchedulerObserver {
    private struct State {
        var all: [SchedulerNews] = []
        var hasEnded = false
        var waiting: [(fits: @Sendable ([SchedulerNews]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var all: [SchedulerNews] { state.withLock { $0.all } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    /// How many news there are beside answers.
    var count: Int { all.count { if case .answered = $0 { false } else { true } } }

    func begin() { state.withLock { $0.hasEnded = false } }

    func end() { change { $0.hasEnded = true } }

    func heard(_ news: SchedulerNews) { change { $0.all.append(news) } }

    /// Waits until `fits` holds for the news so far, or the scheduler has ended.
    func until(_ fits: @escaping @Sendable ([SchedulerNews]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.hasEnded || fits(state.all) { return true }
                state.waiting.append((fits, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            let ready = state.waiting.filter { state.hasEnded || $0.fits(state.all) }
            state.waiting.removeAll { state.hasEnded || $0.fits(state.all) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}

/// A pipeline with these steps; each is a word: `exit` succeeds, `hold` waits for the test, all else fails.
func pipeline(
    _ name: String,
    _ schedule: ScheduleSpec? = nil,
    policy: PipelinePolicy = PipelinePolicy(),
    past: PastRule = .ignored,
    params: [ParameterSpec] = [],
    writes: String? = nil,
    steps: [String] = ["exit"]
) -> PipelineManifest {
    PipelineManifest(
        pipeline: PipelineID(trusted: name),
        schedule: schedule,
        params: params,
        policy: policy,
        steps: steps.enumerated().map { index, word in
            StepManifest(
                id: StepID(trusted: "s\(index)"),
                action: .command(CommandAction(arguments: [word])),
                outputs: index == 0
                    ? (writes.map { [OutputSpec(name: PortName(trusted: "out"), dataset: DatasetID(trusted: $0))] }
                        ?? [])
                    : [],
                after: index == 0 ? [] : [StepID(trusted: "s\(index - 1)")],
                past: past
            )
        }
    )
}

extension ScheduleSpec {
    /// Every ten minutes from the first instant of 2026.
    static func tenMinutes(catchup: Bool) -> ScheduleSpec {
        ScheduleSpec(rule: .cron(["*/10 * * * *"]), start: newYear, catchup: catchup)
    }
}

extension SchedulerService {
    /// Whether runs are about to be made, or to be executed.
    fileprivate var isStartingRuns: Bool { !launching.isEmpty || entries.values.contains { $0.starting > 0 } }
}
