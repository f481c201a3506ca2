/// A run as lists show it: a projection of its events.
public struct RunSummary: Hashable, Codable, Sendable {
    public var id: RunID
    public var pipeline: PipelineID
    public var state: RunState
    public var params: [String: JSONValue]
    public var manifestHash: String
    public var createdAt: Timestamp
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public var reason: String?
    /// The sequence of its last event.
    public var lastSequence: Int
    /// The process that executes it, or did.
    public var executor: Executor?

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
        executor: Executor? = nil
    ) {
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
    }
}

/// A step of a run as tables show it: a projection of the run's events.
public struct StepSummary: Hashable, Codable, Sendable {
    public var id: StepID
    public var state: StepState
    /// How many attempts have been started.
    public var attempts: Int
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    /// Why it has the state it has, where that is not plain.
    public var reason: String?
    /// How the last attempt that ended came out.
    public var outcome: AttemptOutcome?
    /// When it is tried again.
    public var retryAt: Timestamp?

    public init(
        id: StepID,
        state: StepState = .none,
        attempts: Int = 0,
        startedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil,
        reason: String? = nil,
        outcome: AttemptOutcome? = nil,
        retryAt: Timestamp? = nil
    ) {
        self.id = id
        self.state = state
        self.attempts = attempts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.reason = reason
        self.outcome = outcome
        self.retryAt = retryAt
    }
}
