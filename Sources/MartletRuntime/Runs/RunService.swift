public import MartletCore
public import MartletScheduling

/// Creates, executes and resumes runs.
public struct RunService: Sendable {
    /// All that a run needs from outside.
    public struct Dependencies: Sendable {
        /// Keeps the logs of runs and their manifests.
        public var store: any RunStore
        /// Runs the attempts of steps.
        public var launcher: any StepLauncher
        /// Tells when each event happens.
        public var time: any TimeSource
        /// Makes the last part of new run ids.
        public var ids: any IDGenerator
        /// Waits between retries.
        public var clock: any Clock<Duration>
        /// This process, as logs name it.
        public var executor: Executor
        /// Shares slots among the runs of this process.
        public var admission: Admission
        /// Keeps steps that wait; without it such steps fail.
        public var waits: WaitService?
        /// Finds the variables and connections that waiting steps ask for.
        public var settings: SettingsResolver?
        /// Hears what checks say.
        public var checks: (any CheckListener)?
        /// Keeps the data of runs in a lake; without it datasets stay where steps wrote them.
        public var data: RunData?
        /// Keeps the metrics of runs that end; without it nobody does.
        public var metrics: MetricService?

        /// A set with every dependency; by default the run has all slots for itself, and no step can wait.
        public init(
            store: any RunStore,
            launcher: any StepLauncher,
            time: any TimeSource,
            ids: any IDGenerator,
            clock: any Clock<Duration>,
            executor: Executor,
            admission: Admission = Admission(limits: PlannerLimits(totalSlots: Limits.parallelSteps)),
            waits: WaitService? = nil,
            settings: SettingsResolver? = nil,
            data: RunData? = nil,
            checks: (any CheckListener)? = nil,
            metrics: MetricService? = nil
        ) {
            self.checks = checks
            self.store = store
            self.launcher = launcher
            self.time = time
            self.ids = ids
            self.clock = clock
            self.executor = executor
            self.admission = admission
            self.waits = waits
            self.settings = settings
            self.data = data
            self.metrics = metrics
        }
    }

    /// What to run.
    public struct Request: Sendable {
        /// The pipeline, its defaults resolved.
        public var manifest: PipelineManifest
        /// The user's program, for a pipeline written in Swift.
        public var program: String?
        /// The values given by the user, by name; the rest take their defaults.
        public var params: [String: JSONValue]
        /// Most steps at once, unless the manifest sets its own limit.
        public var slots: Int
        /// The version of Martlet that the log is to name.
        public var martletVersion: String
        /// Why there is the run, and the time it stands for.
        public var occasion: RunOccasion
        /// The manifest's hash, when the store is known to keep it already.
        public var keptHash: String?
        /// Whether steps may use the results of earlier runs.
        public var usesCache: Bool
        /// What the run is to reproduce, if anything.
        public var reproduction: Reproduction?

        /// A request with the pipeline and the values for its parameters.
        public init(
            manifest: PipelineManifest,
            program: String? = nil,
            params: [String: JSONValue] = [:],
            slots: Int,
            martletVersion: String,
            occasion: RunOccasion = RunOccasion(),
            keptHash: String? = nil,
            usesCache: Bool = true,
            reproduction: Reproduction? = nil
        ) {
            self.reproduction = reproduction
            self.usesCache = usesCache
            self.manifest = manifest
            self.program = program
            self.params = params
            self.slots = slots
            self.martletVersion = martletVersion
            self.occasion = occasion
            self.keptHash = keptHash
        }
    }

    private let dependencies: Dependencies
    private let layout: ProjectLayout

    /// A service with `layout` as the place of its runs.
    public init(_ dependencies: Dependencies, layout: ProjectLayout) {
        self.dependencies = dependencies
        self.layout = layout
    }

    /// Records a new run and takes its lock; it does not start yet.
    ///
    /// With `events`, the run is for those writings of datasets.
    ///
    /// - Throws: ``MartletError`` MT1015 for parameters, MT2018 when the pipeline has a run for that logical date,
    /// MT8xxx   when the project cannot be written.
    public func create(
        _ request: Request,
        taking events: [DatasetEvent] = []
    ) async throws(MartletError) -> RunExecution {
        let params = try request.manifest.resolveParameters(request.params)
        let now = dependencies.time.now
        let id = RunID(of: request.manifest.pipeline, at: now, suffix: dependencies.ids.suffix())
        let lock = try takeLock(id)
        let (created, log) = try await record(request, params, events, id, at: now)
        let machine = Self.machine(id, request.manifest, created, log)
        return try execution(machine, log, .start(dependencies.executor), lock)
    }

    /// Records a new run for whoever executes it later; takes no lock.
    ///
    /// - Parameters:
    ///   - request: what to run.
    ///   - events: the writings of datasets that it is for.
    ///   - id: its id; a new one if none is given.
    /// - Returns: its id.
    /// - Throws: ``MartletError`` as ``create(_:taking:)``.
    public func enqueue(
        _ request: Request,
        taking events: [DatasetEvent] = [],
        as id: RunID? = nil
    ) async throws(MartletError) -> RunID {
        let params = try request.manifest.resolveParameters(request.params)
        let now = dependencies.time.now
        let id = id ?? RunID(of: request.manifest.pipeline, at: now, suffix: dependencies.ids.suffix())
        _ = try await record(request, params, events, id, at: now)
        return id
    }

