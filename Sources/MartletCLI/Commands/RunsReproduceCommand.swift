import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet runs reproduce`.
struct RunsReproduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Run once more what a run did, and compare what comes of it.",
        discussion: """
            The same version of the pipeline runs with the same parameters and the
            sources as that run read them, whatever they are today. No earlier
            result is reused and nothing is published. Code outside the pipeline
            file, such as scripts, is that of today.
            Exit codes: 0 all datasets are the same, 1 something differs.
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
        let service = try await workspace.ownRunService(store: store)
        let plan = ReproductionPlan(try await service.runs.load(id).machine)
        let execution = try await service.runs.create(try plan.request(martletVersion: MartletVersion.text))
        let session = RunSession(workspace: workspace, store: store, waits: service.waits, json: json, quiet: quiet)
        let end = try await session.watch(execution)
        await store.close()
        let comparisons = plan.compare(with: end)
        let report = ReproductionReport(original: id, end: end.run, comparisons: comparisons)
        Output.result(json ? report.json.jsonText : report.lines(.standardOutput).joined(separator: "\n"))
        if !report.isSame { throw CommandFailure.silent(ExitStatus.workFailed) }
    }
}
