import ArgumentParser
import Foundation
import Glibc
import MartletCore
import MartletRuntime
import OrderedCollections

/// `martlet runs`.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Look at past and present runs, and resume interrupted ones.",
        discussion: """
            RUN is a run's id, the beginning or end of one, or `latest`.

              martlet runs list --pipeline flight_delays
              martlet runs show latest
              martlet runs log latest train
              martlet runs resume latest
            """,
        subcommands: [RunsListCommand.self, RunsShowCommand.self, RunsLogCommand.self, RunsResumeCommand.self],
        defaultSubcommand: RunsListCommand.self
    )
}

/// `martlet runs list`.
struct RunsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List runs, newest first.")

    @Option(help: ArgumentHelp("Only runs of this pipeline.", valueName: "name"))
    var pipeline: String?

    @Option(
        help: ArgumentHelp("Only runs in this state: queued, running, success, failed, cancelled.", valueName: "state")
    )
    var state: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most runs listed.", valueName: "count"))
    var limit = 20

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let runs = try await store.runs(try filter())
        await store.close()
        if json {
            Output.result(
                JSONValue.array(runs.map { RunReport.json($0, interrupted: workspace.isInterrupted($0)) }).jsonText
            )
        } else if runs.isEmpty {
            Output.talk("no runs yet; start one with `martlet run PIPELINE`")
        } else {
            Output.result(table(runs, workspace).joined(separator: "\n"))
        }
    }

    private func filter() throws(MartletError) -> RunFilter {
        var filter = RunFilter(limit: max(1, limit))
        do {
            filter.pipeline = try pipeline.map { name throws(InvalidID) in try PipelineID(validating: name) }
        } catch {
            throw MartletError(.nameInvalid, error.description)
        }
        guard let state else { return filter }
        guard let known = RunState(rawValue: state) else {
            let all = RunState.allCases.map(\.rawValue)
            let nearest = NearestName.of(state, among: all)
            throw MartletError(
                .valueInvalid,
                "\"\(state)\" is not a state of runs",
                remedy: nearest.map { "did you mean \($0)?" } ?? "use \(all.joined(separator: ", "))"
            )
        }
        filter.states = [known]
        return filter
    }

    private func table(_ runs: [RunSummary], _ workspace: Workspace) -> [String] {
        let style = Style.standardOutput
        let now = SystemTime().now
        var table = TextTable([.left, .left, .left, .right, .left, .left])
        for run in runs {
            let interrupted = workspace.isInterrupted(run)
            let paint: (String) -> String = { StateMark.paint(run.state, $0, style) }
            let took = run.startedAt.map { ((run.finishedAt ?? now) - $0).shortText } ?? ""
            table.add([
                TextTable.Cell(text: interrupted ? "‖" : StateMark.glyph(run.state), paint: paint),
                TextTable.Cell(text: interrupted ? "interrupted" : run.state.rawValue, paint: paint),
                TextTable.Cell(text: run.id.rawValue),
                TextTable.Cell(text: interrupted ? "" : took),
                TextTable.Cell(text: "\((now - run.createdAt).shortText) ago"),
                TextTable.Cell(text: run.reason ?? "", paint: { style.faint($0) }),
            ])
        }
        return table.lines(indent: "")
    }
}

/// `martlet runs show`.
struct RunsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a run: its steps, values, datasets and errors."
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run = "latest"

    @Flag(help: "Show every event of the run's log.")
    var events = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        guard let projection = try await store.projection(of: id) else {
            throw MartletError(.runNotFound, "there is no run \(id)", remedy: "see `martlet runs list`")
        }
        let log = events ? try await store.events(of: id) : []
        await store.close()
        let interrupted = workspace.isInterrupted(projection.run)
        if json {
            guard case .object(var fields) = RunReport.json(projection, interrupted: interrupted) else { return }
            if events {
                fields["events"] = try JSONText.decode(JSONValue.self, from: JSONText.data(log))
            }
            return Output.result(JSONValue.object(fields).jsonText)
        }
        let text = RunText(
            projection: projection,
            style: .standardOutput,
            root: workspace.layout.root,
            interrupted: interrupted,
            now: SystemTime().now
        )
        Output.result(text.lines.joined(separator: "\n"))
        if interrupted { Output.talk("\ngo on with `martlet runs resume \(id)`") }
        for entry in log {
            Output.result("\(entry.sequence)  \(entry.at)  \(JSONText.encode(entry.event))")
        }
    }
}

/// `martlet runs log`.
struct RunsLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print what a step's attempt printed."
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run: String

    @Argument(help: "The step.")
    var step: String

    @Option(help: ArgumentHelp("Which attempt; the last one when not given.", valueName: "number"))
    var attempt: Int?

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let steps = try await store.projection(of: id)?.steps ?? [:]
        await store.close()
        guard let found = StepID(rawValue: step).flatMap({ steps[$0] }) else {
            let nearest = NearestName.of(step, among: steps.keys.map(\.rawValue))
            throw MartletError(
                .referenceUnknown,
                "run \(id) has no step \"\(step)\"",
                remedy: nearest.map { "did you mean \($0)?" }
                    ?? "steps are \(steps.keys.prefix(20).map(\.rawValue).joined(separator: ", "))"
                    + (steps.count > 20 ? " and \(steps.count - 20) more" : "")
            )
        }
        let number = attempt ?? max(1, found.attempts)
        let path = RunLayout(workspace.layout, id).attempt(found.id, number).log
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw MartletError(
                .fileUnreadable,
                "step \(found.id) has no log of attempt \(number)",
                reason: "it is \(StateMark.word(found.state)), after \(found.attempts) attempts",
                remedy: "see `martlet runs show \(id)`"
            )
        }
        while let bytes = try? handle.read(upToCount: 1 << 16), !bytes.isEmpty {
            // `| head` has read enough.
            if !bytes.withUnsafeBytes({ Output.write($0, to: STDOUT_FILENO) }) { return }
        }
    }
}

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
        let execution = try await workspace.runService(store: store).resume(id)
        try await RunSession(workspace: workspace, store: store, json: json, quiet: quiet).follow(execution)
    }
}

/// Finds the run that a user means.
enum RunArgument {
    /// - Throws: ``MartletError`` MT2011 when none or more than one fits.
    static func resolve(_ text: String, in store: any RunStore) async throws(MartletError) -> RunID {
        if text == "latest" {
            if let newest = try await store.runs(RunFilter(limit: 1)).first { return newest.id }
            throw MartletError(.runNotFound, "there are no runs yet", remedy: "start one with `martlet run PIPELINE`")
        }
        let byPrefix = try await store.runs(RunFilter(idPrefix: text, limit: 3))
        if let exact = byPrefix.first(where: { $0.id.rawValue == text }) { return exact.id }
        var found = byPrefix
        if found.isEmpty {
            found = try await store.runs(RunFilter(limit: 10_000)).filter { $0.id.rawValue.hasSuffix(text) }
        }
        if found.count == 1 { return found[0].id }
        throw MartletError(
            .runNotFound,
            found.isEmpty ? "there is no run \"\(text)\"" : "more than one run fits \"\(text)\"",
            reason: found.isEmpty ? nil : "\(found.map(\.id.rawValue).joined(separator: ", ")) do",
            remedy: "see `martlet runs list`"
        )
    }
}
