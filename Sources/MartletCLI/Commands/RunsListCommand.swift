import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet runs list`.
struct RunsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List runs, newest first.",
        discussion: """
            Dates without a time are midnight in UTC; both ends are included.

              martlet runs list --pipeline churn --kind backfill
              martlet runs list --from 2026-01-01 --to 2026-01-31 --state failed
            """
    )

    @Option(help: ArgumentHelp("Only runs of this pipeline.", valueName: "name"))
    var pipeline: String?

    @Option(
        help: ArgumentHelp("Only runs in this state: queued, running, success, failed, cancelled.", valueName: "state")
    )
    var state: String?

    @Option(help: ArgumentHelp("Only runs of this kind: manual, scheduled, backfill, dataset.", valueName: "kind"))
    var kind: String?

    @Option(help: ArgumentHelp("Only runs for this logical date or later.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("Only runs for this logical date or earlier.", valueName: "date"))
    var to: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most runs listed.", valueName: "count"))
    var limit = 20

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let filter = try filter()
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let runs = try await store.runs(filter)
        await store.close()
        if json {
            Output.result(
                JSONValue.array(runs.map { RunReport.json($0, interrupted: workspace.isInterrupted($0)) }).jsonText
            )
        } else if runs.isEmpty {
            let isFiltered = filter != RunFilter(limit: filter.limit)
            Output.talk(isFiltered ? "no such runs" : "no runs yet; start one with `martlet run PIPELINE`")
        } else {
            Output.result(table(runs, workspace).joined(separator: "\n"))
        }
    }

    private func filter() throws(MartletError) -> RunFilter {
        RunFilter(
            pipeline: try pipeline.map { name throws(MartletError) in try NameArgument.read(name) },
            states: try state.map { text throws(MartletError) in [try choice(text, "a state")] },
            kinds: try kind.map { text throws(MartletError) in [try choice(text, "a kind")] },
            from: try from.map { text throws(MartletError) in try Timestamp(text: text, in: .utc) },
            through: try to.map { text throws(MartletError) in try Timestamp(text: text, in: .utc) },
            limit: max(1, limit)
        )
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String,
        _ noun: String
    ) throws(MartletError) -> Choice where Choice.RawValue == String {
        if let known = Choice(rawValue: text) { return known }
        let all = Choice.allCases.map(\.rawValue)
        throw MartletError(
            .valueInvalid,
            "\"\(text)\" is not \(noun) of runs",
            remedy: NearestName.of(text, among: all).map { "did you mean \($0)?" }
                ?? "use \(all.joined(separator: ", "))"
        )
    }

    private func table(_ runs: [RunSummary], _ workspace: Workspace) -> [String] {
        let style = Style.standardOutput
        let now = SystemTime().now
        var table = TextTable([.left, .left, .left, .left, .left, .right, .left, .left])
        for run in runs {
            let interrupted = workspace.isInterrupted(run)
            let paint: (String) -> String = { StateMark.paint(run.state, $0, style) }
            let took = run.startedAt.map { ((run.finishedAt ?? now) - $0).shortText } ?? ""
            table.add([
                TextTable.Cell(text: interrupted ? "‖" : StateMark.glyph(run.state), paint: paint),
                TextTable.Cell(text: interrupted ? "interrupted" : run.state.rawValue, paint: paint),
                TextTable.Cell(text: run.id.rawValue),
                // Where all are made by hand there is nothing to tell.
                TextTable.Cell(text: run.occasion.kind == .manual ? "" : run.occasion.kind.rawValue),
                TextTable.Cell(text: run.occasion.logicalDate.map { "for \(ClockText.utc($0))" } ?? ""),
                TextTable.Cell(text: interrupted ? "" : took),
                TextTable.Cell(text: "\((now - run.createdAt).shortText) ago"),
                TextTable.Cell(text: DisplayText.line(run.reason ?? ""), paint: { style.faint($0) }),
            ])
        }
        return table.lines(indent: "")
    }
}