    private func record(
        _ request: Request,
        _ params: [String: JSONValue],
        _ events: [DatasetEvent],
        _ id: RunID,
        at now: Timestamp
    ) async throws(MartletError) -> (RunCreated, [RecordedEvent]) {
        let hash = request.keptHash ?? ManifestHash.of(request.manifest)
        if request.keptHash == nil { try await dependencies.store.keep(manifest: request.manifest, hash: hash) }
        let created = RunCreated(
            pipeline: request.manifest.pipeline,
            manifestHash: hash,
            params: params,
            program: request.program,
            projectRoot: layout.root,
            martletVersion: request.martletVersion,
            slots: request.manifest.maxParallelSteps ?? request.slots,
            occasion: request.occasion,
            usesCache: request.usesCache,
            reproduction: request.reproduction
        )
        var log = [RecordedEvent(sequence: 1, at: now, event: .runCreated(created))]
        if !events.isEmpty { log.append(RecordedEvent(sequence: 2, at: now, event: .datasetsTaken(events))) }
        try await dependencies.store.append(log, to: id, expecting: 0)
        return (created, log)
    }

    /// Takes over a run that was interrupted, or begins one that waits to be started; steps that have ended are not
    /// repeated.
    ///
    /// Processes that its last executor left behind are ended first.
    ///
    /// - Throws: ``MartletError`` MT2011 when there is no such run, MT2012 when it has ended, MT2013 when another
    ///   process executes it.
    public func resume(_ id: RunID) async throws(MartletError) -> RunExecution {
        // Read before the lock is taken: an unknown run must leave no folder behind.
        if try await dependencies.store.events(of: id).isEmpty { throw Self.unknown(id) }
        // Read again under the lock: another process may have gone on with the run until a moment ago.
        let lock = try takeLock(id)
        let (machine, log) = try await load(id)
        if machine.state.isTerminal {
            throw MartletError(
                .runEnded,
                "run \(id) has ended (\(machine.state.rawValue))",
                remedy: "run steps of it again with `martlet runs rerun`, or start a new one with "
                    + "`martlet run \(machine.manifest.pipeline)`"
            )
        }
        if log.count > 1 { OrphanSweep.end(id) }
        let isNew = machine.state == .queued
        let command = isNew ? RunCommand.start(dependencies.executor) : .resume(dependencies.executor)
        return try execution(machine, log, command, lock)
    }

    private func execution(
        _ machine: RunMachine,
        _ log: [RecordedEvent],
        _ command: RunCommand,
        _ lock: FileLock
    ) throws(MartletError) -> RunExecution {
        let steps = machine.firstManifest.steps.map(\.id)
        guard let projection = RunProjection(id: machine.id, log: log, steps: steps) else {
            throw Self.unknown(machine.id)
        }
        return RunExecution(
            machine: machine,
            projection: projection,
            command: command,
            lock: lock,
            layout: layout,
            dependencies: dependencies
        )
    }

    /// Applies a command to a run that nobody executes, and returns the events.
    ///
    /// - Throws: ``MartletError`` MT2011 when there is no such run, MT2013 when a process executes it, MT2023 when the
    ///   command does not fit.
    public func apply(
        to id: RunID,
        _ decide: (RunMachine) throws(MartletError) -> RunCommand
    ) async throws(MartletError) -> [RunEvent] {
        if try await dependencies.store.events(of: id).isEmpty { throw Self.unknown(id) }
        let lock = try takeLock(id)
        defer { withExtendedLifetime(lock) {} }
        var (machine, log) = try await load(id)
        let now = dependencies.time.now
        let command = try decide(machine)
        let events: [RunEvent]
        do throws(TransitionError) {
            events = try machine.handle(command, at: now)
        } catch {
            throw MartletError(.requestRefused, error.description, remedy: "see `martlet runs show \(id)`")
        }
        let recorded = events.enumerated().map { RecordedEvent(sequence: log.count + 1 + $0, at: now, event: $1) }
        if !recorded.isEmpty { try await dependencies.store.append(recorded, to: id, expecting: log.count) }
        return events
    }

    /// A run as its log has left it.
    ///
    /// - Throws: ``MartletError`` MT2011 when there is no such run, MT8007 when a manifest is missing.
    public func load(_ id: RunID) async throws(MartletError) -> (machine: RunMachine, log: [RecordedEvent]) {
        try await RunHistory.load(id, from: dependencies.store)
    }

    static func machine(
        _ id: RunID,
        _ manifest: PipelineManifest,
        _ created: RunCreated,
        _ log: [RecordedEvent],
        _ manifests: [String: PipelineManifest] = [:]
    ) -> RunMachine {
        var machine = RunMachine(id: id, manifest: manifest, created: created, manifests: manifests)
        for recorded in log { machine.evolve(recorded.event, at: recorded.at) }
        return machine
    }

    static func unknown(_ id: RunID) -> MartletError {
        MartletError(.runNotFound, "there is no run \(id)", remedy: "see `martlet runs list`")
    }

    private func takeLock(_ id: RunID) throws(MartletError) -> FileLock {
        let folder = RunLayout(layout, id)
        try FileSystem.makeFolder(folder.root)
        if let lock = try FileLock.take(folder.lock) { return lock }
        let pid = FileLock.holder(folder.lock).pid.map { " \($0)" } ?? ""
        throw MartletError(
            .runHeld,
            "run \(id) is being executed by process\(pid)",
            remedy: "follow it with `martlet runs show \(id)`, or stop that process first"
        )
    }
}
