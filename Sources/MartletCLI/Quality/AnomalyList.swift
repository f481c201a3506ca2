import MartletCore

/// Unusual numbers of runs, and what people said of them.
struct AnomalyList {
    let anomalies: [(pipeline: PipelineID, metric: RunMetric)]
    private var said: [String: MetricFeedback] = [:]

    init(anomalies: [(pipeline: PipelineID, metric: RunMetric)], feedback: [MetricFeedback]) {
        self.anomalies = anomalies
        for item in feedback { said["\(item.run) \(item.series)"] = item }
    }

    private func feedback(on metric: RunMetric) -> MetricFeedback? { said["\(metric.run) \(metric.series)"] }

    func lines(_ style: Style) -> [String] {
        var table = TextTable(
            [.left, .left, .left, .right, .left, .left, .left],
            header: ["when", "run", "series", "value", "expected", "rule", "said"].map {
                TextTable.Cell(text: $0, paint: style.faint)
            }
        )
        for (_, metric) in anomalies {
            table.add([
                .init(text: ClockText.utc(metric.at), paint: style.faint),
                .init(text: metric.run.rawValue),
                .init(text: DisplayText.line(metric.series.description)),
                .init(text: MetricReport.value(metric.value, of: metric.series), paint: style.bold),
                .init(text: MetricReport.bounds(metric.verdict, of: metric.series), paint: style.faint),
                .init(text: metric.verdict.rule ?? ""),
                .init(text: feedback(on: metric)?.judgement.rawValue ?? ""),
            ])
        }
        return table.lines(indent: "")
    }

    var json: JSONValue {
        .array(
            anomalies.map { pipeline, metric in
                guard case .object(var object) = Self.json(metric) else { return .null }
                object["pipeline"] = .string(pipeline.rawValue)
                object["series"] = .string(metric.series.description)
                object["feedback"] = feedback(on: metric).map { .string($0.judgement.rawValue) } ?? .null
                return .object(object)
            }
        )
    }

    /// A metric and how it was judged.
    static func json(_ metric: RunMetric) -> JSONValue {
        let verdict = metric.verdict
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
        return .object([
            "run": .string(metric.run.rawValue),
            "at": .string(metric.at.description),
            "value": .number(metric.value),
            "state": .string(verdict.state.rawValue),
            "expected": number(verdict.expected),
            "lower": number(verdict.lower),
            "upper": number(verdict.upper),
            "score": .number(verdict.score),
            "episode": verdict.episode.map(JSONValue.integer) ?? .null,
            "rule": verdict.rule.map(JSONValue.string) ?? .null,
            "history": .integer(verdict.history),
            "excluded": .integer(verdict.excluded),
            "season_seconds": number(verdict.seasonSeconds),
            "alpha": number(verdict.alpha),
        ])
    }
}
