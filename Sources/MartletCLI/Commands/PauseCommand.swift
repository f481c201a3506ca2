import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet pause`.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Start nothing new of pipelines; what runs goes on to its end."
    )
    @OptionGroup var change: PauseChange
    func run() async throws { try await change.apply { .pause($0) } }
}

/// `martlet unpause`.
struct UnpauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause",
        abstract: "Let paused pipelines go on; dates that were missed follow their catchup."
    )
    @OptionGroup var change: PauseChange
    func run() async throws { try await change.apply { .unpause($0) } }
}

/// What both commands share.
struct PauseChange: ParsableArguments {
    @Argument(help: "Names of pipelines.")
    var pipelines: [String]

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func apply(_ request: (PipelineID) -> OperatorRequest) async throws {
        let ids = try pipelines.map { name throws(MartletError) in
            do throws(InvalidID) {
                return try PipelineID(validating: name)
            } catch {
                throw MartletError(.nameInvalid, error.description)
            }
        }
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let client = workspace.operatorClient(store: store)
        var answers: [JSONValue] = []
        for id in ids { answers.append(try await client.ask(request(id))) }
        await store.close()
        if json { return Output.result(JSONValue.array(answers).jsonText) }
        for answer in answers {
            Output.result(
                "\(answer["pipeline"]?.text ?? "")  \(answer["paused"] == .bool(true) ? "paused" : "not paused")"
            )
        }
    }
}
