import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet runs resume`.
struct RunsResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run whose process was killed.",
        discussion: """
            Steps that have ended are not repeated. A step that was in the middle
            starts again as a new attempt, after what its last one left running has
            been ended.
            """
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run = "latest"

    @Flag(help: "Print one JSON object on standard output when the run has ended.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing while the run goes on.")
    var quiet = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let service = try await workspace.ownRunService(store: store)
        let execution = try await service.runs.resume(id)
        try await RunSession(workspace: workspace, store: store, waits: service.waits, json: json, quiet: quiet)
            .follow(execution)
    }
}
