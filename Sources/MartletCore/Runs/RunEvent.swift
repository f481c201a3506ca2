/// An entry of a run's log: a fact, never changed afterwards.
public enum RunEvent: Hashable, Sendable {
    /// The run exists. Always the first event.
    case runCreated(RunCreated)
    /// A process has begun to execute the run.
    case runStarted(Executor)
    /// Another process goes on with a run whose first one ended.
    case runResumed(Executor)
    /// The run takes these writings of datasets as its cause; no other run of its pipeline takes them.
    case datasetsTaken([DatasetEvent])
    /// Mapped steps have been given their items: one instance for each.
    case stepsMapped(MappedSteps)
    /// All that a step waited for has happened.
    case stepScheduled(step: InstanceID)
    /// Scheduled steps may not start yet, all for one reason.
    case stepsHeld(steps: [InstanceID], reason: String)
    /// An attempt has a slot and is about to be launched.
    case attemptStarted(step: InstanceID, attempt: Int)
    /// An attempt waits for something outside, or for a person, and holds neither a process nor a slot.
    case attemptDeferred(step: InstanceID, attempt: Int, state: StepState)
    /// An attempt has ended.
    case attemptFinished(AttemptFinished)
    /// A step reached a final state without an attempt of its own.
    case stepResolved(step: InstanceID, state: StepState, reason: String)
    /// A branch step has chosen.
    case branchDecided(step: InstanceID, follow: [StepID])
    /// Someone asked for the run to stop.
    case cancelRequested(reason: String)
    /// The run itself decided to stop: a step of a fail-fast pipeline failed, or its time is over.
    case stopRequested(RunStop, reason: String)
    /// Someone wants steps to run again; a run that had ended goes on.
    case cleared(ClearedSteps)
    /// Someone set the state of steps.
    case marked(MarkedSteps)
    /// A deadline has passed before the run ended.
    case deadlineMissed(DeadlineMiss)
    /// The data of the run has been published.
    case published(Publication)
    /// The data of the run could not be published.
    case publishRefused(MartletError)
    /// The run has ended. The last event, unless steps are cleared later.
    case runFinished(state: RunState, reason: String?)

    /// The event's name in the log.
    public var name: String {
        switch self {
        case .runCreated: "run_created"
        case .runStarted: "run_started"
        case .runResumed: "run_resumed"
        case .datasetsTaken: "datasets_taken"
        case .stepsMapped: "steps_mapped"
        case .stepScheduled: "step_scheduled"
        case .stepsHeld: "steps_held"
        case .attemptStarted: "attempt_started"
        case .attemptDeferred: "attempt_deferred"
        case .attemptFinished: "attempt_finished"
        case .stepResolved: "step_resolved"
        case .branchDecided: "branch_decided"
        case .cancelRequested: "cancel_requested"
        case .stopRequested: "stop_requested"
        case .cleared: "cleared"
        case .marked: "marked"
        case .deadlineMissed: "deadline_missed"
        case .published: "published"
        case .publishRefused: "publish_refused"
        case .runFinished: "run_finished"
        }
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
    public var step: InstanceID
    /// The number of the attempt; 1 for the first.
    public var attempt: Int
    /// What the attempt came to.
    public var outcome: AttemptOutcome
    /// The step's state from here on.
    public var state: StepState
    /// When the step is tried again, in state `up_for_retry`.
    public var retryAt: Timestamp?

    /// The end of an attempt with what follows from it.
    public init(step: InstanceID, attempt: Int, outcome: AttemptOutcome, state: StepState, retryAt: Timestamp? = nil) {
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
