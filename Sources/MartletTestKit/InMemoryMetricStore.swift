public import MartletCore
import Synchronization

/// A store of metrics that lives as long as the object: the fake of ``MetricStore``.
public final class InMemoryMetricStore: MetricStore {
    private struct State {
        var runs: [RunID: RunMetrics] = [:]
        var feedback: [MetricFeedback] = []

        /// All metrics by time, oldest first.
        var metrics: [(pipeline: PipelineID, metric: RunMetric)] {
            runs.values.flatMap { run in run.metrics.map { (pipeline: run.pipeline, metric: $0) } }
                .sorted { left, right in
                    let (left, right) = (left.metric, right.metric)
                    return (left.at, left.run.rawValue, left.series.description)
                        < (right.at, right.run.rawValue, right.series.description)
                }
        }
    }

    private let state = Mutex(State())

    /// A store with nothing in it.
    public init() {}

    /// Keeps the metrics of a run in place of those it had.
    public func record(_ metrics: RunMetrics) async throws(MartletError) {
        state.withLock { $0.runs[metrics.run] = metrics }
    }

    /// For those of `runs` whose metrics are kept, the event that they were made from last.
    public func recorded(_ runs: [RunID]) async throws(MartletError) -> [RunID: Int] {
        state.withLock { state in
            Dictionary(runs.compactMap { run in state.runs[run].map { (run, $0.sequence) } }) { $1 }
        }
    }

    /// The newest metrics of a pipeline, oldest first.
    public func metrics(
        of pipeline: PipelineID,
        series: MetricSeriesID?,
        limit: Int
    ) async throws(MartletError) -> [RunMetric] {
        state.withLock { state in
            let all = state.metrics.filter { $0.pipeline == pipeline && (series == nil || $0.metric.series == series) }
            return all.suffix(limit).map(\.metric)
        }
    }

    /// The metrics of a run; nil when none are kept.
    public func metrics(of run: RunID) async throws(MartletError) -> RunMetrics? {
        state.withLock { state in
            state.runs[run].map { metrics in
                var metrics = metrics
                metrics.metrics.sort { $0.series < $1.series }
                return metrics
            }
        }
    }

    /// Pipelines with metrics, by name.
    public func pipelinesWithMetrics() async throws(MartletError) -> [PipelineID] {
        state.withLock { Set($0.runs.values.map(\.pipeline)).sorted() }
    }

    /// Anomalous metrics, newest first.
    public func anomalies(
        of pipeline: PipelineID?,
        limit: Int
    ) async throws(MartletError) -> [(pipeline: PipelineID, metric: RunMetric)] {
        let found = state.withLock { state in
            state.metrics.filter {
                $0.metric.verdict.state == .anomalous && (pipeline == nil || $0.pipeline == pipeline)
            }
        }
        let newest = found.sorted { left, right in
            if (left.metric.at, left.metric.run.rawValue) != (right.metric.at, right.metric.run.rawValue) {
                return (left.metric.at, left.metric.run.rawValue) > (right.metric.at, right.metric.run.rawValue)
            }
            return left.metric.series < right.metric.series
        }
        return Array(newest.prefix(limit))
    }

    /// Keeps what people said.
    public func add(_ feedback: [MetricFeedback]) async throws(MartletError) {
        state.withLock { $0.feedback += feedback }
    }

    /// What people said of a pipeline's metrics, in the order in which they said it.
    public func feedback(on pipeline: PipelineID) async throws(MartletError) -> [MetricFeedback] {
        state.withLock { $0.feedback.filter { $0.pipeline == pipeline } }
    }
}
