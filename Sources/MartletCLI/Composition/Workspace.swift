import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletSQLite

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

    /// Opens the state store that the project names.
    ///
    /// - Throws: ``MartletError`` MT8006 for a scheme without an adapter, MT8001 and the like when it cannot be opened.
    func openStore() throws(MartletError) -> any RunStore {
        let url = project.state
        guard let colon = url.firstIndex(of: ":") else { throw unknownScheme(url) }
        let rest = String(url[url.index(after: colon)...])
        switch url[..<colon] {
        case "sqlite":
            let path = rest.hasPrefix("/") ? rest : "\(layout.root)/\(rest)"
            try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
            return try SQLiteRunStore(path: path)
        default:
            throw unknownScheme(url)
        }
    }

    private func unknownScheme(_ url: String) -> MartletError {
        MartletError(
            .schemeUnknown,
            "no adapter keeps state at \"\(url)\"",
            remedy: "set state: sqlite:PATH in martlet.yaml; other schemes come with later versions"
        )
    }

    /// The service that executes runs of this project.
    func runService(store: any RunStore) -> RunService {
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: Self.ownExecutable,
                python: project.python,
                pythonCache: layout.pythonCache,
                environment: ProcessInfo.processInfo.environment
            )
        )
        return RunService(
            RunService.Dependencies(
                store: store,
                launcher: launcher,
                time: SystemTime(),
                ids: RandomIDs(),
                clock: ContinuousClock(),
                executor: Executor(host: Self.hostName, pid: Int(getpid()))
            ),
            layout: layout
        )
    }

    /// Whether a run that is not over is executed by no process.
    func isInterrupted(_ run: RunSummary) -> Bool {
        !run.state.isTerminal && !FileLock.holder(RunLayout(layout, run.id).lock).isHeld
    }

    /// The path of the running program.
    static var ownExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
