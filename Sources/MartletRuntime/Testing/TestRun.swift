public import MartletCore
public import MartletScheduling
import Synchronization

/// Runs a pipeline for a test: really, but for its stubs, and with its state in a folder of its own.
public struct TestRun: Sendable {
    /// What is run, and where.
    public struct Configuration: Sendable {
        /// The pipeline; sound.
        public var manifest: PipelineManifest
        /// The user's program, for a pipeline written in Swift; absolute.
        public var program: String?
        /// The project's folder, from which scripts and sources are read; absolute.
        public var project: String
        /// The folder that takes everything the run writes; absolute.
        public var scratch: String
        /// Most steps at once, unless the pipeline sets its own limit.
        public var slots: Int
        /// Longest duration; then the run is cancelled.
        public var timeout: Duration
        /// The version of Martlet that the log is to name.
        public var martletVersion: String

        /// A run of `manifest` of at most ten minutes.
        public init(
            manifest: PipelineManifest,
            program: String? = nil,
            project: String,
            scratch: String,
            slots: Int = 4,
            timeout: Duration = .seconds(Limits.testSeconds),
            martletVersion: String = "test"
        ) {
            self.manifest = manifest
            self.program = program
            self.project = project
            self.scratch = scratch
            self.slots = slots
            self.timeout = timeout
            self.martletVersion = martletVersion
        }
    }

    private let configuration: Configuration
    private let dependencies: RunService.Dependencies

    /// A run with the launcher of `dependencies` for the steps without a stub.
    public init(_ configuration: Configuration, _ dependencies: RunService.Dependencies) {
        self.configuration = configuration
        self.dependencies = dependencies
    }

    /// Runs the pipeline to its end.
    ///
    /// - Parameters:
    ///   - setup: what the test gives the pipeline; it fits, see `TestPlan.problems(in:for:)`.
    ///   - started: called with the run before it begins, for whoever may want to cancel it.
    /// - Returns: what became of the run.
    /// - Throws: ``MartletError`` MT1001 for a fixture without a file, MT1015 for parameters, MT8xxx for the disk.
    public func run(
        _ setup: TestSetup,
        started: (RunExecution) -> Void = { _ in }
    ) async throws(MartletError) -> TestRunResult {
        let setup = setup.answered(for: configuration.manifest)
        let shelf = try FixtureShelf(setup, for: configuration.manifest, in: "\(configuration.scratch)/fixtures")
        let launcher = StubLauncher(dependencies.launcher, setup, shelf)
        var dependencies = dependencies
        dependencies.launcher = launcher
        let layout = ProjectLayout(root: configuration.project, state: "\(configuration.scratch)/.martlet")
        let execution = try await RunService(dependencies, layout: layout).create(
            RunService.Request(
                manifest: TestPlan.manifest(configuration.manifest, setup, placed: shelf.datasets),
                program: configuration.program,
                params: setup.params,
                slots: configuration.slots,
                martletVersion: configuration.martletVersion,
                occasion: setup.occasion
            )
        )
        started(execution)
        let watch = TestWatch(execution, configuration.timeout, dependencies.clock)
        let projection = try await watch.run()
        return TestRunResult(
            projection: projection,
            events: try await dependencies.store.events(of: execution.id),
            launches: launcher.launches,
            folder: RunLayout(layout, execution.id).root,
            isTimedOut: watch.isOver,
            settings: setup.settings
        )
    }
}

/// Ends a run whose time is over.
private final class TestWatch: Sendable {
    private let execution: RunExecution
    private let timeout: Duration
    private let clock: any Clock<Duration>
    private let over = Atomic(false)

    init(_ execution: RunExecution, _ timeout: Duration, _ clock: any Clock<Duration>) {
        self.execution = execution
        self.timeout = timeout
        self.clock = clock
    }

    var isOver: Bool { over.load(ordering: .sequentiallyConsistent) }

    func run() async throws(MartletError) -> RunProjection {
        let alarm = Task { await ring() }
        defer { alarm.cancel() }
        return try await execution.run(NoObserver())
    }

    private func ring() async {
        do {
            try await clock.sleep(for: timeout)
        } catch {
            return
        }
        over.store(true, ordering: .sequentiallyConsistent)
        execution.cancel(reason: "the test ran longer than \(timeout.shortText)")
    }
}
