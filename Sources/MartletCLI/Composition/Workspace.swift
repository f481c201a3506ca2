import Foundation
import Glibc
import MartletCore
import MartletLakeStore
import MartletRuntime
import MartletSQLite
import MartletScheduling

/// Everything that a project's state store keeps.
typealias StateStore = RunStore & SettingsStore & ProjectStore & MetricStore & IncidentStore

/// Listens to a scheduler that only answers requests.
struct SilentScheduler: SchedulerObserver {
    func heard(_ news: SchedulerNews) {}
}

/// The composition root: the one place that picks adapters, by the schemes of URLs in the project file.
struct Workspace {
    let project: ProjectFile
    let layout: ProjectLayout

    /// The workspace of a project that is already loaded.
    init(_ project: ProjectFile) {
        self.project = project
        layout = ProjectLayout(root: project.root)
    }

    /// The project at or above `directory`; a folder without `martlet.yaml` is a project with every default.
    ///
    /// - Throws: ``CommandFailure`` with all that is wrong in the project file.
    init(containing directory: String) throws {
        guard let root = ProjectFile.root(above: directory) else {
            self.init(ProjectFile(root: directory))
            return
        }
        do {
            self.init(try ProjectFile.load(root: root) { PipelineLoader.shown($0, from: directory) })
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Most steps of a run at once, unless the pipeline or the command line says otherwise.
    var defaultSlots: Int { project.maxParallelSteps ?? max(4, 2 * ProcessInfo.processInfo.activeProcessorCount) }

    /// Most steps at once over all runs of `martlet up`, unless the command line says otherwise.
    var defaultTotalSlots: Int { max(32, defaultSlots) }

    /// Whether a scheduler runs for the project, and in which process.
    var schedulerHolder: (isHeld: Bool, pid: Int?) { FileLock.holder("\(layout.state)/up.lock") }

    /// Opens the state store that the project names.
    ///
    /// - Throws: ``MartletError`` MT8006 for a scheme without an adapter, MT8001 and the like when it cannot be opened.
    func openStore() throws(MartletError) -> any StateStore {
        let path = try statePath()
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        return try SQLiteRunStore(path: path)
    }

    /// The state store, if anything has made one yet: for commands that only look.
    ///
    /// - Throws: as ``openStore()``.
    func existingStore() throws(MartletError) -> (any StateStore)? {
        try FileManager.default.fileExists(atPath: statePath()) ? openStore() : nil
    }

    /// The file that the project's URL names.
    private func statePath() throws(MartletError) -> String {
        let url = project.state
        guard let colon = url.firstIndex(of: ":"), url[..<colon] == "sqlite" else { throw unknownScheme(url) }
        let rest = String(url[url.index(after: colon)...])
        return rest.hasPrefix("/") ? rest : "\(layout.root)/\(rest)"
    }

    private func unknownScheme(_ url: String) -> MartletError {
        MartletError(
            .schemeUnknown,
            "no adapter keeps state at \"\(url)\"",
            remedy: "set state: sqlite:PATH in martlet.yaml; other schemes come with later versions"
        )
    }

    /// The service that executes runs of this project.
    ///
    /// - Parameters:
    ///   - store: the project's state.
    ///   - admission: shares slots; by default the run has all slots of the machine for itself, and what pools leave.
    ///   - waits: keeps steps that wait; somebody has to run it.
    ///   - incidents: hears what checks say; by default one that only keeps it.
    ///   - report: told of the metrics that runs leave.
    /// - Returns: the service.
    func runService(
        store: any StateStore,
        admission: Admission = Admission(limits: PlannerLimits(totalSlots: Limits.parallelSteps)),
        waits: WaitService? = nil,
        incidents: IncidentService? = nil,
        metrics report: @escaping MetricService.Report = { _, _ in }
    ) -> RunService {
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: Self.ownExecutable,
                python: project.python,
                pythonCache: layout.pythonCache,
                environment: ProcessInfo.processInfo.environment,
                spark: project.spark
            ),
            settings: settingsResolver(over: store)
        )
        return RunService(
            RunService.Dependencies(
                store: store,
                launcher: launcher,
                time: SystemTime(),
                ids: RandomIDs(),
                clock: ContinuousClock(),
                executor: Executor(host: Self.hostName, pid: Int(getpid())),
                admission: admission,
                waits: waits,
                settings: settingsResolver(over: store),
                data: runData(store: store),
                checks: incidents ?? self.incidents(store: store),
                metrics: MetricService(runs: store, metrics: store, report: report)
            ),
            layout: layout
        )
    }

