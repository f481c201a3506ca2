/// What one look at a wait found.
public enum WaitResult: Hashable, Sendable {
    /// It holds; the values become those of the step.
    case satisfied(values: [String: JSONValue] = [:])
    /// It does not hold yet.
    ///
    /// `again` is when a look is worth while if that is sooner than the policy has it.
    case notYet(reason: String, again: Timestamp? = nil)
    /// It will never hold, and the step is to be skipped.
    case skip(reason: String)
    /// It could not be looked at, or can never hold; an error that may pass is worth another look.
    case failed(MartletError, retryable: Bool)
}

/// What became of a wait.
public enum WaitResolution: Hashable, Sendable {
    /// It held; the values become those of the step.
    case satisfied(values: [String: JSONValue] = [:])
    /// The step is to be skipped, and why.
    case skipped(MartletError)
    /// The step fails; `retryable` tells whether another attempt may wait with success.
    case failed(MartletError, retryable: Bool)

    /// The same as the outcome of the attempt that waited.
    public var outcome: AttemptOutcome {
        switch self {
        case .satisfied(let values): AttemptOutcome(.success, values: values)
        case .skipped(let error): AttemptOutcome(.skipped, error: error)
        case .failed(let error, let retryable): AttemptOutcome(.failed, error: error, retryable: retryable)
        }
    }
}

/// What someone tells waits, so that they look before their next turn.
public enum WaitPush: Hashable, Sendable {
    /// This one wait.
    case wait(WaitKey)
    /// The waits for this dataset: it was written.
    case dataset(DatasetID)
    /// The waits for runs and steps of this pipeline: one changed its state.
    case pipeline(PipelineID)
}
