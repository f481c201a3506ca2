import ArgumentParser
import Foundation
import Glibc
import MartletCore
import MartletRuntime

/// `martlet run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline, here and now.",
        discussion: """
            PIPELINE is a name from the project's pipelines/ folder, a YAML file, a
            manifest in JSON, or a program built from a Swift pipeline. Steps run in
            parallel as their inputs become ready, each in processes of its own.
            Ctrl-C stops them and marks the run as cancelled.

              martlet run flight_delays
              martlet run flight_delays -p month=6 -p full=true
              martlet run pipelines/flight_delays.yaml --json
              martlet run .build/release/FlightDelays

            A run whose process was killed is not lost: see `martlet runs resume`.
            Exit codes: 0 the run succeeded, 1 it failed or was cancelled, 2 the
            request was wrong, 3 a fault.
            """
    )

    @Argument(help: "A pipeline's name, file or program.")
    var pipeline: String

    @Option(
        name: [.customShort("p"), .customLong("param")],
        help: ArgumentHelp("A parameter; may be repeated.", valueName: "name=value")
    )
    var params: [String] = []

    @Option(name: .customLong("pipeline"), help: ArgumentHelp("Which pipeline of a Swift program.", valueName: "name"))
    var pipelineName: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most steps at once.", valueName: "count"))
    var jobs: Int?

    @Flag(name: .customLong("no-cache"), help: "Run every step, also where nothing it depends on has changed.")
    var noCache = false

    @Flag(help: "Print one JSON object on standard output when the run has ended.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing while the run goes on.")
    var quiet = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let loaded = try PipelineArgument.load(pipeline, named: pipelineName, in: try options.directory)
        let workspace = Workspace(loaded.project)
        if let jobs, !(1...Limits.parallelSteps).contains(jobs) {
            throw MartletError(.commandLineInvalid, "--jobs is \(jobs)", remedy: "use 1 to \(Limits.parallelSteps)")
        }
        let given = try ParameterArguments.parse(params, for: loaded.manifest)
        var manifest = loaded.manifest
        if let jobs { manifest.maxParallelSteps = jobs }
        // What is wrong with the request is said before anything is written.
        _ = try manifest.resolveParameters(given)
        let store = try workspace.openStore()
        let service = try await workspace.ownRunService(store: store)
        let execution = try await service.runs.create(
            RunService.Request(
                manifest: manifest,
                program: loaded.program,
                params: given,
                slots: workspace.defaultSlots,
                martletVersion: MartletVersion.text,
                usesCache: !noCache
            )
        )
        try await RunSession(workspace: workspace, store: store, waits: service.waits, json: json, quiet: quiet)
            .follow(execution)
    }
}

/// The parameters given on a command line.
enum ParameterArguments {
    /// - Throws: ``MartletError`` MT1019 for words that are not `name=value`, MT1015 for values that do not fit.
    static func parse(_ words: [String], for manifest: PipelineManifest) throws(MartletError) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw MartletError(
                    .commandLineInvalid,
                    "\"\(word)\" is not a parameter",
                    remedy: "write -p name=value"
                )
            }
            let name = String(word[..<equals])
            let text = String(word[word.index(after: equals)...])
            // An unknown name is reported by the manifest, with the nearest known one.
            values[name] = try manifest.params.first { $0.name.rawValue == name }?.parse(text) ?? .string(text)
        }
        return values
    }
}
