import ArgumentParser
import MartletCore
import MartletRuntime
import MartletScheduling

/// `martlet runs show`.
struct RunsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a run: its steps, values, datasets and errors.",
        discussion: "Instances of a mapped step stand in one line; `martlet explain` tells why a step waits."
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run = "latest"

    @Flag(help: "Show every instance of mapped steps.")
    var all = false

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
        var reasons: [InstanceID: String] = [:]
        if !json, !projection.run.state.isTerminal {
            let sources = ExplanationSources(workspace: workspace, store: store, time: SystemTime())
            for group in try await sources.explainer(of: id).explainRun().groups where group.state != .running {
                for instance in group.instances { reasons[instance] = group.predicate }
            }
        }
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
            showsInstances: all,
            reasons: reasons,
            now: SystemTime().now
        )
        Output.result(text.lines.joined(separator: "\n"))
        if interrupted { Output.talk("\ngo on with `martlet runs resume \(id)`") }
        for entry in log {
            Output.result("\(entry.sequence)  \(entry.at)  \(JSONText.encode(entry.event))")
        }
    }
}
