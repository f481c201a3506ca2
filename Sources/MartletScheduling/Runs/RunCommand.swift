public import MartletCore

/// Something that happens to a run from outside.
public enum RunCommand: Hashable, Sendable {
    /// A process begins to execute the run.
    case start(Executor)
    /// A process goes on with the run after its last one ended.
    case resume(Executor)
    /// The run is given the writings of datasets that it is for.
    case take([DatasetEvent])
    /// The planner lets a scheduled step start.
    case admit(InstanceID)
    /// The planner cannot let scheduled steps start yet.
    case hold([InstanceID], reason: String)
    /// An attempt has ended.
    case finishAttempt(step: InstanceID, attempt: Int, outcome: AttemptOutcome)
    /// The wait before a retry is over.
    case retryDue(step: InstanceID)
    /// A scheduled step has waited for a slot as long as it may.
    case queueTimeout(step: InstanceID)
    /// The files of a dataset that a map asked for, by ``RunMachine/listings``.
    case list(domain: Int, Result<[JSONValue], MartletError>)
    /// What the run before this one has come to; see ``PastRun``.
    case learnPast(PastRun)
    /// The run has taken longer than it may.
    case timeout
    /// A deadline has passed.
    case missDeadline(DeadlineMiss)
    /// The data of the run has been published, or could not be; see ``RunMachine/isToBePublished``.
    case publish(Result<Publication, MartletError>)
    /// Someone wants the run to stop.
    case cancel(reason: String)
    /// Someone wants steps to run again, with another manifest if one is given.
    case clear(ClearedSteps, manifest: PipelineManifest?)
    /// Someone sets the state of steps.
    case mark([InstanceID], StepState, note: String?)
    /// Someone sets the state of the run.
    case markRun(RunState, note: String?)

    /// The command's name in messages.
    public var name: String {
        switch self {
        case .start: "start"
        case .resume: "resume"
        case .take: "take datasets"
        case .admit: "admit"
        case .hold: "hold"
        case .finishAttempt: "finish attempt"
        case .retryDue: "retry"
        case .queueTimeout: "end the wait for a slot"
        case .list: "list files"
        case .learnPast: "learn of the run before"
        case .timeout: "time out"
        case .missDeadline: "miss a deadline"
        case .publish: "publish"
        case .cancel: "cancel"
        case .clear: "clear"
        case .mark: "mark"
        case .markRun: "mark the run"
        }
    }
}

/// What the run before this one, by logical date, has come to so far.
public struct PastRun: Hashable, Sendable {
    /// That run; nil when there is none, and then nothing is waited for.
    public var run: RunID?
    /// The states of its steps, with one for each instance.
    public var states: [StepID: [StepState]]

    /// What `run` has come to.
    public init(run: RunID?, states: [StepID: [StepState]] = [:]) {
        self.run = run
        self.states = states
    }
}

/// A command that does not fit the run's state.
public struct TransitionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The command's name.
    public let command: String
    /// Why it does not fit.
    public let reason: String

    /// One sentence for people.
    public var description: String { "cannot \(command): \(reason)" }

    /// The same as a numbered error.
    public var martletError: MartletError {
        MartletError(.transitionInvalid, description, remedy: "look at the run with `martlet runs show`")
    }
}
