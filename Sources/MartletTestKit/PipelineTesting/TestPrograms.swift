import Foundation
import MartletCore
import MartletRuntime
import MartletScheduling

/// Finds what a pipeline under test needs from outside.
enum TestPrograms {
    /// The path of a product of the package that is tested: programs are built beside the tests.
    static func path(ofProduct name: String) -> String { name.contains("/") ? name : "\(folder)/\(name)" }

    /// Where the running tests are.
    private static var folder: String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (tests as NSString).deletingLastPathComponent
    }

    /// `martlet`, for SQL steps and Parquet files: `$MARTLET`, then the folders of `PATH`, then beside the tests.
    private static var martlet: String {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["MARTLET"], !named.isEmpty { return named }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + [folder]
        let candidates = folders.map { "\($0)/martlet" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "martlet"
    }

    /// What a run needs, its store in memory.
    static func dependencies(
        _ setup: TestSetup,
        store: any RunStore,
        project: String,
        scratch: String
    ) -> RunService.Dependencies {
        let vault = SettingsVault(
            store: InMemorySettingsStore(),
            keys: SecretKeySource(environment: [:], projectFile: "\(scratch)/secret.key")
        )
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: martlet,
                python: ProcessInfo.processInfo.environment["MARTLET_PYTHON"] ?? "python3",
                pythonCache: ProjectLayout(root: project).pythonCache,
                environment: ProcessInfo.processInfo.environment
            ),
            settings: SettingsResolver(environment: SettingsEnvironment(setup.settings.environment), vault: vault)
        )
        return RunService.Dependencies(
            store: store,
            launcher: launcher,
            time: SystemTime(),
            ids: RandomIDs(),
            clock: ContinuousClock(),
            executor: Executor(host: "test", pid: Int(ProcessInfo.processInfo.processIdentifier))
        )
    }

    /// Reads datasets that a run wrote.
    static func tables(_ run: RunSummary, project: String, scratch: String) -> TableFile {
        let context = StepContextDocument(
            runID: run.id,
            pipeline: run.pipeline,
            step: StepID(trusted: "compare"),
            attempt: 1,
            startedAt: run.createdAt,
            project: project,
            workDirectory: "\(scratch)/tables"
        )
        let environment = ProcessInfo.processInfo.environment
        let engine = ProcessQueryEngine(martlet: martlet, environment: environment, context: context)
        return TableFile(engine: engine, scratch: "\(scratch)/tables")
    }

    /// The manifest with the text of its SQL files, as a run needs it.
    static func withScripts(_ manifest: PipelineManifest, project: String) throws(MartletError) -> PipelineManifest {
        var manifest = manifest
        for index in manifest.steps.indices {
            guard case .sql(var action) = manifest.steps[index].action, let file = action.file, action.text == nil
            else { continue }
            let path = file.hasPrefix("/") ? file : "\(project)/\(file)"
            guard let text = FileManager.default.contents(atPath: path) else {
                throw MartletError(
                    .fileUnreadable,
                    "there is no SQL file \(file)",
                    reason: "paths start from \(project)",
                    remedy: "name the project's folder: PipelineTest(..., project: \"...\")"
                )
            }
            action.text = String(decoding: text, as: UTF8.self)
            manifest.steps[index].action = .sql(action)
        }
        return manifest
    }
}

/// A folder that goes away with the last one who needs it.
final class TestScratch: Sendable {
    let path: String

    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be made.
    init() throws(MartletError) {
        path = NSTemporaryDirectory() + "martlet-test-\(RandomIDs().suffix())"
        try FileSystem.makeFolder(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
