import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletSQLite
import MartletScheduling

extension Workspace {
    /// What a test's run needs from outside: its own store and settings in `scratch`, and the project's programs.
    ///
    /// Virtual environments are the project's, because making them takes minutes and they hold nothing of a run.
    func testDependencies(
        _ setup: TestSetup,
        store: any RunStore & SettingsStore,
        scratch: String
    ) -> RunService.Dependencies {
        let own = ProcessInfo.processInfo.environment
        let settings = SettingsResolver(
            environment: SettingsEnvironment(setup.settings.environment),
            vault: SettingsVault(
                store: store,
                keys: SecretKeySource(environment: [:], projectFile: "\(scratch)/.martlet/secret.key")
            )
        )
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: Self.ownExecutable,
                python: project.python,
                pythonCache: layout.pythonCache,
                environment: own,
                spark: project.spark
            ),
            settings: settings
        )
        return RunService.Dependencies(
            store: store,
            launcher: launcher,
            time: SystemTime(),
            ids: RandomIDs(),
            clock: ContinuousClock(),
            executor: Executor(host: Self.hostName, pid: Int(getpid()))
        )
    }

    /// A store for one test, in `scratch`.
    func testStore(in scratch: String) throws(MartletError) -> any RunStore & SettingsStore {
        try FileSystem.makeFolder("\(scratch)/.martlet")
        return try SQLiteRunStore(path: ProjectLayout(root: scratch).database)
    }

    /// Reads the datasets that a test compares.
    func testTables(_ run: RunSummary, scratch: String) -> TableFile {
        let context = StepContextDocument(
            runID: run.id,
            pipeline: run.pipeline,
            step: StepID(trusted: "compare"),
            attempt: 1,
            startedAt: run.createdAt,
            project: layout.root,
            workDirectory: "\(scratch)/tables"
        )
        let engine = ProcessQueryEngine(
            martlet: Self.ownExecutable,
            environment: ProcessInfo.processInfo.environment,
            context: context
        )
        return TableFile(engine: engine, scratch: "\(scratch)/tables")
    }
}
