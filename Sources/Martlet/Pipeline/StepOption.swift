/// How a step is treated: retries, timeout, conditions, environment, pools and limits.
///
/// Options are a list, `options: [.retries(2), .timeout(.seconds(600))]`; a later one wins over an earlier one, and
/// those of a step win over the ``Pipeline``'s defaults. Environment variables, tags, steps to wait for and what a step
/// may see add up.
public struct StepOption: Sendable {
    private let change: @Sendable (inout StepManifest) -> Void

    private init(_ change: @escaping @Sendable (inout StepManifest) -> Void) { self.change = change }

    func apply(to step: inout StepManifest) { change(&step) }

    /// An option that changes the step so.
    static func change(_ change: @escaping @Sendable (inout StepManifest) -> Void) -> Self { Self(change) }
}

extension StepOption {
    /// Tries a failed attempt again.
    ///
    /// - Parameters:
    ///   - count: how many attempts may follow the first.
    ///   - delay: the wait before the first retry.
    ///   - backoff: the factor by which each further wait grows.
    ///   - maxDelay: the longest wait.
    /// - Returns: the option.
    public static func retries(
        _ count: Int,
        delay: Duration = .seconds(5),
        backoff: Double = 1,
        maxDelay: Duration? = nil
    ) -> Self {
        let policy = RetryPolicy(
            retries: count,
            delaySeconds: delay.seconds,
            backoff: backoff,
            maxDelaySeconds: maxDelay?.seconds
        )
        return Self { $0.retry = policy }
    }

    /// Ends an attempt that runs longer, as failed.
    public static func timeout(_ duration: Duration) -> Self { Self { $0.timeoutSeconds = duration.seconds } }

    /// Which outcomes of the steps before it let the step start.
    public static func triggerRule(_ rule: TriggerRule) -> Self { Self { $0.triggerRule = rule } }

    /// Skips the step unless `condition` holds.
    public static func when(_ condition: some ConditionTerm<Bool>) -> Self {
        let template = condition.template
        return Self { $0.when = template }
    }

    /// Waits for steps, groups and setups beyond the steps whose data the step uses.
    public static func after(_ steps: any Predecessor...) -> Self {
        let ids = steps.flatMap(\.predecessors)
        return Self { step in step.after += ids.filter { !step.after.contains($0) } }
    }

    /// Sets environment variables; parameters and values may stand in them.
    public static func env(_ variables: [String: String]) -> Self {
        Self { $0.env.merge(variables) { _, new in new } }
    }

    /// Starts the step's process in this folder; relative to the project root.
    public static func workingDirectory(_ path: String) -> Self { Self { $0.workingDirectory = path } }

    /// Takes these exit codes of the step's process for "skipped", instead of 99.
    public static func skipExitCodes(_ codes: Int...) -> Self { Self { $0.skipExitCodes = codes } }

    /// Says what the step is for.
    public static func description(_ text: String) -> Self { Self { $0.description = text } }

    /// Says who looks after the step.
    public static func owner(_ name: String) -> Self { Self { $0.owner = name } }

    /// Marks the step.
    public static func tags(_ tags: String...) -> Self { Self { $0.tags += tags } }
}
