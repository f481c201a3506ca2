import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet quality metrics`.
struct QualityMetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Show the numbers that runs left, and how they were judged.",
        discussion: """
            Each run leaves its duration, those of its steps, the size of what it wrote, and
            the numbers that its steps reported. Each number is judged by those of earlier
            runs that succeeded.

              martlet quality metrics
              martlet quality metrics flight_delays --json
            """
    )

    @Argument(help: "A pipeline's name; all by default.")
    var pipeline: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most metrics read for a pipeline.", valueName: "count"))
    var limit = Limits.metricHistory

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let pipelines = try await MetricPipelines.named(pipeline, in: store)
        var reports: [MetricReport] = []
        for pipeline in pipelines {
            let metrics = try await store.metrics(of: pipeline, series: nil, limit: max(1, limit))
            reports.append(MetricReport(pipeline: pipeline, metrics: metrics, now: SystemTime().now))
        }
        await store.close()
        if json {
            let list = JSONValue.object(["pipelines": .array(reports.map(\.json))])
            return Output.result(JSONText.encode(list))
        }
        if reports.allSatisfy(\.series.isEmpty) {
            return Output.talk("no run has left a metric yet; run a pipeline with `martlet run`")
        }
        let style = Style.standardOutput
        Output.result(reports.map { $0.lines(style).joined(separator: "\n") }.joined(separator: "\n\n"))
    }
}

/// Pipelines that commands about metrics mean.
enum MetricPipelines {
    /// The pipeline of that name, or all with metrics; what was not kept of their runs is made up for.
    ///
    /// - Throws: ``MartletError`` MT5044 when the project has no run of that pipeline, MT8xxx when the store fails.
    static func named(_ name: String?, in store: any StateStore) async throws(MartletError) -> [PipelineID] {
        let ran = try await store.runs(RunFilter(limit: Limits.metricCatchUp)).map(\.pipeline)
        let known = Set(try await store.pipelinesWithMetrics() + ran).sorted()
        var chosen = known
        if let name {
            chosen = known.filter { $0.rawValue == name }
            if chosen.isEmpty {
                throw MartletError(
                    .metricSeriesUnknown,
                    "no run of a pipeline \(name) has left metrics",
                    remedy: NearestName.of(name, among: known.map(\.rawValue)).map { "did you mean \($0)?" }
                        ?? "see `martlet runs list`"
                )
            }
        }
        let service = MetricService(runs: store, metrics: store)
        for pipeline in chosen { try await service.catchUp(pipeline) }
        return chosen
    }
}
