import ArgumentParser
import MartletBroker
import MartletCore
import MartletRuntime

/// `martlet stream run`.
struct StreamRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Compute a stream's definition over a topic, or over a file.",
        discussion: """
            One definition runs over what comes and over what is stored, and gives the
            same results. Results and the place in the input are committed together:
            after kill -9 the same command goes on, and every record counts once.

              martlet stream run streams/delays.yaml --from topic:flights --to sqlite:features.db
              martlet stream run streams/delays.yaml --from topic:flights --to topic:delays
              martlet stream run streams/delays.yaml --from flights.parquet --to delays.parquet

            It runs until Ctrl-C, or with --until end until all is read that was there
            at the start. Windows that are still open then stay open, for the next run
            to go on with; --close-windows emits them as they are.
            """
    )

    @Argument(help: ArgumentHelp("The definition.", valueName: "file"))
    var definition: String

    @Option(help: ArgumentHelp("topic:NAME, or a file of rows.", valueName: "place"))
    var from: String

    @Option(help: ArgumentHelp("sqlite:FILE#TABLE, topic:NAME, or a file; - is standard output.", valueName: "place"))
    var to = "-"

    @Option(
        help: ArgumentHelp("The name under which its place is kept; the definition's by default.", valueName: "name")
    )
    var name: String?

    @Option(help: ArgumentHelp("Where to start at first: earliest or latest.", valueName: "place"))
    var start = StreamStart.earliest

    @Option(help: ArgumentHelp("When to end: end, at what is there now, or forever.", valueName: "time"))
    var until: StreamEnd?

    @Flag(help: "Close all windows at the end.")
    var closeWindows = false

    @Option(help: ArgumentHelp("How often results are committed, as in 500ms.", valueName: "duration"))
    var commitEvery: String?

    @Flag(help: "Print one JSON object when it ends, on standard error if results go to standard output.")
    var json = false

    @OptionGroup var metrics: MetricsOptions

    @OptionGroup var options: StreamOptions

    func run() async throws {
        let path = try CurrentFolder.resolve(definition)
        let read = try StreamFile.read(path, shownAs: definition)
        let place = try StreamAction.Place(from)
        let readsFile = if case .file = place { true } else { false }
        let writesFile = if case .file = try StreamAction.Place(to) { true } else { false }
        let action = StreamAction(
            file: definition,
            definition: read,
            from: from,
            to: to,
            broker: options.broker,
            start: start.place,
            until: until?.time ?? (readsFile || writesFile ? .end : .forever),
            closesWindows: closeWindows,
            commitInterval: try commitEvery.map(Self.span)
        )
        let view = StreamRunView()
        let meter = StreamMeter(view)
        let name = name ?? read.name
        let work = StreamWork(
            action: action,
            name: name,
            workspace: try options.project.workspace(),
            folder: try CurrentFolder.resolve("."),
            observer: meter
        )
        let metrics = try await self.metrics.start { meter.text(name, now: SystemTime().now) }
        if let metrics { Output.talk("metrics at http://\(metrics.address)/metrics") }
        let summary: StreamWork.Summary
        do {
            summary = try await StreamRunView.untilInterrupted { try await work.run() }
        } catch {
            await metrics?.stop()
            throw error
        }
        await metrics?.stop()
        view.end()
        let text = json ? view.json(summary, of: read.name) : view.text(summary, of: read.name)
        if json, to != "-" { Output.result(text) } else { Output.talk(text) }
    }

    private static func span(_ text: String) throws(MartletError) -> EventSpan {
        do {
            return EventSpan(try Duration(text: text))
        } catch {
            throw MartletError(.commandLineInvalid, "--commit-every: \(error)", remedy: "write 500ms or 1s")
        }
    }
}
