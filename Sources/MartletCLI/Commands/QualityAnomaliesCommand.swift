import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet quality anomalies`.
struct QualityAnomaliesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anomalies",
        abstract: "See unusual numbers of runs, and say what they were.",
        discussion: """
              martlet quality anomalies
              martlet quality anomalies ack latest --as expected
              martlet quality anomalies ack dataset:flights/raw:rows --as incident

            What is expected is learned at once; what was an incident never is.
            """,
        subcommands: [AnomaliesListCommand.self, AnomaliesAcknowledgeCommand.self],
        defaultSubcommand: AnomaliesListCommand.self
    )
}

/// `martlet quality anomalies list`.
struct AnomaliesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List unusual numbers of runs, newest first."
    )

    @Argument(help: "A pipeline's name; all by default.")
    var pipeline: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most anomalies listed.", valueName: "count"))
    var limit = Limits.listedAnomalies

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let pipelines = try await MetricPipelines.named(pipeline, in: store)
        let found = try await store.anomalies(of: pipeline == nil ? nil : pipelines.first, limit: max(1, limit))
        var feedback: [MetricFeedback] = []
        for pipeline in Set(found.map(\.pipeline)) { feedback += try await store.feedback(on: pipeline) }
        await store.close()
        let list = AnomalyList(anomalies: found, feedback: feedback)
        if json { return Output.result(JSONText.encode(list.json)) }
        if found.isEmpty { return Output.talk("nothing unusual") }
        Output.result(list.lines(.standardOutput).joined(separator: "\n"))
    }
}

/// `martlet quality anomalies ack`.
struct AnomaliesAcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Say what an unusual number was.",
        discussion: """
            Names a run, for all of its anomalies, or a series, for its newest one.

              martlet quality anomalies ack flight_delays-20260102T060000Z-abcdef --as expected
              martlet quality anomalies ack run:duration --pipeline flight_delays --as incident
            """
    )

    @Argument(help: "A run (its id, its end, or latest), or a series such as dataset:flights/raw:rows.")
    var subject: String

    @Option(name: .customLong("as"), help: "expected: learn it at once; incident: never learn from it.")
    var judgement: String

    @Option(help: "The pipeline of the series, when several have one of that name.")
    var pipeline: String?

    @Flag(help: "Print a JSON array of what was noted.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        guard let judgement = MetricFeedback.Judgement(rawValue: judgement) else {
            let known = MetricFeedback.Judgement.allCases.map(\.rawValue)
            throw MartletError(
                .commandLineInvalid,
                "--as \(judgement) is neither \(known.joined(separator: " nor "))",
                remedy: NearestName.of(judgement, among: known).map { "did you mean \($0)?" } ?? "use one of these"
            )
        }
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let found = try await anomalies(in: store)
        let by = "\(workspace.userName)@\(Workspace.hostName)"
        let now = SystemTime().now
        let feedback = found.map { pipeline, metric in
            MetricFeedback(
                pipeline: pipeline,
                series: metric.series,
                run: metric.run,
                judgement: judgement,
                by: by,
                at: now
            )
        }
        try await store.add(feedback)
        await store.close()
        if json { return Output.result(JSONText.encode(feedback)) }
        for item in feedback { Output.talk("\(item.series) of run \(item.run) is noted as \(item.judgement.rawValue)") }
    }

    private func anomalies(
        in store: any StateStore
    ) async throws(MartletError) -> [(pipeline: PipelineID, metric: RunMetric)] {
        if let series = MetricSeriesID(subject) {
            let chosen = try await MetricPipelines.named(pipeline, in: store)
            var found: [(pipeline: PipelineID, metric: RunMetric)] = []
            for pipeline in chosen {
                let metrics = try await store.metrics(of: pipeline, series: series, limit: Limits.metricHistory)
                if let last = metrics.last(where: { $0.verdict.state == .anomalous }) { found.append((pipeline, last)) }
            }
            if found.count == 1 { return found }
            throw MartletError(
                .metricSeriesUnknown,
                found.isEmpty
                    ? "nothing unusual is known of \(subject)"
                    : "several pipelines have something unusual in \(subject)",
                reason: found.isEmpty ? nil : found.map(\.pipeline.rawValue).joined(separator: ", "),
                remedy: found.isEmpty ? "see `martlet quality anomalies`" : "say which with --pipeline"
            )
        }
        let run = try await RunArgument.resolve(subject, in: store)
        try await MetricService(runs: store, metrics: store).record(ifMissing: run)
        let metrics = try await store.metrics(of: run)
        let found = (metrics?.metrics ?? []).filter { $0.verdict.state == .anomalous }
        guard let metrics, !found.isEmpty else {
            throw MartletError(
                .metricSeriesUnknown,
                "run \(run) left nothing unusual",
                remedy: "see `martlet quality anomalies`; a series is named like dataset:flights/raw:rows"
            )
        }
        return found.map { (pipeline: metrics.pipeline, metric: $0) }
    }
}
