/// Where a step of a run stands; Airflow's names, and `cancelled`.
public enum StepState: String, Codable, Hashable, Sendable, CaseIterable {
    /// Waits for the steps before it.
    case none
    /// May start; waits for a free slot.
    case scheduled
    case running
    case success
    case failed
    case skipped
    /// A step before it failed, so it never started.
    case upstreamFailed = "upstream_failed"
    /// Failed, and will be tried again.
    case upForRetry = "up_for_retry"
    /// Ended, or never started, because the run was cancelled.
    case cancelled

    /// The states each state may change to: the one table that the machine, the database and the tests share.
    public static let transitions: [StepState: Set<StepState>] = [
        .none: [.scheduled, .skipped, .upstreamFailed, .failed, .cancelled],
        .scheduled: [.running, .success, .failed, .skipped, .cancelled],
        .running: [.success, .failed, .skipped, .upForRetry, .cancelled],
        .upForRetry: [.scheduled, .cancelled],
        .success: [],
        .failed: [],
        .skipped: [],
        .upstreamFailed: [],
        .cancelled: [],
    ]

    /// Whether a step in this state may change to `next`.
    public func canBecome(_ next: StepState) -> Bool { Self.transitions[self]?.contains(next) ?? false }

    /// Whether nothing further happens to a step in this state.
    public var isTerminal: Bool { Self.transitions[self]?.isEmpty ?? true }
}

/// Where a run stands; Airflow's names, and `cancelled`.
public enum RunState: String, Codable, Hashable, Sendable, CaseIterable {
    /// Created; not yet started.
    case queued
    case running
    case success
    case failed
    case cancelled

    /// The states each state may change to.
    public static let transitions: [RunState: Set<RunState>] = [
        .queued: [.running, .failed, .cancelled],
        .running: [.success, .failed, .cancelled],
        .success: [],
        .failed: [],
        .cancelled: [],
    ]

    /// Whether a run in this state may change to `next`.
    public func canBecome(_ next: RunState) -> Bool { Self.transitions[self]?.contains(next) ?? false }

    /// Whether nothing further happens to a run in this state.
    public var isTerminal: Bool { Self.transitions[self]?.isEmpty ?? true }
}
