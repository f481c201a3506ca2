import ArgumentParser
import Foundation
import MartletCore

/// `martlet validate`.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check pipelines without running them; every error with its line and column.",
        discussion: """
            Without FILE, all pipelines of the project are checked.

              martlet validate
              martlet validate pipelines/flight_delays.yaml --json

            Exit codes: 0 all are sound, 2 one is not.
            """
    )

    @Argument(help: "Pipelines: names, YAML files, JSON manifests or Swift programs.")
    var files: [String] = []

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print the manifest of each sound pipeline, as JSON.")
    var manifest = false

    @OptionGroup var options: ProjectOptions

    func run() throws {
        let directory = try options.directory
        let arguments = files.isEmpty ? try ProjectPipelines.files(in: directory) : files
        if arguments.isEmpty {
            throw MartletError(
                .pipelineNotFound,
                "there are no pipelines in \(directory)",
                remedy: "name a file, or start a project with `martlet init`"
            )
        }
        var results: [JSONValue] = []
        var failed = false
        for argument in arguments {
            do {
                let loaded = try PipelineArgument.load(argument, in: directory)
                results.append(report(sound: loaded))
                if json { continue }
                for warning in warnings(loaded.manifest) {
                    Output.talk("\(Style.standardError.warn("note")) \(argument): \(warning)")
                }
                if manifest {
                    Output.result(JSONText.pretty(loaded.manifest))
                } else {
                    let style = Style.standardOutput
                    Output.result("\(style.good("✓")) \(argument): \(summary(loaded.manifest))")
                }
            } catch let failure as CommandFailure {
                failed = true
                results.append(report(argument, failure.errors))
                if !json {
                    Output.talk(failure.rendered ?? "")
                    let count = failure.errors.count
                    Output.talk("\(Style.standardError.bad("✕")) \(argument): \(count) error\(count == 1 ? "" : "s")")
                }
            }
        }
        if json { Output.result(JSONValue.object(["valid": .bool(!failed), "files": .array(results)]).jsonText) }
        if failed { throw CommandFailure.silent(ExitStatus.requestWrong) }
    }

    private func summary(_ manifest: PipelineManifest) -> String {
        let count = manifest.steps.count
        return "pipeline \(manifest.pipeline), \(count) step\(count == 1 ? "" : "s")"
    }

    private func warnings(_ manifest: PipelineManifest) -> [String] {
        manifest.schedule?.rule?.warnings(seed: manifest.pipeline.rawValue) ?? []
    }

    private func report(sound loaded: LoadedPipeline) -> JSONValue {
        var fields: [String: JSONValue] = [
            "file": .string(loaded.file), "valid": true, "pipeline": .string(loaded.manifest.pipeline.rawValue),
            "steps": .integer(loaded.manifest.steps.count), "errors": .array([]),
            "warnings": .array(warnings(loaded.manifest).map(JSONValue.string)),
        ]
        if manifest {
            fields["manifest"] = try? JSONText.decode(JSONValue.self, from: JSONText.data(loaded.manifest))
        }
        return .object(fields)
    }

    private func report(_ file: String, _ errors: [MartletError]) -> JSONValue {
        let listed = errors.map(ErrorJSON.value)
        return .object(["file": .string(file), "valid": false, "errors": .array(listed)])
    }

}

/// The pipeline files of the project around a folder.
enum ProjectPipelines {
    /// Their paths as a user in `directory` would write them.
    static func files(in directory: String) throws -> [String] {
        let workspace = try Workspace(containing: directory)
        let finder = PipelineFinder(project: workspace.project) { PipelineLoader.shown($0, from: directory) }
        return finder.all().map { PipelineLoader.shown($0.path, from: directory) }
    }
}
