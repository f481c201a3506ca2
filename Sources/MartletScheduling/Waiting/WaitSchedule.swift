public import MartletCore

/// What a wait does next.
public enum WaitDecision: Hashable, Sendable {
    /// Looks again then.
    case look(at: Timestamp)
    /// Looks again only when someone says so.
    case rest
    /// The wait is over.
    case resolve(WaitResolution)
}

/// When a wait looks, and what becomes of it: Airflow's rules for sensors in reschedule mode.
///
/// The timeout counts from the first look, across restarts; there is one last look when it is reached.
public struct WaitSchedule: Sendable {
    /// What is waited for, and how.
    public let request: WaitRequest
    /// How many looks the clock has asked for; those that were pushed do not make later ones rarer.
    public private(set) var looks = 0
    /// How many looks in a row could not see.
    public private(set) var failuresInARow = 0
    /// The next look by the clock; nil when there is none.
    public private(set) var nextLook: Timestamp?
    /// What the last look that did not end the wait found.
    public private(set) var lastReason: String?

    /// A schedule whose first look is now, or when an instant comes that is waited for.
    ///
    /// - Parameters:
    ///   - request: the wait.
    ///   - looks: how many looks there were before a restart, so that the times between them go on growing.
    ///   - now: the current instant.
    public init(_ request: WaitRequest, looks: Int = 0, at now: Timestamp) {
        self.request = request
        self.looks = looks
        switch request.subject {
        case .instant(let instant): nextLook = max(now, min(instant, deadline ?? instant))
        case .answer: nextLook = deadline.map { max(now, $0) }
        case .file, .dataset, .step, .http, .sql: nextLook = now
        }
    }

    /// When the time is over; nil for a question that is open for ever.
    public var deadline: Timestamp? {
        guard case .answer(let action) = request.subject else {
            return request.startedAt + .seconds(request.policy.timeoutSeconds)
        }
        return action.timeoutSeconds.map { request.startedAt + .seconds($0) }
    }

    /// Takes what a look found, and says what comes next.
    ///
    /// - Parameters:
    ///   - result: what the look found.
    ///   - now: the current instant.
    ///   - wasPushed: whether the look was asked for by someone else than the clock.
    /// - Returns: when to look again, or how the wait ends.
    public mutating func decide(_ result: WaitResult, at now: Timestamp, wasPushed: Bool = false) -> WaitDecision {
        var again: Timestamp?
        switch result {
        case .satisfied(let values):
            return .resolve(.satisfied(values: values))
        case .skip(let reason):
            return .resolve(.skipped(MartletError(.awaitedStateReached, reason)))
        case .notYet(let reason, let hint):
            failuresInARow = 0
            lastReason = reason
            again = hint
        case .failed(let error, let retryable):
            failuresInARow += 1
            lastReason = [error.message, error.reason].compactMap(\.self).joined(separator: ": ")
            let isOver = !retryable || failuresInARow >= Limits.failedLooks
            if isOver, request.policy.onError != .wait { return .resolve(ending(error, retryable: retryable)) }
        }
        if let deadline, now >= deadline { return .resolve(timeout(at: deadline)) }
        if !wasPushed || nextLook.map({ $0 <= now }) ?? true { plan(after: now) }
        guard let next = nextLook else { return .rest }
        let earliest = now + .milliseconds(Limits.pollMilliseconds)
        return .look(at: again.map { min(max(earliest, $0), next) } ?? next)
    }

    /// Sets the next look by the clock.
    private mutating func plan(after now: Timestamp) {
        looks += 1
        switch request.subject {
        case .answer:
            nextLook = deadline
        case .instant(let instant):
            nextLook = min(max(now, instant), deadline ?? instant)
        case .file, .dataset, .step, .http, .sql:
            let next = now + pause
            nextLook = deadline.map { min($0, next) } ?? next
        }
    }

    /// The time to the next look: that between attempts, by the same rule.
    private var pause: Duration {
        let policy = request.policy
        let key = request.key
        return RetryPolicy(
            delaySeconds: policy.pollSeconds,
            backoff: policy.backoff,
            maxDelaySeconds: policy.maxPollSeconds
        ).delay(
            pipeline: request.context.pipeline,
            step: key.instance.step,
            logicalDate: "\(request.startedAt)\(key.instance.index.map { "[\($0)]" } ?? "")",
            attempt: looks
        )
    }

    private func ending(_ error: MartletError, retryable: Bool) -> WaitResolution {
        request.policy.onError == .skip ? .skipped(error) : .failed(error, retryable: retryable)
    }

    private func timeout(at deadline: Timestamp) -> WaitResolution {
        let waited = (deadline - request.startedAt).shortText
        let instance = request.key.instance
        if case .answer(let action) = request.subject {
            if let option = action.defaultOption { return action.resolution(of: option, by: nil, for: instance) }
            let error = MartletError(
                .waitTimedOut,
                "step \(instance) waited \(waited) for an answer",
                reason: action.approvers.map { "asked was: \($0)" },
                remedy: "run it again to ask anew; set default: under approve: to go on without an answer"
            )
            return action.onTimeout == .skip ? .skipped(error) : .failed(error, retryable: false)
        }
        let error = MartletError(
            .waitTimedOut,
            "step \(instance) waited \(waited) for \(request.subject.summary)",
            reason: lastReason,
            remedy: "find out why it did not come; raise timeout: under wait: if it is only late"
        )
        return request.policy.onTimeout == .skip ? .skipped(error) : .failed(error, retryable: false)
    }
}
