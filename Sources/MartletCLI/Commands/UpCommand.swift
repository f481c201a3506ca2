import ArgumentParser
import MartletBroker
import MartletCore
import MartletRuntime

/// `martlet up`.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run the project's schedules.",
        discussion: """
            Makes runs when their time has come or datasets are written, executes
            them, and does what other commands ask (trigger, pause, rerun, ...).
            Files of pipelines are read again when they change.

            It stays in the foreground. Ctrl-C ends it, and the steps that run;
            the next start goes on where it was. So it does after kill -9: runs
            continue, and dates that were missed follow each schedule's catchup.
            One per project; a second one is refused.

            It also serves the project's streams to any Kafka client, at the address
            that it prints; `streams:` in martlet.yaml names a cluster in its place.

              martlet up
              martlet up --slots 64 --json >> up.jsonl
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Most steps at once, over all runs.", valueName: "count"))
    var slots: Int?

    @Flag(help: "Print one JSON object for each thing that happens, on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Only say how runs end, and what goes wrong.")
    var quiet = false

    @OptionGroup var metrics: MetricsOptions

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        if let slots, !(1...Limits.totalSlots).contains(slots) {
            throw MartletError(.commandLineInvalid, "--slots is \(slots)", remedy: "use 1 to \(Limits.totalSlots)")
        }
        RunSession.raiseDescriptorLimit()
        let store = try workspace.openStore()
        let folder = PipelineFolder(workspace.project)
        let view = UpView(style: .standardError, asJSON: json, quiet: quiet, folder: folder)
        let scheduler = workspace.scheduler(store: store, pipelines: folder, totalSlots: slots, observer: view)
        let streams = try await EmbeddedLog.start(for: workspace)
        if let streams { view.serves(streams.address) }
        let metrics: MetricsServer?
        do {
            metrics = try await self.metrics.start { await streams?.metricsText() ?? "" }
        } catch {
            try? await streams?.stop()
            await store.close()
            throw error
        }
        if let metrics { view.measures(metrics.address) }
        let work = Task { () -> Result<Void, MartletError> in
            do throws(MartletError) {
                return .success(try await scheduler.run())
            } catch {
                return .failure(error)
            }
        }
        let signals = SignalWatch { _ in work.cancel() }
        let result = await work.value
        withExtendedLifetime(signals) {}
        await metrics?.stop()
        try? await streams?.stop()
        await store.close()
        try result.get()
    }
}