    /// The data of this project's runs, in the lake of the project.
    private func runData(store: any StateStore) -> RunData {
        RunData(
            lake: LocalRunLake(folder: layout.lake, author: "\(userName)@\(Self.hostName)"),
            results: store,
            time: SystemTime(),
            python: project.python,
            martletVersion: MartletVersion.text,
            settings: settingsResolver(over: store),
            environment: ProcessInfo.processInfo.environment,
            spark: project.spark
        )
    }

    /// The service for a command that executes one run itself: pools count, and steps can wait while `waits` is run.
    func ownRunService(store: any StateStore) async throws(MartletError) -> (runs: RunService, waits: WaitService) {
        let limits = PlannerLimits(totalSlots: Limits.parallelSteps, pools: try await store.pools())
        let waits = waitService(store: store)
        return (runService(store: store, admission: Admission(limits: limits), waits: waits), waits)
    }

    /// The service that keeps waiting steps of this process.
    func waitService(store: any StateStore) -> WaitService {
        let environment = ProcessInfo.processInfo.environment
        let time = SystemTime()
        let martlet = Self.ownExecutable
        return WaitService(
            probe: WaitProbes(
                files: FileProbe(time: time),
                time: TimeProbe(time: time),
                facts: FactsProbe(StoreFacts(runs: store, project: store)),
                http: HTTPProbe(environment: environment),
                sql: SQLProbe { context in
                    ProcessQueryEngine(martlet: martlet, environment: environment, context: context)
                }
            ),
            time: time,
            clock: ContinuousClock()
        )
    }

    /// The scheduler of this project; it works once it is run.
    func scheduler(
        store: any StateStore,
        pipelines: PipelineFolder,
        totalSlots: Int? = nil,
        observer: any SchedulerObserver
    ) -> SchedulerService {
        let total = totalSlots ?? defaultTotalSlots
        let admission = Admission(limits: PlannerLimits(totalSlots: total))
        let waits = waitService(store: store)
        let incidents = incidents(store: store)
        let alerts = NotifierRouter(
            project: project.notifiers,
            layout: layout,
            environment: ProcessInfo.processInfo.environment,
            resolver: settingsResolver(over: store),
            mask: { $0 },
            clock: ContinuousClock(),
            say: { _ in }
        )
        return SchedulerService(
            SchedulerService.Dependencies(
                runs: runService(
                    store: store,
                    admission: admission,
                    waits: waits,
                    incidents: incidents,
                    metrics: AnomalyAlerts(store: store, router: alerts).report
                ),
                store: store,
                project: store,
                settings: store,
                admission: admission,
                waits: waits,
                alerts: alerts,
                incidents: incidents,
                pipelines: pipelines,
                time: SystemTime(),
                clock: ContinuousClock()
            ),
            options: SchedulerService.Options(
                totalSlots: total,
                slotsPerRun: project.maxParallelSteps ?? 16,
                martletVersion: MartletVersion.text
            ),
            layout: layout,
            observer: observer
        )
    }

    /// Asks the scheduler of this project, whether it runs or not.
    func operatorClient(store: any StateStore) -> OperatorClient {
        OperatorClient(
            project: store,
            scheduler: scheduler(store: store, pipelines: PipelineFolder(project), observer: SilentScheduler()),
            layout: layout,
            time: SystemTime(),
            clock: ContinuousClock(),
            by: "\(userName)@\(Self.hostName)"
        )
    }

    /// Who uses this command.
    var userName: String { NSUserName() }

    /// Whether a run that is not over is executed by no process, and does not wait to be.
    func isInterrupted(_ run: RunSummary) -> Bool {
        if run.state.isTerminal { return false }
        // One that a scheduler is to start, or whose steps somebody wants to run again.
        if run.state == .queued, run.occasion.isUnattended || run.executor != nil { return false }
        return !FileLock.holder(RunLayout(layout, run.id).lock).isHeld
    }

    /// The path of the running program.
    static var ownExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
