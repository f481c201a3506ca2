/// Waits until something outside the run holds; meanwhile no process and no slot is held.
///
/// As JSON one object: the condition's key beside those of the policy.
public struct WaitAction: Hashable, Codable, Sendable {
    /// What is waited for.
    public var condition: WaitCondition
    /// How often it is looked at, and for how long.
    public var policy: WaitPolicy

    /// A wait for `condition`.
    public init(_ condition: WaitCondition, policy: WaitPolicy = WaitPolicy()) {
        self.condition = condition
        self.policy = policy
    }

    /// Decodes the condition and the policy from one object.
    public init(from decoder: any Decoder) throws {
        condition = try WaitCondition(from: decoder)
        policy = try WaitPolicy(from: decoder)
    }

    /// Encodes the condition and the policy as one object.
    public func encode(to encoder: any Encoder) throws {
        try condition.encode(to: encoder)
        try policy.encode(to: encoder)
    }
}

/// How often a wait looks, and for how long.
public struct WaitPolicy: Hashable, Codable, Sendable {
    /// The time from one look to the next.
    ///
    /// What is told in the meantime (a file arrives, a dataset is written, a run ends) is looked at when it is told.
    public var pollSeconds: Double
    /// The factor by which the time between looks grows; 0 and 1 keep it constant.
    public var backoff: Double
    /// Longest time between looks; nil leaves a day.
    public var maxPollSeconds: Double?
    /// Longest wait, from the first look on; a restart of the scheduler does not begin it anew.
    public var timeoutSeconds: Double
    /// What becomes of the step when the time is over.
    public var onTimeout: WaitEnding
    /// What becomes of the step when looking fails.
    public var onError: WaitErrorRule

    /// A policy; by default a look every minute for a week, and failure after that.
    public init(
        pollSeconds: Double = 60,
        backoff: Double = 1,
        maxPollSeconds: Double? = nil,
        timeoutSeconds: Double = 7 * 86_400,
        onTimeout: WaitEnding = .fail,
        onError: WaitErrorRule = .fail
    ) {
        self.pollSeconds = pollSeconds
        self.backoff = backoff
        self.maxPollSeconds = maxPollSeconds
        self.timeoutSeconds = timeoutSeconds
        self.onTimeout = onTimeout
        self.onError = onError
    }

    enum CodingKeys: String, CodingKey {
        case pollSeconds = "poll_seconds"
        case backoff
        case maxPollSeconds = "max_poll_seconds"
        case timeoutSeconds = "timeout_seconds"
        case onTimeout = "on_timeout"
        case onError = "on_error"
    }
}

/// What becomes of a step that has waited in vain.
public enum WaitEnding: String, Codable, Hashable, Sendable, CaseIterable {
    case fail
    /// The step is skipped, as Airflow's `soft_fail` has it.
    case skip
}

/// What becomes of a step whose wait cannot look.
public enum WaitErrorRule: String, Codable, Hashable, Sendable, CaseIterable {
    /// The step fails: at once for an error that stays, after several in a row for one that may pass.
    case fail
    /// The step is skipped when it would fail otherwise, as Airflow's `never_fail` has it.
    case skip
    /// Errors count as "not yet" until the time is over, as Airflow's `silent_fail` has it.
    case wait
}
