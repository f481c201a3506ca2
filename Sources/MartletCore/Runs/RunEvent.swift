/// An entry of a run's log: a fact, never changed afterwards.
public enum RunEvent: Hashable, Sendable {
    /// The run exists. Always the first event.
    case runCreated(RunCreated)
    /// A process has begun to execute the run.
    case runStarted(Executor)
    /// Another process goes on with a run whose first one ended.
    case runResumed(Executor)
    /// All that a step waited for has happened.
    case stepScheduled(step: StepID)
    /// An attempt has a slot and is about to be launched.
    case attemptStarted(step: StepID, attempt: Int)
    /// An attempt has ended.
    case attemptFinished(AttemptFinished)
    /// A step reached a final state without an attempt of its own.
    case stepResolved(step: StepID, state: StepState, reason: String)
    /// A branch step has chosen.
    case branchDecided(step: StepID, follow: [StepID])
    /// Someone asked for the run to stop.
    case cancelRequested(reason: String)
    /// The run has ended. Always the last event.
    case runFinished(state: RunState, reason: String?)

    /// The event's name in the log.
    public var name: String {
        switch self {
        case .runCreated: "run_created"
        case .runStarted: "run_started"
        case .runResumed: "run_resumed"
        case .stepScheduled: "step_scheduled"
        case .attemptStarted: "attempt_started"
        case .attemptFinished: "attempt_finished"
        case .stepResolved: "step_resolved"
        case .branchDecided: "branch_decided"
        case .cancelRequested: "cancel_requested"
        case .runFinished: "run_finished"
        }
    }
}

/// What is fixed when a run is created.
public struct RunCreated: Hashable, Codable, Sendable {
    /// The pipeline that runs.
    public var pipeline: PipelineID
    /// The SHA-256 of the manifest's JSON, under which the store keeps it.
    public var manifestHash: String
    /// The values of all parameters by name, defaults filled in.
    public var params: [String: JSONValue]
    /// The user's program, when the pipeline is written in Swift.
    public var program: String?
    /// The folder that relative paths start from.
    public var projectRoot: String
    /// The version of Martlet that created the run.
    public var martletVersion: String
    /// Most steps that run at once.
    public var slots: Int

    /// The facts of a new run with at most `slots` steps at once.
    public init(
        pipeline: PipelineID,
        manifestHash: String,
        params: [String: JSONValue],
        program: String?,
        projectRoot: String,
        martletVersion: String,
        slots: Int
    ) {
        self.pipeline = pipeline
        self.manifestHash = manifestHash
        self.params = params
        self.program = program
        self.projectRoot = projectRoot
        self.martletVersion = martletVersion
        self.slots = slots
    }

    enum CodingKeys: String, CodingKey {
        case pipeline
        case manifestHash = "manifest_hash"
        case params, program
        case projectRoot = "project_root"
        case martletVersion = "martlet_version"
        case slots
    }
}

/// The process that executes a run.
public struct Executor: Hashable, Codable, Sendable {
    /// The name of the machine.
    public var host: String
    /// The process id on that machine.
    public var pid: Int

    /// An executor with the process `pid` on `host`.
    public init(host: String, pid: Int) {
        self.host = host
        self.pid = pid
    }
}

/// How an attempt ended, and what the step becomes by it.
public struct AttemptFinished: Hashable, Codable, Sendable {
    /// The step whose attempt ended.
    public var step: StepID
    /// The number of the attempt; 1 for the first.
    public var attempt: Int
    /// What the attempt came to.
    public var outcome: AttemptOutcome
    /// The step's state from here on.
    public var state: StepState
    /// When the step is tried again, in state `up_for_retry`.
    public var retryAt: Timestamp?

    /// The end of an attempt with what follows from it.
    public init(step: StepID, attempt: Int, outcome: AttemptOutcome, state: StepState, retryAt: Timestamp? = nil) {
        self.step = step
        self.attempt = attempt
        self.outcome = outcome
        self.state = state
        self.retryAt = retryAt
    }

    enum CodingKeys: String, CodingKey {
        case step, attempt, outcome, state
        case retryAt = "retry_at"
    }
}

/// An event with its place in the run's log.
public struct RecordedEvent: Hashable, Codable, Sendable {
    /// 1 for the first event of a run, then without gaps.
    public var sequence: Int
    /// When it was recorded.
    public var at: Timestamp
    /// What happened.
    public var event: RunEvent

    /// An entry with `event` at place `sequence` of its log.
    public init(sequence: Int, at: Timestamp, event: RunEvent) {
        self.sequence = sequence
        self.at = at
        self.event = event
    }
}
