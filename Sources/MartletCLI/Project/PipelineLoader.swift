import Foundation
import MartletCore

/// Loads the pipeline that a command names: by a file, by a name in the project, or by a Swift program.
enum PipelineLoader {
    /// Asks a Swift program, by its absolute path, for its manifest.
    typealias Describe = (String) throws(MartletError) -> PipelineManifest

    /// The pipeline that `argument` names, seen from the folder `directory`.
    ///
    /// - Parameters:
    ///   - argument: A path of a YAML file, of a manifest in JSON or of a program, or a pipeline's name.
    ///   - directory: The folder the user is in; absolute.
    ///   - describe: How a program is asked for its manifest.
    /// - Returns: a pipeline with nothing wrong, and its project.
    /// - Throws: ``PipelineLoadFailure`` with everything that is wrong.
    static func load(
        _ argument: String,
        in directory: String,
        describe: Describe = PipelineLoader.noPrograms
    ) throws(PipelineLoadFailure) -> LoadedPipeline {
        let path = absolute(argument, in: directory)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let fileExtension = URL(fileURLWithPath: path).pathExtension.lowercased()
        let isFile = PipelineFile.extensions.contains(fileExtension)
        if isFile || argument.contains("/") || (exists && !isFolder.boolValue) {
            if exists, !isFolder.boolValue, !isFile, FileManager.default.isExecutableFile(atPath: path) {
                return try program(path, argument, directory, describe)
            }
            return try file(path, argument, directory)
        }
        guard let root = ProjectFile.root(above: directory) else {
            throw PipelineLoadFailure(
                MartletError(
                    .pipelineNotFound,
                    "there is no pipeline \"\(argument)\"",
                    reason: "neither this folder nor one above it has a \(ProjectFile.name)",
                    remedy: "go to a project, name a file, or start a project with martlet init"
                )
            )
        }
        let project = try ProjectFile.load(root: root) { shown($0, from: directory) }
        let finder = PipelineFinder(project: project) { shown($0, from: directory) }
        do {
            let found = try finder.path(of: argument)
            return try pipeline(found, shown(found, from: directory), directory, project)
        } catch let error as MartletError {
            throw PipelineLoadFailure(error)
        } catch let error as PipelineLoadFailure {
            throw error
        } catch {
            throw PipelineLoadFailure(MartletError(.internalFault, "\(error)"))
        }
    }

    /// Refuses programs, for commands that take none.
    static let noPrograms: @Sendable (String) throws(MartletError) -> PipelineManifest = {
        (path) throws(MartletError) in
        throw MartletError(
            .pipelineProgramInvalid,
            "\(path) is a program, not a pipeline file",
            remedy: "name a .yaml or .json file"
        )
    }

    private static func file(
        _ path: String,
        _ argument: String,
        _ directory: String
    ) throws(PipelineLoadFailure) -> LoadedPipeline {
        try pipeline(path, argument, directory, project(around: path, directory))
    }

    private static func pipeline(
        _ path: String,
        _ name: String,
        _ directory: String,
        _ project: ProjectFile
    ) throws(PipelineLoadFailure) -> LoadedPipeline {
        let manifest = try PipelineFile.load(path: path, root: project.root) {
            $0 == path ? name : shown($0, from: directory)
        }
        return LoadedPipeline(manifest: manifest, project: project, file: name)
    }

    private static func program(
        _ path: String,
        _ argument: String,
        _ directory: String,
        _ describe: Describe
    ) throws(PipelineLoadFailure) -> LoadedPipeline {
        var manifest: PipelineManifest
        do {
            manifest = try describe(path)
        } catch {
            throw PipelineLoadFailure(error)
        }
        // A program is built somewhere below; where the user stands says which project is meant.
        let root = ProjectFile.root(above: directory)
        let project = try root.map { (root) throws(PipelineLoadFailure) in
            try ProjectFile.load(root: root) { shown($0, from: directory) }
        }
        let place = root ?? directory
        do {
            manifest = try readScripts(of: manifest, in: PipelineFiles(root: place) { shown($0, from: directory) })
        } catch {
            throw PipelineLoadFailure(error)
        }
        let problems = ManifestValidator.problems(in: manifest)
        if !problems.isEmpty {
            var failure = PipelineLoadFailure(MartletError(.pipelineProgramInvalid, argument))
            failure.errors = problems.prefix(Limits.diagnosticsPerFile).map { problem in
                var error = problem.error
                error.message += " (at \(problem.pathText))"
                error.location = SourceLocation(file: argument)
                return error
            }
            failure.omitted = problems.count - failure.errors.count
            throw failure
        }
        return LoadedPipeline(
            manifest: manifest,
            project: project ?? ProjectFile(root: directory),
            file: argument,
            program: path
        )
    }

    /// The manifest with the content of its SQL files and suites: a run keeps what it ran.
    private static func readScripts(
        of manifest: PipelineManifest,
        in files: PipelineFiles
    ) throws(MartletError) -> PipelineManifest {
        var manifest = manifest
        for index in manifest.steps.indices {
            manifest.steps[index].action = try manifest.steps[index].action.filled(by: files)
        }
        return manifest
    }

    /// The project that a file is in; one of defaults in the file's folder when it is in none.
    private static func project(
        around path: String,
        _ directory: String
    ) throws(PipelineLoadFailure) -> ProjectFile {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().standardizedFileURL.path
        guard let root = ProjectFile.root(above: folder) else { return ProjectFile(root: folder) }
        return try ProjectFile.load(root: root) { shown($0, from: directory) }
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        let url = path.hasPrefix("/") ? URL(fileURLWithPath: path) : URL(fileURLWithPath: "\(directory)/\(path)")
        return url.standardizedFileURL.path
    }

    /// A path as a user in `directory` would write it.
    static func shown(_ path: String, from directory: String) -> String {
        if path == directory { return "." }
        let prefix = directory.hasSuffix("/") ? directory : directory + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }
}
