public import MartletCore
import MartletScheduling
import Synchronization

/// Runs a project's schedules: makes runs when their time has come or datasets are written, executes them, and does
/// what operators ask.
///
/// All it knows follows from the store, so that it can be killed at any instant: runs that were under way are found and
/// go on, and dates that were missed follow the catchup rule. One per project; the lock on `.martlet/up.lock`, which
/// the system takes back when the process ends, sees to that.
public actor SchedulerService {
    /// All that the scheduler needs from outside.
    public struct Dependencies: Sendable {
        /// Makes and executes runs.
        public var runs: RunService
        /// Keeps the logs of runs.
        public var store: any RunStore
        /// Keeps pipelines, backfills, requests and writings of datasets.
        public var project: any ProjectStore
        /// Keeps pools.
        public var settings: any SettingsStore
        /// Shares slots among runs; the same that `runs` has.
        public var admission: Admission
        /// Keeps steps that wait; the same that `runs` has.
        public var waits: WaitService
        /// Tells people.
        public var alerts: NotifierRouter
        /// Keeps incidents, and alerts until they are delivered; nil delivers alerts by `alerts` alone.
        public var incidents: IncidentService?
        /// Reads the project's pipelines.
        public var pipelines: any PipelineReading
        /// Tells the time.
        public var time: any TimeSource
        /// Waits until the next thing is due.
        public var clock: any Clock<Duration>

        /// A set with every dependency.
        public init(
            runs: RunService,
            store: any RunStore,
            project: any ProjectStore,
            settings: any SettingsStore,
            admission: Admission,
            waits: WaitService,
            alerts: NotifierRouter,
            incidents: IncidentService? = nil,
            pipelines: any PipelineReading,
            time: any TimeSource,
            clock: any Clock<Duration>
        ) {
            self.runs = runs
            self.store = store
            self.project = project
            self.settings = settings
            self.admission = admission
            self.waits = waits
            self.alerts = alerts
            self.incidents = incidents
            self.pipelines = pipelines
            self.time = time
            self.clock = clock
        }
    }

    /// How it works.
    public struct Options: Sendable {
        /// Most steps at once, over all runs.
        public var totalSlots: Int
        /// Most steps of one run at once, unless its pipeline says otherwise.
        public var slotsPerRun: Int
        /// The version of Martlet that logs are to name.
        public var martletVersion: String

        /// Options; Airflow's parallelism of 32 is a good value for `totalSlots`.
        public init(totalSlots: Int, slotsPerRun: Int, martletVersion: String) {
            self.totalSlots = totalSlots
            self.slotsPerRun = slotsPerRun
            self.martletVersion = martletVersion
        }
    }

    /// What runs tell the scheduler.
    enum Input: Sendable {
        case executing(RunExecution, isNew: Bool)
        case recorded(RunID, PipelineID, [RecordedEvent])
        case ended(RunID, PipelineID, Result<RunProjection, MartletError>)
        case notCreated(PipelineID, MartletError)
    }

    let dependencies: Dependencies
    let options: Options
    let layout: ProjectLayout
    let observer: any SchedulerObserver

    var entries: [PipelineID: PipelineEntry] = [:]
    var executions: [RunID: RunExecution] = [:]
    /// Runs that are about to be executed.
    var launching: Set<RunID> = []
    /// For a run whose steps wait for the run before, that run.
    var previousRuns: [RunID: RunID] = [:]
    var deadlines = DeadlineWatch()
    var backfills: [String: Backfill] = [:]
    /// The last writing of a dataset that has been handed out to those who wait for it; nil before the first look.
    var datasetCursor: Int?
    /// Whether datasets may have been written since then.
    var datasetsAreDirty = true
    /// When windows of dataset triggers close.
    var datasetAlarms: [PipelineID: Timestamp] = [:]
    private var definitionsStamp = ""
    private var knownLimits: PlannerLimits?
    private var looksAt = Timestamp(microseconds: 0)
    private var alarm: Alarm?
    /// Whether a signal was taken in the middle of a turn.
    private var needsTurn = false

    private let inputs = Mutex<[Input]>([])
    private let hasRequests = Mutex(true)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// The scheduler of the project in `layout`.
    public init(
        _ dependencies: Dependencies,
        options: Options,
        layout: ProjectLayout,
        observer: any SchedulerObserver
    ) {
        self.dependencies = dependencies
        self.options = options
        self.layout = layout
        self.observer = observer
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var now: Timestamp { dependencies.time.now }

    /// Works until the calling task is cancelled; processes of steps are ended then, and go on as new attempts after
    /// the next start.
    ///
    /// - Throws: ``MartletError`` MT2021 when another process runs the schedules of this project, MT8xxx when the store
    ///   cannot be used.
    public func run() async throws(MartletError) {
        let lock = try await SchedulerLock.take(layout, as: .up)
        let listener = try WakeSignal.Listener(layout) { [weak self] in self?.wakeForRequests() }
        let result: Result<Void, MartletError> = await withDiscardingTaskGroup { group in
            group.addTask { await self.dependencies.waits.run() }
            group.addTask { await self.dependencies.alerts.run() }
            if let incidents = self.dependencies.incidents {
                group.addTask {
                    await incidents.run { self.observer.heard(.problem(source: "incidents", errors: [$0])) }
                }
            }
            let result = await self.work(&group)
            group.cancelAll()
            return result
        }
        forgetAlarm()
        withExtendedLifetime((lock, listener)) {}
        try result.get()
    }

    private func work(_ group: inout DiscardingTaskGroup) async -> Result<Void, MartletError> {
        do throws(MartletError) {
            try await readDefinitions()
            try await readPools()
            try await adopt()
            let pipelines = entries.values.map { $0.status() }
            observer.heard(.ready(pipelines: pipelines.sorted { $0.record.pipeline < $1.record.pipeline }))
            signal.yield()
            for await _ in signals { try await turn(&group) }
            observer.heard(.stopping)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Does everything that is due, in an order in which each thing can use what the one before has freed.
    private func turn(_ group: inout DiscardingTaskGroup) async throws(MartletError) {
        try await takeInputs()
        // Before the look at the files, which takes a while where there are many.
        createDueRuns(&group)
        let isTimeToLook = now >= looksAt || now + .seconds(Limits.schedulerLookSeconds) < looksAt
        if isTimeToLook {
            looksAt = now + .seconds(Limits.schedulerLookSeconds)
            try await readDefinitions()
            try await readPools()
        }
        if hasRequests.withLock({ flag in
            defer { flag = false }
            return flag
        }) || isTimeToLook {
            try await answerRequests()
        }
        createDueRuns(&group)
        try await followDatasets()
        try await advanceBackfills()
        try await startQueuedRuns(&group)
        try await tellMissedDeadlines()
        setAlarm()
        if needsTurn { signal.yield() }
        needsTurn = false
    }

    private func takeInputs() async throws(MartletError) {
        let taken = inputs.withLock { inputs in
            defer { inputs = [] }
            return inputs
        }
        for input in taken { try await take(input) }
    }

    /// Waits until runs have something to tell, in the middle of a turn; false when the scheduler stops instead.
    func awaitInputs() async throws(MartletError) -> Bool {
        try await takeInputs()
        for await _ in signals {
            // What else the signal may have been for is done in another turn.
            needsTurn = true
            try await takeInputs()
            return true
        }
        return false
    }

    /// Handles the open requests of a project without a scheduler, and starts nothing.
    ///
    /// - Throws: ``MartletError`` MT2021 when a scheduler runs, which handles them itself.
    public func answerOnce() async throws(MartletError) {
        let lock = try await SchedulerLock.take(layout, as: .request)
        defer { withExtendedLifetime(lock) {} }
        try await readDefinitions()
        // Only a scheduler that runs keeps backfills at hand.
        try await adoptBackfills()
        try await answerRequests()
    }

    nonisolated func wakeForRequests() {
        hasRequests.withLock { $0 = true }
        signal.yield()
        dependencies.incidents?.wake()
    }

    nonisolated func push(_ input: Input) {
        inputs.withLock { $0.append(input) }
        signal.yield()
    }

    /// Wakes at the next instant at which something is due, and now and then in between: the wall clock may be set.
    private func setAlarm() {
        var due = looksAt
        for entry in entries.values where !entry.record.isPaused {
            if let next = entry.nextTick?.runAfter, entry.mayCreate, entry.starting == 0 { due = min(due, next) }
            for run in entry.queued { if let after = run.occasion.runAfter, after > now { due = min(due, after) } }
        }
        if let datasetAlarm = datasetAlarms.values.min() { due = min(due, datasetAlarm) }
        if let next = deadlines.next { due = min(due, next) }
        if let alarm, alarm.due == due, !alarm.hasRung { return }
        forgetAlarm()
        let signal = signal
        alarm = Alarm(due, after: max(.zero, due - now), on: dependencies.clock) { signal.yield() }
    }

    private func forgetAlarm() {
        alarm?.cancel()
        alarm = nil
    }

    private func readDefinitions() async throws(MartletError) {
        let stamp = dependencies.pipelines.stamp
        if stamp == definitionsStamp { return }
        definitionsStamp = stamp
        try await register(dependencies.pipelines.read())
    }

    func readPools() async throws(MartletError) {
        let pools = try await dependencies.settings.pools()
        let limits = PlannerLimits(totalSlots: options.totalSlots, pools: pools)
        if limits == knownLimits { return }
        knownLimits = limits
        dependencies.admission.setLimits(limits)
    }
}
