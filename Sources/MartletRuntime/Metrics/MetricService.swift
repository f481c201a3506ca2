public import MartletCore
import MartletQuality

/// Keeps the metrics of runs that have ended, judged by those of the runs before.
///
/// They follow from the runs' logs: what a process that was killed did not come to is made up for by ``catchUp``.
public struct MetricService: Sendable {
    /// Told of the metrics of a run once they are kept, with those among them that begin an episode.
    public typealias Report = @Sendable (_ metrics: RunMetrics, _ beginnings: [RunMetric]) async -> Void

    private let runs: any RunStore
    private let metrics: any MetricStore
    private let report: Report

    /// A service over a project's state.
    public init(runs: any RunStore, metrics: any MetricStore, report: @escaping Report = { _, _ in }) {
        self.runs = runs
        self.metrics = metrics
        self.report = report
    }

    /// Makes, judges and keeps the metrics of a run; nil when it has not ended.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store fails.
    @discardableResult
    public func record(_ run: RunID) async throws(MartletError) -> RunMetrics? {
        let log = try await runs.events(of: run)
        guard let reading = MetricReader.reading(of: run, log: log) else { return nil }
        let history = try await metrics.metrics(of: reading.pipeline, series: nil, limit: Limits.metricHistory)
        let judge = MetricJudge(history: history, feedback: try await metrics.feedback(on: reading.pipeline))
        let known = try await metrics.recorded([run])[run]
        let result = RunMetrics(
            run: run,
            pipeline: reading.pipeline,
            sequence: reading.sequence,
            metrics: judge.judge(reading)
        )
        try await metrics.record(result)
        // A run that goes on after its end was told of before.
        if known == nil { await report(result, result.metrics.filter(judge.beginsEpisode)) }
        return result
    }

    /// Makes, judges and keeps the metrics of a run that has ended, unless that was done.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store fails.
    public func record(ifMissing run: RunID) async throws(MartletError) {
        if try await metrics.recorded([run])[run] == nil { try await record(run) }
    }

    /// Makes up for runs of a pipeline that ended without their metrics being kept, the newest of them.
    ///
    /// - Returns: how many there were.
    /// - Throws: ``MartletError`` MT8xxx when the store fails.
    @discardableResult
    public func catchUp(_ pipeline: PipelineID, limit: Int = Limits.metricCatchUp) async throws(MartletError) -> Int {
        let ended = try await runs.runs(RunFilter(pipeline: pipeline, limit: limit)).filter { $0.state.isTerminal }
        let recorded = try await metrics.recorded(ended.map(\.id))
        let missing = ended.filter { recorded[$0.id] != $0.lastSequence }
            .sorted { ($0.finishedAt ?? $0.createdAt) < ($1.finishedAt ?? $1.createdAt) }
        for run in missing { try await record(run.id) }
        return missing.count
    }
}
