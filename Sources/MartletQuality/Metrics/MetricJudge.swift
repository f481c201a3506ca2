public import MartletCore

/// Judges the metrics of a run by those of the runs before it.
///
/// The verdict follows from the history, what people said of it, and the settings alone, so that it can be replayed.
public struct MetricJudge: Sendable {
    private var history: [MetricSeriesID: [RunMetric]]
    private var feedback: [MetricSeriesID: [RunID: MetricFeedback.Judgement]]
    private let settings: DetectorSettings

    /// The settings for metrics of runs: few points, so a higher rate of false alarms than for long series, and changes
    /// of a few per cent are not worth an alarm.
    public static let settings: DetectorSettings = {
        var settings = DetectorSettings()
        settings.alpha = 1e-3
        settings.minimumChange = .init(relative: 0.05)
        settings.learnAfter = 7
        settings.closeAfter = 1
        settings.cooldown = 1
        return settings
    }()

    /// A judge who knows earlier metrics of one pipeline, oldest first, and what was said of them.
    public init(
        history: [RunMetric],
        feedback: [MetricFeedback],
        settings: DetectorSettings = MetricJudge.settings
    ) {
        self.history = Dictionary(grouping: history, by: \.series)
        self.feedback = [:]
        for item in feedback { self.feedback[item.series, default: [:]][item.run] = item.judgement }
        self.settings = settings
    }

    /// The metrics of a run with their verdicts, by series; what the run itself left before is no part of the history.
    public func judge(_ reading: MetricReader.Reading) -> [RunMetric] {
        var values = reading.values
        for (series, metrics) in history {
            // How long the dataset had not been written.
            guard case .dataset = series.subject, series.metric == "bytes", reading.values[series] != nil else {
                continue
            }
            let before = metrics.last { $0.verdict.state != .excluded && $0.at < reading.at && $0.run != reading.run }
            if let before {
                values[MetricSeriesID(series.subject, "since_last_write")] = (reading.at - before.at).seconds
            }
        }
        return values.sorted { $0.key < $1.key }.map { series, value in
            let verdict =
                reading.succeeded
                ? verdict(on: value, at: reading.at, run: reading.run, in: series) : MetricVerdict(.excluded)
            return RunMetric(series: series, run: reading.run, at: reading.at, value: value, verdict: verdict)
        }
    }

    private func verdict(on value: Double, at: Timestamp, run: RunID, in series: MetricSeriesID) -> MetricVerdict {
        var settings = settings
        // Shorter is seldom worse, and short times scatter by what else the machine does.
        if series.metric == "duration" {
            settings.direction = .up
            settings.minimumChange = .init(absolute: 1, relative: 0.25)
        }
        if series.metric == "since_last_write" {
            settings.direction = .up
            settings.minimumChange = .init(absolute: 60, relative: 0.25)
        }
        var detector = SeriesDetector(settings: settings)
        var excluded = 0
        let said = feedback[series] ?? [:]
        for metric in history[series] ?? [] where metric.run != run && metric.at < at {
            if metric.verdict.state == .excluded || said[metric.run] == .incident {
                excluded += 1
                continue
            }
            _ = detector.observe(metric.value, at: metric.at.microseconds)
            if said[metric.run] == .expected { detector.accept() }
        }
        let found = detector.observe(value, at: at.microseconds)
        return MetricVerdict(
            found.isAnomaly ? .anomalous : found.state == .learning ? .learning : .normal,
            expected: found.expected.isFinite ? found.expected : nil,
            lower: found.lower.isFinite ? found.lower : nil,
            upper: found.upper.isFinite ? found.upper : nil,
            score: found.score,
            episode: found.episode > 0 ? found.episode : nil,
            rule: found.rule?.rawValue,
            history: found.history,
            excluded: excluded,
            seasonSeconds: found.season > 0 ? Double(found.season) / 1e6 : nil,
            alpha: found.alpha
        )
    }

    /// Whether an anomalous metric begins an episode: the one before it in the series was not anomalous.
    public func beginsEpisode(_ metric: RunMetric) -> Bool {
        guard metric.verdict.state == .anomalous else { return false }
        let before = (history[metric.series] ?? []).last {
            $0.run != metric.run && $0.at < metric.at && $0.verdict.state != .excluded
        }
        guard let before, before.verdict.state == .anomalous else { return true }
        return feedback[metric.series]?[before.run] != nil
    }
}
