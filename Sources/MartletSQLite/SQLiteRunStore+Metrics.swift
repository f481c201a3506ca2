import GRDB
public import MartletCore

// Metrics are written once a run, after its end: each change is a short transaction of its own.
extension SQLiteRunStore: MetricStore {
    /// Keeps the metrics of a run in place of those it had.
    public func record(_ metrics: RunMetrics) async throws(MartletError) {
        try await write { try MetricTable(db: $0).record(metrics) }
    }

    /// For those of `runs` whose metrics are kept, the event that they were made from last.
    public func recorded(_ runs: [RunID]) async throws(MartletError) -> [RunID: Int] {
        try await read { try MetricTable(db: $0).recorded(runs) }
    }

    /// The newest metrics of a pipeline, oldest first.
    public func metrics(
        of pipeline: PipelineID,
        series: MetricSeriesID?,
        limit: Int
    ) async throws(MartletError) -> [RunMetric] {
        try await read { try MetricTable(db: $0).metrics(of: pipeline, series: series, limit: limit) }
    }

    /// The metrics of a run; nil when none are kept.
    public func metrics(of run: RunID) async throws(MartletError) -> RunMetrics? {
        try await read { try MetricTable(db: $0).metrics(of: run) }
    }

    /// Pipelines with metrics, by name.
    public func pipelinesWithMetrics() async throws(MartletError) -> [PipelineID] {
        try await read { try MetricTable(db: $0).pipelines() }
    }

    /// Anomalous metrics, newest first.
    public func anomalies(
        of pipeline: PipelineID?,
        limit: Int
    ) async throws(MartletError) -> [(pipeline: PipelineID, metric: RunMetric)] {
        try await read { try MetricTable(db: $0).anomalies(of: pipeline, limit: limit) }
    }

    /// Keeps what people said, all of it or none.
    public func add(_ feedback: [MetricFeedback]) async throws(MartletError) {
        try await write { db in for item in feedback { try MetricTable(db: db).add(item) } }
    }

    /// What people said of a pipeline's metrics, in the order in which they said it.
    public func feedback(on pipeline: PipelineID) async throws(MartletError) -> [MetricFeedback] {
        try await read { try MetricTable(db: $0).feedback(on: pipeline) }
    }
}
