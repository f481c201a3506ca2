/// A run as lists show it: a projection of its events.
public struct RunSummary: Hashable, Codable, Sendable {
    /// The run's id, which is also the name of its folder.
    public var id: RunID
    /// The pipeline that runs.
    public var pipeline: PipelineID
    /// Where the run stands.
    public var state: RunState
    /// The values of all parameters by name, defaults filled in.
    public var params: [String: JSONValue]
    /// The SHA-256 under which the store keeps the run's manifest.
    public var manifestHash: String
    /// When its first event was recorded.
    public var createdAt: Timestamp
    /// When a process first began to execute it; nil when none has.
    public var startedAt: Timestamp?
    /// When it ended; nil while it has not.
    public var finishedAt: Timestamp?
    /// Why it ended as it did; nil until then, and after a success.
    public var reason: String?
    /// The sequence of its last event.
    public var lastSequence: Int
    /// The process that executes it, or did.
    public var executor: Executor?
    /// Why there is the run, and the time it stands for.
    public var occasion: RunOccasion
    /// The commit that has its data: of its own branch, or of the one it was published in; nil when it made none.
    public var commit: ObjectID?
    /// The branch that its data was published in; nil when it was not.
    public var published: BranchName?

    /// A summary with these columns; those without a value are nil.
    public init(
        id: RunID,
        pipeline: PipelineID,
        state: RunState,
        params: [String: JSONValue],
        manifestHash: String,
        createdAt: Timestamp,
        startedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil,
        reason: String? = nil,
        lastSequence: Int,
        executor: Executor? = nil,
        occasion: RunOccasion = RunOccasion(),
        commit: ObjectID? = nil,
        published: BranchName? = nil
    ) {
        self.commit = commit
        self.published = published
        self.id = id
        self.pipeline = pipeline
        self.state = state
        self.params = params
        self.manifestHash = manifestHash
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.reason = reason
        self.lastSequence = lastSequence
        self.executor = executor
        self.occasion = occasion
    }

    /// The branch that it works on, or did; nil when it made no data.
    public var branch: BranchName? { commit == nil ? nil : .of(id) }
}

/// A step of a run as tables show it: a projection of the run's events.
public struct StepSummary: Hashable, Codable, Sendable {
    /// The step's id in its pipeline.
    public var id: InstanceID
    /// Where the step stands.
    public var state: StepState
    /// How many attempts have been started.
    public var attempts: Int
    /// When its first attempt started; nil when none has.
    public var startedAt: Timestamp?
    /// When it reached a final state; nil while it has not.
    public var finishedAt: Timestamp?
    /// Why it has the state it has, where that is not plain.
    public var reason: String?
    /// How the last attempt that ended came out.
    public var outcome: AttemptOutcome?
    /// When it is tried again.
    public var retryAt: Timestamp?
    /// What an instance of a mapped step is called; nil for others.
    public var label: String?

    /// A summary with these columns; by default that of a step nothing has happened to.
    public init(
        id: InstanceID,
        state: StepState = .none,
        attempts: Int = 0,
        startedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil,
        reason: String? = nil,
        outcome: AttemptOutcome? = nil,
        retryAt: Timestamp? = nil,
        label: String? = nil
    ) {
        self.id = id
        self.state = state
        self.attempts = attempts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.reason = reason
        self.outcome = outcome
        self.retryAt = retryAt
        self.label = label
    }
}
