import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet runs cancel`.
struct RunsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop a run: its processes are ended, the rest never starts."
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let answer = try await cancel(id, workspace, workspace.operatorClient(store: store))
        await store.close()
        Output.result(json ? answer.jsonText : "\(id)  \(answer["state"]?.text ?? "")")
    }

    private func cancel(
        _ id: RunID,
        _ workspace: Workspace,
        _ client: OperatorClient
    ) async throws(MartletError) -> JSONValue {
        let refusal: MartletError
        do throws(MartletError) {
            return try await client.ask(.cancel(id))
        } catch {
            refusal = error
        }
        guard refusal.code == .runHeld else { throw refusal }
        // A run of `martlet run`: its own process stops it, as after Ctrl-C.
        try RunSignal.stop(id, workspace.layout, refusal)
        return .object(["run_id": .string(id.rawValue), "state": "cancelling"])
    }
}

/// `martlet runs rerun`.
struct RunsRerunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Run steps of a run again.",
        discussion: """
            Without --from all steps run again; with it these, and all after them.
            Attempts go on counting, and retries are counted anew. A run that had
            ended goes on; `martlet up` executes it, or this command with --here.

              martlet runs rerun latest --from train
              martlet runs rerun latest --failed --version now
              martlet runs rerun latest --from 'each[3]' --only --dry-run
            """
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run: String

    @Option(help: ArgumentHelp("A step, or one instance as in each[3]; may be repeated.", valueName: "step"))
    var from: [String] = []

    @Flag(help: "Only the steps named, not those after them.")
    var only = false

    @Flag(help: "Also all steps before them.")
    var upstream = false

    @Flag(help: "Only steps that failed, or did not start because others failed.")
    var failed = false

    @Option(
        help: ArgumentHelp("The pipeline of `then` or of `now`; by default as the pipeline says.", valueName: "which")
    )
    var version: String?

    @Option(help: ArgumentHelp("Why, for those who look at the run later.", valueName: "text"))
    var note: String?

    @Flag(help: "Say what would run again, and do nothing.")
    var dryRun = false

    @Flag(help: "Execute the run here and now, as `martlet run` does.")
    var here = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let steps = try from.map { text throws(MartletError) in try InstanceArgument.parse(text) }
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let client = workspace.operatorClient(store: store)
        if here, client.isSchedulerRunning {
            throw MartletError(
                .commandLineInvalid,
                "--here is for projects without a scheduler",
                remedy: "leave it out: `martlet up` executes the run"
            )
        }
        let request = ClearRequest(
            run: id,
            steps: steps,
            downstream: !only,
            upstream: upstream,
            onlyFailed: failed,
            latestVersion: try latest(),
            isDryRun: dryRun,
            note: note
        )
        let answer = try await client.ask(.clear(request))
        if here, !dryRun {
            let service = try await workspace.ownRunService(store: store)
            let execution = try await service.runs.resume(id)
            return try await RunSession(
                workspace: workspace,
                store: store,
                waits: service.waits,
                json: json,
                quiet: false
            )
            .follow(execution)
        }
        await store.close()
        if json { return Output.result(answer.jsonText) }
        let names = answer["steps"]?.texts ?? []
        let verb = dryRun ? "would run again" : "run again"
        Output.result(
            "\(names.count) step\(names.count == 1 ? "" : "s") \(verb): \(names.prefix(20).joined(separator: ", "))"
        )
        if !dryRun, !client.isSchedulerRunning {
            Output.talk("the run waits: start `martlet up`, or go on here with `martlet runs resume \(id)`")
        }
    }

    private func latest() throws(MartletError) -> Bool? {
        switch version {
        case nil: return nil
        case "then": return false
        case "now": return true
        case let other?:
            throw MartletError(.commandLineInvalid, "--version is \"\(other)\"", remedy: "use then or now")
        }
    }
}

/// `martlet runs mark`.
struct RunsMarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark",
        abstract: "Set the state of steps, or of a run.",
        discussion: """
            A step that runs is ended. After a step is marked as a success, steps that
            failed only because of it get another chance.

              martlet runs mark latest train --success
              martlet runs mark latest --failed
            """
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run: String

    @Argument(help: "Steps, or instances as in each[3]; none means the run.")
    var steps: [String] = []

    @Flag(help: "Mark as a success.")
    var success = false

    @Flag(help: "Mark as failed.")
    var failed = false

    @Flag(help: "Mark steps as skipped.")
    var skipped = false

    @Option(help: ArgumentHelp("Why, for those who look at the run later.", valueName: "text"))
    var note: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let chosen: [(Bool, StepState)] = [(success, .success), (failed, .failed), (skipped, .skipped)]
        guard let state = chosen.first(where: \.0)?.1, chosen.count(where: \.0) == 1 else {
            throw MartletError(
                .commandLineInvalid,
                "say as what to mark it",
                remedy: "give one of --success, --failed and --skipped"
            )
        }
        let marked = try steps.map { text throws(MartletError) in try InstanceArgument.parse(text) }
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let request = MarkRequest(run: id, steps: marked, state: state, note: note)
        let answer = try await workspace.operatorClient(store: store).ask(.mark(request))
        await store.close()
        let what = marked.isEmpty ? id.rawValue : marked.map(\.description).joined(separator: ", ")
        Output.result(json ? answer.jsonText : "\(what)  \(state.rawValue)")
    }
}

/// `martlet runs answer`.
struct RunsAnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer a step that waits for a person.",
        discussion: "  martlet runs answer latest review approve"
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run: String

    @Argument(help: "The step.")
    var step: String

    @Argument(help: "One of the answers that it offers.")
    var option: String

    @Option(help: ArgumentHelp("Who answers; the user's name when not given.", valueName: "name"))
    var by: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let instance = try InstanceArgument.parse(step)
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let request = AnswerRequest(run: id, step: instance, option: option, by: by ?? workspace.userName)
        let answer = try await workspace.operatorClient(store: store).ask(.answer(request))
        await store.close()
        Output.result(json ? answer.jsonText : "\(instance)  \(option)")
    }
}

/// A step that a user names.
enum InstanceArgument {
    /// - Throws: ``MartletError`` MT1004 for what is neither a step nor an instance of one.
    static func parse(_ text: String) throws(MartletError) -> InstanceID {
        if let id = InstanceID(text) { return id }
        throw MartletError(
            .nameInvalid,
            "\"\(text)\" is not a step",
            remedy: "write its id, or one instance of a mapped step as in each[3]"
        )
    }
}

extension JSONValue {
    /// The texts of a list of strings; nil for other values.
    var texts: [String]? { if case .array(let elements) = self { elements.compactMap(\.text) } else { nil } }
}
