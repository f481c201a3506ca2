public import MartletCore
import Testing

/// What every store of metrics does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum MetricStoreConformance: String, CaseIterable, Sendable {
    case readsBackWhatWasRecorded
    case replacesTheMetricsOfARun
    case givesTheNewestOldestFirst
    case knowsWhichRunsAreRecorded
    case listsAnomaliesNewestFirst
    case keepsFeedbackInOrder

    /// Checks the behaviour of `store`, which is empty.
    public func check(_ store: some MetricStore) async throws {
        switch self {
        case .readsBackWhatWasRecorded:
            let metrics = run(
                "p/1",
                at: 10,
                [("run:duration", 1.5, .anomalous), ("dataset:a/b:bytes", 1e9, .learning)]
            )
            try await store.record(metrics)
            let found = try #require(await store.metrics(of: metrics.run))
            #expect(found.metrics == metrics.metrics.sorted { $0.series < $1.series })
            #expect(found.pipeline == metrics.pipeline)
            #expect(try await store.pipelinesWithMetrics() == [metrics.pipeline])
            #expect(try await store.metrics(of: RunID(trusted: "p/2")) == nil)
        case .replacesTheMetricsOfARun:
            try await store.record(run("p/1", at: 10, [("run:duration", 1, .learning), ("step:s:rows", 5, .learning)]))
            let again = run("p/1", at: 20, [("run:duration", 2, .learning)], sequence: 9)
            try await store.record(again)
            #expect(try await store.metrics(of: again.run) == again)
            #expect(try await store.metrics(of: again.pipeline, series: nil, limit: 9) == again.metrics)
        case .givesTheNewestOldestFirst:
            for index in 1...5 {
                try await store.record(
                    run(
                        "p/\(index)",
                        at: index,
                        [("run:duration", Double(index), .normal), ("step:s:rows", 7, .normal)]
                    )
                )
            }
            try await store.record(run("q/1", at: 3, [("run:duration", 99, .normal)]))
            let series = MetricSeriesID(.run, "duration")
            let pipeline = PipelineID(trusted: "p")
            #expect(try await store.metrics(of: pipeline, series: series, limit: 3).map(\.value) == [3, 4, 5])
            #expect(try await store.metrics(of: pipeline, series: nil, limit: 100).count == 10)
        case .knowsWhichRunsAreRecorded:
            try await store.record(run("p/1", at: 1, [], sequence: 4))
            let runs = [RunID(trusted: "p/1"), RunID(trusted: "p/2")]
            #expect(try await store.recorded(runs) == [runs[0]: 4])
        case .listsAnomaliesNewestFirst:
            for index in 1...4 {
                try await store.record(
                    run(
                        "p/\(index)",
                        at: index,
                        [("run:duration", 1, index == 2 ? .normal : .anomalous), ("step:a:rows", 1, .anomalous)]
                    )
                )
            }
            try await store.record(run("q/1", at: 9, [("run:duration", 1, .anomalous)]))
            let all = try await store.anomalies(of: nil, limit: 3)
            #expect(all.map(\.metric.run.rawValue) == ["q/1", "p/4", "p/4"])
            #expect(all.map(\.metric.series.description) == ["run:duration", "run:duration", "step:a:rows"])
            #expect(try await store.anomalies(of: PipelineID(trusted: "p"), limit: 99).count == 7)
        case .keepsFeedbackInOrder:
            let said = [MetricFeedback.Judgement.incident, .expected, .incident].enumerated().map { index, judgement in
                MetricFeedback(
                    pipeline: PipelineID(trusted: "p"),
                    series: MetricSeriesID(.run, "duration"),
                    run: RunID(trusted: "p/\(index)"),
                    judgement: judgement,
                    by: "ada",
                    at: Timestamp(microseconds: Int64(index))
                )
            }
            try await store.add([said[0]])
            try await store.add(Array(said[1...]))
            #expect(try await store.feedback(on: PipelineID(trusted: "p")) == said)
            #expect(try await store.feedback(on: PipelineID(trusted: "q")).isEmpty)
        }
    }

    private func run(
        _ id: String,
        at: Int,
        _ values: [(String, Double, MetricVerdict.State)],
        sequence: Int = 1
    ) -> RunMetrics {
        let run = RunID(trusted: id)
        let metrics = values.compactMap { name, value, state in
            MetricSeriesID(name).map { series in
                RunMetric(
                    series: series,
                    run: run,
                    at: Timestamp(microseconds: Int64(at)),
                    value: value,
                    verdict: MetricVerdict(state, expected: value / 2, lower: nil, upper: 1e6, score: 0.25, history: at)
                )
            }
        }
        let pipeline = PipelineID(trusted: String(id.prefix { $0 != "/" }))
        return RunMetrics(run: run, pipeline: pipeline, sequence: sequence, metrics: metrics)
    }
}
