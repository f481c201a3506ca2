/// A number that a run left, and what was made of it.
public struct RunMetric: Hashable, Codable, Sendable {
    /// The series it belongs to.
    public var series: MetricSeriesID
    /// The run.
    public var run: RunID
    /// When the run ended.
    public var at: Timestamp
    /// The number.
    public var value: Double
    /// How it was judged by those before it.
    public var verdict: MetricVerdict

    /// A metric with its verdict.
    public init(series: MetricSeriesID, run: RunID, at: Timestamp, value: Double, verdict: MetricVerdict) {
        self.series = series
        self.run = run
        self.at = at
        self.value = value
        self.verdict = verdict
    }
}

/// How a metric was judged, with all that it rests on.
public struct MetricVerdict: Hashable, Codable, Sendable {
    /// The ways in which a metric can be judged.
    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// Too little has been seen to judge.
        case learning
        case normal
        case anomalous
        /// The run did not succeed: the metric is neither judged nor learned from.
        case excluded
    }

    /// How it was judged.
    public var state: State
    /// What was expected.
    public var expected: Double?
    /// The least value that is not anomalous.
    public var lower: Double?
    /// The greatest value that is not anomalous.
    public var upper: Double?
    /// How surprising it is, up to 1; from 0.5 on it is anomalous.
    public var score: Double
    /// The episode of the series that it belongs to, from 1.
    public var episode: Int?
    /// The rule that is broken most.
    public var rule: String?
    /// On how many runs the verdict rests.
    public var history: Int
    /// How many runs were left out, because they failed or were said to be incidents.
    public var excluded: Int
    /// The period that was taken into account, in seconds.
    public var seasonSeconds: Double?
    /// The rate of false alarms that the bounds are made for.
    public var alpha: Double?

    /// A verdict; what is not given is not known.
    public init(
        _ state: State,
        expected: Double? = nil,
        lower: Double? = nil,
        upper: Double? = nil,
        score: Double = 0,
        episode: Int? = nil,
        rule: String? = nil,
        history: Int = 0,
        excluded: Int = 0,
        seasonSeconds: Double? = nil,
        alpha: Double? = nil
    ) {
        self.state = state
        self.expected = expected
        self.lower = lower
        self.upper = upper
        self.score = score
        self.episode = episode
        self.rule = rule
        self.history = history
        self.excluded = excluded
        self.seasonSeconds = seasonSeconds
        self.alpha = alpha
    }

    enum CodingKeys: String, CodingKey {
        case state, expected, lower, upper, score, episode, rule, history, excluded, alpha
        case seasonSeconds = "season_seconds"
    }
}

/// All metrics that one run left.
public struct RunMetrics: Hashable, Sendable {
    /// The run.
    public var run: RunID
    /// Its pipeline.
    public var pipeline: PipelineID
    /// The last event of its log that they were made from.
    public var sequence: Int
    /// The metrics, one for each series.
    public var metrics: [RunMetric]

    /// The metrics of a run.
    public init(run: RunID, pipeline: PipelineID, sequence: Int, metrics: [RunMetric]) {
        self.run = run
        self.pipeline = pipeline
        self.sequence = sequence
        self.metrics = metrics
    }
}

/// What a person said of a metric that was judged.
public struct MetricFeedback: Hashable, Codable, Sendable {
    /// What it was.
    public enum Judgement: String, Codable, Hashable, Sendable, CaseIterable {
        /// It is as it should be: the new level is learned at once.
        case expected
        /// Something was wrong: it is never learned from.
        case incident
    }

    /// The pipeline.
    public var pipeline: PipelineID
    /// The series.
    public var series: MetricSeriesID
    /// The run whose metric it is about.
    public var run: RunID
    /// What it was.
    public var judgement: Judgement
    /// Who said so.
    public var by: String
    /// When.
    public var at: Timestamp

    /// What `by` said of a run's metric.
    public init(
        pipeline: PipelineID,
        series: MetricSeriesID,
        run: RunID,
        judgement: Judgement,
        by: String,
        at: Timestamp
    ) {
        self.pipeline = pipeline
        self.series = series
        self.run = run
        self.judgement = judgement
        self.by = by
        self.at = at
    }
}
