import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet pipelines`.
struct PipelinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipelines",
        abstract: "See the project's pipelines: schedules, versions and what changed.",
        discussion: """
            A pipeline gets a version whenever `martlet up` finds its file changed.

              martlet pipelines
              martlet pipelines show flight_delays
              martlet pipelines diff flight_delays          the last change
              martlet pipelines diff flight_delays 3 file   what would change
            """,
        subcommands: [
            PipelinesListCommand.self, PipelinesShowCommand.self, PipelinesVersionsCommand.self,
            PipelinesDiffCommand.self, PipelinesDeleteCommand.self, PauseCommand.self, UnpauseCommand.self,
        ],
        defaultSubcommand: PipelinesListCommand.self
    )
}

/// `martlet pipelines list`.
struct PipelinesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all pipelines: version, schedule, next run, last run."
    )

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let now = SystemTime().now
        let catalog = try await PipelineCatalog.read(workspace, store, at: now)
        await store.close()
        for failure in catalog.failures { Output.talk(ErrorListing.text(failure, style: Style.standardError.listing)) }
        if json { return Output.result(JSONValue.array(catalog.entries.map(PipelineReport.json)).jsonText) }
        if catalog.entries.isEmpty { return Output.talk("no pipelines yet; write one, or start with `martlet init`") }
        let text = PipelineText(style: .standardOutput, zone: ClockText.zone, now: now)
        Output.result(text.list(catalog.entries).joined(separator: "\n"))
    }
}

/// `martlet pipelines show`.
struct PipelinesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a pipeline: schedule, settings, parameters, steps, last runs."
    )

    @Argument(help: "A pipeline's name.")
    var pipeline: String

    @Flag(help: "Print one JSON object, with the manifest.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let now = SystemTime().now
        let entry = try await PipelineCatalog.read(workspace, store, at: now).entry(pipeline)
        let runs = try await store.runs(RunFilter(pipeline: entry.manifest.pipeline, limit: 5))
        await store.close()
        if json { return Output.result(PipelineReport.json(entry, runs).jsonText) }
        let text = PipelineText(style: .standardOutput, zone: ClockText.zone, now: now)
        Output.result(text.details(entry, runs).joined(separator: "\n"))
    }
}

/// `martlet pipelines versions`.
struct PipelinesVersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a pipeline, newest first, and what each changed."
    )

    @Argument(help: "A pipeline's name.")
    var pipeline: String

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let versions = try await PipelineVersions.read(pipeline, store)
        await store.close()
        if json { return Output.result(JSONValue.array(versions.reversed().map(PipelineReport.json)).jsonText) }
        let text = PipelineText(style: .standardOutput, zone: ClockText.zone, now: SystemTime().now)
        Output.result(text.versions(versions.reversed()).joined(separator: "\n"))
    }
}

/// `martlet pipelines delete`.
struct PipelinesDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Forget pipelines that are in no file any more.",
        discussion: "Their runs stay, and so do logs and datasets."
    )

    @Argument(help: "Names of pipelines.")
    var pipelines: [String]

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let ids: [PipelineID] = try pipelines.map { name throws(MartletError) in try NameArgument.read(name) }
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let client = workspace.operatorClient(store: store)
        var answers: [JSONValue] = []
        do {
            for id in ids { answers.append(try await client.ask(.deletePipeline(id))) }
            await store.close()
        } catch {
            await store.close()
            throw error
        }
        if json { return Output.result(JSONValue.array(answers).jsonText) }
        Output.talk("forgot \(pipelines.joined(separator: ", "))")
    }
}
