/// Keeps the metrics that runs left, and what people said of them.
///
/// Metrics follow from the logs of runs, which are the truth: what is missing here can be made again from those.
public protocol MetricStore: Sendable {
    /// Keeps the metrics of a run in place of those it had, whole or not at all.
    func record(_ metrics: RunMetrics) async throws(MartletError)

    /// For those of `runs` whose metrics are kept, the event that they were made from last.
    func recorded(_ runs: [RunID]) async throws(MartletError) -> [RunID: Int]

    /// The newest metrics of a pipeline, oldest first, at most `limit` in all; of one series only, if given.
    func metrics(
        of pipeline: PipelineID,
        series: MetricSeriesID?,
        limit: Int
    ) async throws(MartletError) -> [RunMetric]

    /// The metrics of a run with its pipeline; nil when none are kept.
    func metrics(of run: RunID) async throws(MartletError) -> RunMetrics?

    /// Pipelines with metrics, by name.
    func pipelinesWithMetrics() async throws(MartletError) -> [PipelineID]

    /// Anomalous metrics, newest first, at most `limit`; of one pipeline only, if given.
    func anomalies(
        of pipeline: PipelineID?,
        limit: Int
    ) async throws(MartletError) -> [(pipeline: PipelineID, metric: RunMetric)]

    /// Keeps what people said, all of it or none; about the same metric, what is said last counts.
    func add(_ feedback: [MetricFeedback]) async throws(MartletError)

    /// What people said of a pipeline's metrics, in the order in which they said it.
    func feedback(on pipeline: PipelineID) async throws(MartletError) -> [MetricFeedback]
}
