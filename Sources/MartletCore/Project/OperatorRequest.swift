/// What an operator asks of the scheduler.
public enum OperatorRequest: Hashable, Codable, Sendable {
    /// Start nothing new of a pipeline; what runs goes on to its end.
    case pause(PipelineID)
    /// Start runs of a pipeline again.
    case unpause(PipelineID)
    /// Forget a pipeline that is in no file any more; its runs stay.
    case deletePipeline(PipelineID)
    /// Make a run.
    case trigger(TriggerRequest)
    /// Stop a run.
    case cancel(RunID)
    /// Run steps again.
    case clear(ClearRequest)
    /// Set the state of steps, or of a run.
    case mark(MarkRequest)
    /// Answer a step that waits for a person.
    case answer(AnswerRequest)
    /// Make runs for dates that have passed.
    case backfill(BackfillRequest)
    /// Hold a backfill, let it go on, or end it.
    case changeBackfill(id: String, BackfillState)
    /// Say that a dataset was written outside Martlet.
    case datasetWritten(dataset: DatasetID, partition: String?)
    /// Read variables, connections and pools again.
    case settingsChanged
}

/// A run that someone wants.
public struct TriggerRequest: Hashable, Codable, Sendable {
    /// The pipeline.
    public var pipeline: PipelineID
    /// The values of parameters by name; the rest take their defaults.
    public var params: [String: JSONValue]
    /// The date it is to stand for; nil for none.
    public var logicalDate: Timestamp?
    /// Who asked for it, or why.
    public var note: String?

    /// A run of `pipeline`.
    public init(
        pipeline: PipelineID,
        params: [String: JSONValue] = [:],
        logicalDate: Timestamp? = nil,
        note: String? = nil
    ) {
        self.pipeline = pipeline
        self.params = params
        self.logicalDate = logicalDate
        self.note = note
    }
}

/// Steps of a run that are to run again.
public struct ClearRequest: Hashable, Codable, Sendable {
    /// The run.
    public var run: RunID
    /// The steps, or instances; none means all that the conditions below leave.
    public var steps: [InstanceID]
    /// Whether also all steps after them.
    public var downstream: Bool
    /// Whether also all steps before them.
    public var upstream: Bool
    /// Whether only those that failed, or did not start because others failed.
    public var onlyFailed: Bool
    /// Whether the run goes on with the newest version of its pipeline; nil leaves it to the pipeline.
    public var latestVersion: Bool?
    /// Whether only to say what would be cleared.
    public var isDryRun: Bool
    /// Who asked for it, or why.
    public var note: String?

    /// The steps, and all after them unless told otherwise.
    public init(
        run: RunID,
        steps: [InstanceID] = [],
        downstream: Bool = true,
        upstream: Bool = false,
        onlyFailed: Bool = false,
        latestVersion: Bool? = nil,
        isDryRun: Bool = false,
        note: String? = nil
    ) {
        self.run = run
        self.steps = steps
        self.downstream = downstream
        self.upstream = upstream
        self.onlyFailed = onlyFailed
        self.latestVersion = latestVersion
        self.isDryRun = isDryRun
        self.note = note
    }
}

/// A state that someone sets.
public struct MarkRequest: Hashable, Codable, Sendable {
    /// The run.
    public var run: RunID
    /// The steps, or instances; none means the run itself.
    public var steps: [InstanceID]
    /// The state: `success`, `failed`, or for steps `skipped`.
    public var state: StepState
    /// Who asked for it, or why.
    public var note: String?

    /// The steps of `run`, or the run itself, in `state` from here on.
    public init(run: RunID, steps: [InstanceID] = [], state: StepState, note: String? = nil) {
        self.run = run
        self.steps = steps
        self.state = state
        self.note = note
    }
}

/// A person's answer to an `approve` step.
public struct AnswerRequest: Hashable, Codable, Sendable {
    /// The run.
    public var run: RunID
    /// The step.
    public var step: InstanceID
    /// The option chosen.
    public var option: String
    /// Who answered.
    public var by: String?
    /// Why, in their words.
    public var note: String?

    /// The choice of `option` for `step` of `run`.
    public init(run: RunID, step: InstanceID, option: String, by: String? = nil, note: String? = nil) {
        self.run = run
        self.step = step
        self.option = option
        self.by = by
        self.note = note
    }
}

/// A request on its way, with what became of it.
public struct RecordedRequest: Hashable, Codable, Sendable {
    /// Its number, rising.
    public var id: Int
    /// When it was made.
    public var at: Timestamp
    /// Who made it: user and host.
    public var by: String
    /// What is asked.
    public var request: OperatorRequest
    /// When it was answered; nil while it is not.
    public var answeredAt: Timestamp?
    /// The answer, after success.
    public var answer: JSONValue?
    /// Why it was refused.
    public var error: MartletError?

    /// A request with its number and, once there is one, its answer.
    public init(
        id: Int,
        at: Timestamp,
        by: String,
        request: OperatorRequest,
        answeredAt: Timestamp? = nil,
        answer: JSONValue? = nil,
        error: MartletError? = nil
    ) {
        self.id = id
        self.at = at
        self.by = by
        self.request = request
        self.answeredAt = answeredAt
        self.answer = answer
        self.error = error
    }
}
