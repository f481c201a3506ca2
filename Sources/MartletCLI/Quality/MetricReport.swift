import MartletCore
import MartletQuality

/// The metrics of one pipeline, as `martlet quality metrics` shows them.
struct MetricReport {
    struct Series {
        var id: MetricSeriesID
        /// Oldest first, never empty.
        var metrics: [RunMetric]
        var last: RunMetric
        /// For sizes of datasets: how long ago they were written.
        var freshness: FreshnessRule.Verdict?
    }

    let pipeline: PipelineID
    let series: [Series]

    private static let trend = 24

    init(pipeline: PipelineID, metrics: [RunMetric], now: Timestamp) {
        self.pipeline = pipeline
        series = Dictionary(grouping: metrics, by: \.series).sorted { $0.key < $1.key }.compactMap { id, metrics in
            guard let last = metrics.last else { return nil }
            var result = Series(id: id, metrics: metrics, last: last)
            if case .dataset = id.subject, id.metric == "bytes" {
                let writings = metrics.filter { $0.verdict.state != .excluded }.map { Double($0.at.microseconds) / 1e6 }
                result.freshness = FreshnessRule.judge(writings: writings, now: Double(now.microseconds) / 1e6)
            }
            return result
        }
    }

    func lines(_ style: Style) -> [String] {
        var table = TextTable(
            [.left, .right, .left, .left, .left],
            header: ["series", "last", "expected", "", "trend"].map { TextTable.Cell(text: $0, paint: style.faint) }
        )
        for series in series {
            let verdict = series.last.verdict
            table.add([
                .init(text: DisplayText.line(series.id.description)),
                .init(text: Self.value(series.last.value, of: series.id)),
                .init(text: Self.bounds(verdict, of: series.id), paint: style.faint),
                .init(text: Self.state(verdict, runs: series.metrics.count)) {
                    verdict.state == .anomalous ? style.bad($0) : $0
                },
                .init(text: SparkText.values(series.metrics.suffix(Self.trend).map(\.value)), paint: style.accent),
            ])
        }
        let late = series.compactMap { series -> String? in
            guard let freshness = series.freshness, freshness.isLate, let age = freshness.age,
                let usual = freshness.usual,
                case .dataset(let dataset) = series.id.subject
            else { return nil }
            let (written, between) = (Duration.seconds(age).shortText, Duration.seconds(usual).shortText)
            return "  " + style.bad("✕ \(dataset) is overdue: written \(written) ago, usually every \(between)")
        }
        return [style.bold(pipeline.rawValue)] + table.lines() + late
    }

    /// A number in the unit that its name tells.
    static func value(_ value: Double, of series: MetricSeriesID) -> String {
        switch series.metric {
        case "duration", "since_last_write": Duration.seconds(min(1e12, max(0, value))).shortText
        case "bytes" where value.magnitude < 1e15: NumberText.bytes(Int(value))
        default: NumberText.short(value)
        }
    }

    static func bounds(_ verdict: MetricVerdict, of series: MetricSeriesID) -> String {
        guard let expected = verdict.expected, verdict.state == .normal || verdict.state == .anomalous else {
            return ""
        }
        let lower = verdict.lower.map { Self.value($0, of: series) } ?? "any"
        let upper = verdict.upper.map { Self.value($0, of: series) } ?? "any"
        return "\(Self.value(expected, of: series)) (\(lower) to \(upper))"
    }

    private static func state(_ verdict: MetricVerdict, runs: Int) -> String {
        switch verdict.state {
        case .learning: "◷ learning (\(runs))"
        case .normal: "✓ normal"
        case .anomalous: "✕ unusual"
        case .excluded: "– left out"
        }
    }

    var json: JSONValue {
        .object([
            "pipeline": .string(pipeline.rawValue),
            "series": .array(
                series.map { series in
                    var object: [String: JSONValue] = [
                        "series": .string(series.id.description),
                        "runs": .integer(series.metrics.count),
                        "last": AnomalyList.json(series.last),
                    ]
                    if let freshness = series.freshness {
                        object["freshness"] = .object([
                            "age_seconds": freshness.age.map(JSONValue.number) ?? .null,
                            "usual_seconds": freshness.usual.map(JSONValue.number) ?? .null,
                            "bound_seconds": freshness.bound.map(JSONValue.number) ?? .null,
                            "late": .bool(freshness.isLate),
                        ])
                    }
                    return .object(object)
                }
            ),
        ])
    }
}
