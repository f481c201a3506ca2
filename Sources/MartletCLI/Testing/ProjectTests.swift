import Foundation
import MartletCore
import MartletRuntime
import MartletScheduling

/// Finds everything that is to be tested in a project.
struct ProjectTests {
    /// A pipeline and what is tested of it.
    struct Subject {
        /// The pipeline's name, or what the user named.
        var name: String
        /// The pipeline; nil when it does not load.
        var loaded: LoadedPipeline?
        /// What came of loading it.
        var loading: TestResult
        /// Its tests, each with the text of its file.
        var tests: [(test: SpecifiedTest, source: SourceText)] = []
    }

    let workspace: Workspace
    /// The folder that the user is in; absolute.
    let directory: String
    /// The rules of the project; nil when there are none.
    private(set) var rules: PipelineRules?
    /// The pipelines, in the order of the project or of the command line.
    private(set) var subjects: [Subject] = []
    /// Files of rules and tests that cannot be read, and tests of pipelines that do not exist.
    private(set) var broken: [TestResult] = []

    /// Everything in the project, or all that belongs to the pipelines that `arguments` name.
    ///
    /// - Throws: ``CommandFailure`` when an argument names no pipeline.
    init(_ arguments: [String], workspace: Workspace, directory: String) throws {
        self.workspace = workspace
        self.directory = directory
        readPolicy()
        let named = arguments.isEmpty ? try ProjectPipelines.files(in: directory) : arguments
        for argument in named {
            for name in names(in: argument) {
                subjects.append(try subject(argument, name, isNamed: !arguments.isEmpty))
            }
        }
        readTests(isWhole: arguments.isEmpty)
    }

    private func shown(_ path: String) -> String { PipelineLoader.shown(path, from: directory) }

    /// The pipelines of a Swift program; nil stands for the only one of anything else.
    private func names(in argument: String) -> [String?] {
        guard let path = try? CurrentFolder.resolve(argument.hasPrefix("/") ? argument : "\(directory)/\(argument)"),
            !PipelineFile.extensions.contains(URL(fileURLWithPath: path).pathExtension.lowercased())
        else { return [nil] }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            FileManager.default.isExecutableFile(atPath: path), let names = try? PipelineProgram.names(path)
        else { return [nil] }
        return names
    }

    private func subject(_ argument: String, _ name: String?, isNamed: Bool) throws -> Subject {
        let describe: (String) throws(MartletError) -> PipelineManifest = { program throws(MartletError) in
            try PipelineProgram.describe(program, pipeline: name)
        }
        do throws(PipelineLoadFailure) {
            let loaded = try PipelineLoader.load(argument, in: directory, describe: describe)
            let loading = TestResult(name: "loads", outcome: .passed, file: loaded.file)
            return Subject(name: loaded.manifest.pipeline.rawValue, loaded: loaded, loading: loading)
        } catch {
            let missing: Set<ErrorCode> = [.pipelineNotFound, .fileUnreadable, .commandLineInvalid]
            if isNamed, error.errors.count == 1, missing.contains(error.errors[0].code) { throw CommandFailure(error) }
            let loading = TestResult(
                name: "loads",
                outcome: .failed(error.errors),
                sources: error.sources,
                file: argument
            )
            return Subject(name: argument, loaded: nil, loading: loading)
        }
    }

    private mutating func readPolicy() {
        let path = "\(workspace.layout.root)/\(workspace.project.policy ?? PolicyFile.usualPath)"
        if workspace.project.policy == nil, !FileManager.default.fileExists(atPath: path) { return }
        do throws(PipelineLoadFailure) {
            rules = try PolicyFile.read(try Self.text(path, shown(path)))
        } catch {
            broken.append(Self.unreadable(shown(path), error))
        }
    }

    private mutating func readTests(isWhole: Bool) {
        let root = workspace.layout.root
        let policy = workspace.project.policy ?? PolicyFile.usualPath
        let files = ["tests/*.yaml", "tests/*.yml"].flatMap { FilePattern($0).files(in: root) }.sorted()
        for file in files where file != policy {
            let path = "\(root)/\(file)"
            do throws(PipelineLoadFailure) {
                let tests = try TestFileReader.read(try Self.text(path, shown(path)), project: root)
                place(tests, isWhole: isWhole)
            } catch {
                broken.append(Self.unreadable(shown(path), error))
            }
        }
    }

    private mutating func place(_ file: TestFile, isWhole: Bool) {
        let wanted = file.pipeline.value.rawValue
        if let index = subjects.firstIndex(where: { $0.loaded?.manifest.pipeline.rawValue == wanted }) {
            subjects[index].tests += file.tests.map { ($0, file.source) }
            return
        }
        // With pipelines named, tests of others are not meant; a pipeline that does not load has no name that counts.
        let finder = PipelineFinder(project: workspace.project) { [directory] in
            PipelineLoader.shown($0, from: directory)
        }
        let known = finder.all()
        if let found = known.first(where: { $0.name == wanted }) {
            guard let index = subjects.firstIndex(where: { $0.name == shown(found.path) || $0.name == wanted }) else {
                return
            }
            subjects[index].tests += file.tests.map { ($0, file.source) }
            return
        }
        if !isWhole { return }
        let names = known.map(\.name)
        let error = MartletError(
            .pipelineNotFound,
            "there is no pipeline \"\(wanted)\" in project \(workspace.project.project)",
            remedy: NearestName.of(wanted, among: names).map { "did you mean \($0)?" }
                ?? "test a Swift program with `martlet test PROGRAM`",
            location: file.source.location(file.pipeline.position)
        )
        broken.append(Self.unreadable(file.source.file, PipelineLoadFailure(error), [file.source.file: file.source]))
    }

    private static func text(_ path: String, _ shown: String) throws(PipelineLoadFailure) -> SourceText {
        do throws(MartletError) {
            return try TextFile.read(path, shownAs: shown)
        } catch {
            throw PipelineLoadFailure(error)
        }
    }

    private static func unreadable(
        _ file: String,
        _ failure: PipelineLoadFailure,
        _ sources: [String: SourceText] = [:]
    ) -> TestResult {
        TestResult(
            name: file,
            outcome: .broken(failure.errors),
            sources: failure.sources.merging(sources) { first, _ in first },
            file: file
        )
    }
}
