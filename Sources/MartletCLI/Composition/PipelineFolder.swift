import Foundation
import Glibc
import MartletCore
import MartletRuntime
import Synchronization

/// The pipelines of a project for its scheduler: reads the files, and tells cheaply whether one has changed.
final class PipelineFolder: PipelineReading {
    private let project: ProjectFile
    /// Files beside the pipeline files that the last reading went into: SQL scripts and suites.
    private let scripts = Mutex<Set<String>>([])
    private let failures = Mutex<[String: PipelineLoadFailure]>([:])

    init(_ project: ProjectFile) { self.project = project }

    /// The size and the time of change of every file that pipelines are read from.
    var stamp: String {
        let files = pipelineFiles() + scripts.withLock { $0.sorted() }
        return files.map { "\($0) \(FileSystem.stamp(of: $0) ?? "-")" }.joined(separator: "\n")
    }

    func read() -> PipelineDefinitions {
        var definitions = PipelineDefinitions()
        var found: [PipelineID: String] = [:]
        var scripts: Set<String> = []
        var failures: [String: PipelineLoadFailure] = [:]
        for path in pipelineFiles() {
            let source = shown(path)
            do throws(PipelineLoadFailure) {
                let manifest = try PipelineFile.load(path: path, root: project.root, shown: shown)
                for step in manifest.steps {
                    if let file = step.action.contentFile { scripts.insert(absolute(file)) }
                    // One for its engine may be written later.
                    if case .sql(let action) = step.action, let file = action.file, let engine = action.engine {
                        scripts.insert(absolute(engine.file(for: file) { _ in true }))
                    }
                }
                if let other = found.updateValue(source, forKey: manifest.pipeline) {
                    throw PipelineLoadFailure(
                        MartletError(
                            .nameDuplicate,
                            "two files define pipeline \(manifest.pipeline): \(other) and \(source)",
                            remedy: "rename one"
                        )
                    )
                }
                definitions.pipelines.append(PipelineDefinitions.Definition(manifest: manifest, source: source))
            } catch {
                failures[source] = error
                definitions.problems.append(PipelineDefinitions.Problem(source: source, errors: error.errors))
            }
        }
        self.scripts.withLock { $0 = scripts }
        self.failures.withLock { $0 = failures }
        return definitions
    }

    /// What was wrong with `source` when it was read last, with the texts that the errors point into.
    func failure(of source: String) -> PipelineLoadFailure? { failures.withLock { $0[source] } }

    private func pipelineFiles() -> [String] {
        var seen: Set<String> = []
        return project.pipelines.flatMap { FilePattern($0).files(in: project.root) }
            .filter { seen.insert($0).inserted }
            .map { "\(project.root)/\($0)" }
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(project.root)/\(path)" }

    private func shown(_ path: String) -> String { PipelineLoader.shown(path, from: project.root) }
}
