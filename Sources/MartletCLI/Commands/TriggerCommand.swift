import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet trigger`.
struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Ask the scheduler for a run of a pipeline.",
        discussion: """
            The run is executed by `martlet up`; without one it waits until the next
            is started. `martlet run` executes a run itself, here and now.

              martlet trigger flight_delays -p month=6
              martlet trigger flight_delays --logical-date 2026-06-01 --wait
            """
    )

    @Argument(help: "A pipeline's name.")
    var pipeline: String

    @Option(
        name: [.customShort("p"), .customLong("param")],
        help: ArgumentHelp("A parameter; may be repeated.", valueName: "name=value")
    )
    var params: [String] = []

    @Option(help: ArgumentHelp("The date the run stands for.", valueName: "instant"))
    var logicalDate: String?

    @Option(help: ArgumentHelp("Why, for those who look at the run later.", valueName: "text"))
    var note: String?

    @Flag(help: "Wait until the run has ended; exit code 1 when it did not succeed.")
    var wait = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        // What is wrong with the request is said before anything is written.
        let loaded = try PipelineArgument.load(pipeline, in: try options.directory)
        let given = try ParameterArguments.parse(params, for: loaded.manifest)
        _ = try loaded.manifest.resolveParameters(given)
        let zone = try loaded.manifest.schedule?.zone() ?? .utc
        let date = try logicalDate.map { (text) throws(MartletError) in try Timestamp(text: text, in: zone) }
        let workspace = Workspace(loaded.project)
        let store = try workspace.openStore()
        let client = workspace.operatorClient(store: store)
        let answer = try await client.ask(
            .trigger(
                TriggerRequest(pipeline: loaded.manifest.pipeline, params: given, logicalDate: date, note: note)
            )
        )
        let id = RunID(trusted: answer["run_id"]?.text ?? "")
        if !wait {
            if json { Output.result(answer.jsonText) } else { tell(id, client.isSchedulerRunning) }
            return await store.close()
        }
        let projection = try await RunFollower(store: store, isSchedulerRunning: { client.isSchedulerRunning }).end(
            of: id
        )
        await store.close()
        if json {
            Output.result(RunReport.json(projection).jsonText)
        } else {
            Output.result("\(id)  \(projection.run.state.rawValue)")
        }
        if projection.run.state != .success { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    private func tell(_ id: RunID, _ isSchedulerRunning: Bool) {
        Output.result(id.rawValue)
        if !isSchedulerRunning {
            Output.talk("it waits: no scheduler runs; start one with `martlet up`, or `martlet runs resume \(id)`")
        }
    }
}

/// Waits for runs that another process executes.
struct RunFollower {
    let store: any StateStore
    let isSchedulerRunning: () -> Bool

    /// The run once it has ended.
    ///
    /// - Throws: ``MartletError`` MT2021 when the scheduler that was to execute it is gone.
    func end(of id: RunID) async throws(MartletError) -> RunProjection {
        while true {
            if let projection = try await store.projection(of: id), projection.run.state.isTerminal {
                return projection
            }
            if !isSchedulerRunning() {
                throw MartletError(
                    .requestRefused,
                    "no scheduler runs, so run \(id) waits",
                    remedy: "start one with `martlet up`, or execute the run with `martlet runs resume \(id)`"
                )
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension JSONValue {
    /// The text of a string; nil for other values.
    var text: String? { if case .string(let text) = self { text } else { nil } }
}
