import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet datasets`.
struct DatasetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets",
        abstract: "See which datasets were written, and say that one was written elsewhere.",
        discussion: """
            Pipelines that are scheduled by datasets start when these are written.

              martlet datasets events
              martlet datasets post warehouse/orders
            """,
        subcommands: [DatasetEventsCommand.self, DatasetPostCommand.self],
        defaultSubcommand: DatasetEventsCommand.self
    )
}

/// `martlet datasets events`.
struct DatasetEventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List writings of datasets, oldest first."
    )

    @Option(help: ArgumentHelp("Only those after this place.", valueName: "place"))
    var after = 0

    @Option(name: .shortAndLong, help: ArgumentHelp("Most writings listed.", valueName: "count"))
    var limit = 100

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let events = try await store.datasetEvents(after: max(0, after), limit: max(1, limit))
        await store.close()
        if json { return Output.result(JSONText.encode(events)) }
        if events.isEmpty { return Output.talk("no dataset has been written yet") }
        var table = TextTable([.right, .left, .left, .left])
        for event in events {
            let cause = event.run.map { run in event.step.map { "\(run)  \($0)" } ?? run.rawValue } ?? "from outside"
            table.add([
                TextTable.Cell(text: String(event.position)), TextTable.Cell(text: event.at.description),
                TextTable.Cell(text: event.dataset.rawValue), TextTable.Cell(text: cause),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet datasets post`.
struct DatasetPostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post",
        abstract: "Say that a dataset was written outside Martlet."
    )

    @Argument(help: "The dataset's name.")
    var dataset: String

    @Option(help: ArgumentHelp("The part of it that was written.", valueName: "key"))
    var partition: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let id: DatasetID
        do {
            id = try DatasetID(validating: dataset)
        } catch {
            throw MartletError(.nameInvalid, "\(error)")
        }
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let answer = try await workspace.operatorClient(store: store).ask(
            .datasetWritten(dataset: id, partition: partition)
        )
        await store.close()
        Output.result(json ? answer.jsonText : "\(id)  noted")
    }
}
