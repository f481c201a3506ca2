import ArgumentParser
import Glibc
import MartletCore
import MartletRuntime

/// `martlet backfill`.
struct BackfillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Make runs for dates that have passed.",
        discussion: """
            The plan is shown first: for each date of the schedule whether a run is
            made, one that exists runs again, or nothing is done, and why.

              martlet backfill flight_delays --from 2026-01-01 --to 2026-03-31 --dry-run
              martlet backfill flight_delays --from 2026-01-01 --to 2026-03-31 --reprocess failed
              martlet backfill list
              martlet backfill pause|resume|cancel ID
            """,
        subcommands: [
            BackfillCreateCommand.self, BackfillListCommand.self, BackfillShowCommand.self, BackfillPauseCommand.self,
            BackfillResumeCommand.self, BackfillCancelCommand.self,
        ],
        defaultSubcommand: BackfillCreateCommand.self
    )
}

/// `martlet backfill create`, also without the word.
struct BackfillCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Plan a backfill, and start it.",
        discussion: "Dates without a time are midnight in the schedule's time zone; both ends are included."
    )

    @Argument(help: "A pipeline's name.")
    var pipeline: String

    @Option(help: ArgumentHelp("The first logical date.", valueName: "date"))
    var from: String

    @Option(help: ArgumentHelp("The last logical date.", valueName: "date"))
    var to: String

    @Flag(help: "Newest date first.")
    var backwards = false

    @Option(help: ArgumentHelp("Most of its runs at once.", valueName: "count"))
    var maxActive = 10

    @Option(help: ArgumentHelp("Which existing runs run again: none, failed or completed.", valueName: "which"))
    var reprocess = ReprocessRule.none.rawValue

    @Option(
        name: [.customShort("p"), .customLong("param")],
        help: ArgumentHelp("A parameter; may be repeated.", valueName: "name=value")
    )
    var params: [String] = []

    @Option(help: ArgumentHelp("Why, for those who look at the runs later.", valueName: "text"))
    var note: String?

    @Flag(help: "Show the plan and do nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Do not ask before it starts.")
    var yes = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let loaded = try PipelineArgument.load(pipeline, in: try options.directory)
        let given = try ParameterArguments.parse(params, for: loaded.manifest)
        _ = try loaded.manifest.resolveParameters(given)
        let zone = try loaded.manifest.schedule?.zone() ?? .utc
        let request = BackfillRequest(
            pipeline: loaded.manifest.pipeline,
            from: try Timestamp(text: from, in: zone),
            through: try Timestamp(text: to, in: zone),
            isBackwards: backwards,
            maxActiveRuns: maxActive,
            reprocess: try rule(),
            params: given,
            note: note
        )
        let workspace = Workspace(loaded.project)
        let store = try workspace.openStore()
        let now = SystemTime().now
        let dates = try await BackfillPlanning.dates(request, of: loaded.manifest, in: store, at: now)
        let plan = BackfillRecord(id: "", request: request, createdAt: now, dates: dates)
        if dryRun {
            await store.close()
            return show(plan)
        }
        if !json {
            show(plan)
            guard yes || confirmed() else {
                await store.close()
                return Output.talk("nothing was done")
            }
        }
        let client = workspace.operatorClient(store: store)
        let answer = try await client.ask(.backfill(request))
        await store.close()
        if json { return Output.result(answer.jsonText) }
        Output.result("backfill \(answer["id"]?.text ?? "")")
        if !client.isSchedulerRunning { Output.talk("it waits for a scheduler: start one with `martlet up`") }
    }

    private func rule() throws(MartletError) -> ReprocessRule {
        if let rule = ReprocessRule(rawValue: reprocess) { return rule }
        let all = ReprocessRule.allCases.map(\.rawValue)
        throw MartletError(
            .valueInvalid,
            "--reprocess is \"\(reprocess)\"",
            remedy: NearestName.of(reprocess, among: all).map { "did you mean \($0)?" }
                ?? "use \(all.joined(separator: ", "))"
        )
    }

    private func show(_ plan: BackfillRecord) {
        if json {
            Output.result(BackfillReport.json(plan).jsonText)
        } else {
            Output.result(BackfillReport.lines(plan, style: .standardOutput).joined(separator: "\n"))
        }
    }

    /// Asks, where somebody can answer; a script has said what it wants.
    private func confirmed() -> Bool {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return true }
        Output.talkRaw("start it? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}

/// `martlet backfill list`.
struct BackfillListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List backfills, newest first.")

    @Flag(help: "Also those that have ended.")
    var all = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Most backfills listed.", valueName: "count"))
    var limit = 20

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let found = try await store.backfills(unfinishedOnly: !all, limit: max(1, limit))
        await store.close()
        if json { return Output.result(JSONValue.array(found.map { BackfillReport.json($0) }).jsonText) }
        if found.isEmpty {
            return Output.talk(all ? "no backfills yet" : "no backfill is under way; --all lists past ones")
        }
        var table = TextTable([.left, .left, .left, .right])
        for backfill in found {
            let runs = backfill.dates.count { $0.run != nil && $0.decision != .skip }
            let wanted = backfill.dates.count { $0.decision != .skip }
            table.add([
                TextTable.Cell(text: backfill.id), TextTable.Cell(text: backfill.state.rawValue),
                TextTable.Cell(text: "\(backfill.request.from) to \(backfill.request.through)"),
                TextTable.Cell(text: "\(runs)/\(wanted) begun"),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet backfill show`.
struct BackfillShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a backfill, date by date.")

    @Argument(help: "A backfill's id.")
    var id: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let found = try await store.backfill(id)
        var states: [Int: RunState] = [:]
        for date in found?.dates ?? [] {
            guard let run = date.run, date.decision != .skip else { continue }
            states[date.ordinal] = try await store.projection(of: run)?.run.state
        }
        await store.close()
        guard let found else {
            throw MartletError(
                .requestRefused,
                "there is no backfill \(id)",
                remedy: "see `martlet backfill list --all`"
            )
        }
        if json { return Output.result(BackfillReport.json(found, states).jsonText) }
        Output.result(BackfillReport.lines(found, states, style: .standardOutput).joined(separator: "\n"))
    }
}

/// `martlet backfill pause`.
struct BackfillPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Start no more of its runs for now."
    )
    @OptionGroup var change: BackfillChange
    func run() async throws { try await change.apply(.paused) }
}

/// `martlet backfill resume`.
struct BackfillResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Let a paused backfill go on.")
    @OptionGroup var change: BackfillChange
    func run() async throws { try await change.apply(.running) }
}

/// `martlet backfill cancel`.
struct BackfillCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a backfill; runs that wait fail, those that run go on to their end."
    )
    @OptionGroup var change: BackfillChange
    func run() async throws { try await change.apply(.cancelled) }
}

/// What the commands that change a backfill share.
struct BackfillChange: ParsableArguments {
    @Argument(help: "A backfill's id.")
    var id: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func apply(_ state: BackfillState) async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let answer = try await workspace.operatorClient(store: store).ask(.changeBackfill(id: id, state))
        await store.close()
        Output.result(json ? answer.jsonText : "backfill \(id) is \(state.rawValue)")
    }
}
