public import MartletCore

/// Reads the metrics of a run out of its log.
public enum MetricReader {
    /// What a run left, by series.
    public struct Reading: Hashable, Sendable {
        /// The run.
        public var run: RunID
        /// Its pipeline.
        public var pipeline: PipelineID
        /// When it ended.
        public var at: Timestamp
        /// Whether it succeeded.
        public var succeeded: Bool
        /// The last event read.
        public var sequence: Int
        /// The numbers.
        public var values: [MetricSeriesID: Double]

        /// What `run` left when it ended.
        public init(
            run: RunID,
            pipeline: PipelineID,
            at: Timestamp,
            succeeded: Bool,
            sequence: Int,
            values: [MetricSeriesID: Double]
        ) {
            self.run = run
            self.pipeline = pipeline
            self.at = at
            self.succeeded = succeeded
            self.sequence = sequence
            self.values = values
        }
    }

    /// Names of numbers that say something of a step's only output rather than of the step.
    private static let ofData: Set<String> = ["rows", "nulls", "null_count", "null_rate", "distinct", "duplicates"]

    /// The metrics of a run that has ended; nil for one that has not.
    ///
    /// Durations are in seconds and sizes in bytes. Mapped copies of a step count together. A step's own metric is one
    /// of its dataset when it is named `OUTPUT.NAME`, or when it is a count such as `rows` and the step has one output.
    public static func reading(of run: RunID, log: [RecordedEvent]) -> Reading? {
        guard let last = log.last, case .runCreated(let created) = log.first?.event else { return nil }
        var started: Timestamp?
        var ended: (at: Timestamp, state: RunState)?
        var beginnings: [InstanceID: Timestamp] = [:]
        var successes: [InstanceID: (outcome: AttemptOutcome, seconds: Double)] = [:]
        for entry in log {
            switch entry.event {
            case .runStarted, .runResumed: started = started ?? entry.at
            case .attemptStarted(let step, _): beginnings[step] = entry.at
            case .attemptFinished(let finished) where finished.state == .success:
                let seconds = (entry.at - (beginnings[finished.step] ?? entry.at)).seconds
                successes[finished.step] = (finished.outcome, seconds)
            case .cleared(let cleared):
                for step in cleared.steps { successes[step] = nil }
                // The time in which nobody worked on the run is no part of its duration.
                (started, ended) = (entry.at, nil)
            case .runFinished(let state, _): ended = (entry.at, state)
            default: break
            }
        }
        guard let ended else { return nil }
        var values: [MetricSeriesID: Double] = [:]
        if let started { values[MetricSeriesID(.run, "duration")] = (ended.at - started).seconds }
        for (step, success) in successes {
            // The work was another run's.
            if success.outcome.reused == nil {
                values[MetricSeriesID(.step(step.step), "duration"), default: 0] += success.seconds
            }
            let outputs = success.outcome.outputs
            for output in outputs {
                values[MetricSeriesID(.dataset(output.dataset), "bytes"), default: 0] += Double(output.bytes)
            }
            for (name, value) in success.outcome.metrics where value.isFinite {
                values[series(of: name, step: step.step, outputs: outputs), default: 0] += value
            }
        }
        let kept = values.sorted { $0.key < $1.key }.prefix(Limits.metricsPerRun)
        return Reading(
            run: run,
            pipeline: created.pipeline,
            at: ended.at,
            succeeded: ended.state == .success,
            sequence: last.sequence,
            values: Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        )
    }

    private static func series(of name: String, step: StepID, outputs: [DatasetOutput]) -> MetricSeriesID {
        if outputs.count == 1, ofData.contains(name) { return MetricSeriesID(.dataset(outputs[0].dataset), name) }
        if let dot = name.firstIndex(of: ".") {
            let port = name[..<dot]
            let rest = String(name[name.index(after: dot)...])
            if let output = outputs.first(where: { $0.name.rawValue == port }), !rest.isEmpty {
                return MetricSeriesID(.dataset(output.dataset), rest)
            }
        }
        return MetricSeriesID(.step(step), name)
    }
}
