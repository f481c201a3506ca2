public import MartletCore

/// Tells the notifiers of a pipeline when metrics of its runs begin to be unusual: one alert for each run.
public struct AnomalyAlerts: Sendable {
    private let store: any RunStore
    private let router: NotifierRouter

    /// Alerts by way of `router`, to the notifiers that the pipeline's failures go to.
    public init(store: any RunStore, router: NotifierRouter) {
        self.store = store
        self.router = router
    }

    /// What a ``MetricService`` is to report to.
    public var report: MetricService.Report {
        { metrics, beginnings in await self.send(beginnings, of: metrics) }
    }

    private func send(_ beginnings: [RunMetric], of metrics: RunMetrics) async {
        guard let first = beginnings.max(by: { $0.verdict.score < $1.verdict.score }) else { return }
        var names: [NotifierID] = []
        // Without the manifest the log of alerts is still told.
        if let summary = try? await store.projection(of: metrics.run)?.run,
            let manifest = try? await store.manifest(hash: summary.manifestHash)
        {
            names = manifest.policy.notifyOnFailure.map(NotifierID.init(trusted:))
        }
        router.send(Self.alert(first, among: beginnings.count, of: metrics), to: names)
    }

    /// The alert that tells of the most surprising of a run's metrics.
    static func alert(_ metric: RunMetric, among count: Int, of metrics: RunMetrics) -> Alert {
        let verdict = metric.verdict
        let bounds = [verdict.lower, verdict.upper].map { $0.map { "\($0)" } ?? "any" }
        let others = count > 1 ? "; \(count - 1) more metrics of the run are unusual" : ""
        let expected = verdict.expected.map { "\($0)" } ?? "something else"
        return Alert(
            id: "anomaly/\(metrics.run)",
            kind: .anomaly,
            at: metric.at,
            text: "\(metric.series) of run \(metrics.run) is \(metric.value), expected \(expected) "
                + "(\(bounds[0]) to \(bounds[1]), rule \(verdict.rule ?? "point"))\(others)",
            pipeline: metrics.pipeline,
            run: metrics.run
        )
    }
}
