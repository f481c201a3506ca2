public import MartletCore

/// Something that happens to a run from outside.
public enum RunCommand: Hashable, Sendable {
    /// A process begins to execute the run.
    case start(Executor)
    /// A process goes on with the run after its last one ended.
    case resume(Executor)
    /// An attempt has ended.
    case finishAttempt(step: StepID, attempt: Int, outcome: AttemptOutcome)
    /// The wait before a retry is over.
    case retryDue(step: StepID)
    /// Someone wants the run to stop.
    case cancel(reason: String)

    /// The command's name in messages.
    public var name: String {
        switch self {
        case .start: "start"
        case .resume: "resume"
        case .finishAttempt: "finish attempt"
        case .retryDue: "retry"
        case .cancel: "cancel"
        }
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
        MartletError(.transitionInvalid, description, remedy: "this is a fault of Martlet; please report it")
    }
}
