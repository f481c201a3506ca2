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
    /// Waits for something outside the run, without a process.
    case deferred
    /// Waits for a person's answer.
    case awaitingInput = "awaiting_input"
    /// Cleared while it ran: its process is being ended, and then it starts again.
    case restarting
    /// Not part of the run any more: its pipeline has no such step now, or its list of items became shorter.
    case removed

    /// The states each state may change to by itself: the one table that the machine, the database and the tests share.
    ///
    /// Operators may do more: see ``canBeCleared`` and ``marks``.
    public static let transitions: [StepState: Set<StepState>] = [
        .none: [.scheduled, .skipped, .upstreamFailed, .failed, .success, .cancelled, .removed],
        .scheduled: [.running, .deferred, .awaitingInput, .success, .failed, .skipped, .cancelled, .removed],
        .running: [.success, .failed, .skipped, .upForRetry, .cancelled],
        .deferred: [.success, .failed, .skipped, .upForRetry, .cancelled],
        .awaitingInput: [.success, .failed, .skipped, .upForRetry, .cancelled],
        .upForRetry: [.scheduled, .skipped, .failed, .cancelled],
        .restarting: [.none, .cancelled, .failed, .skipped],
        .success: [],
        .failed: [],
        .skipped: [],
        .upstreamFailed: [],
        .cancelled: [],
        .removed: [],
    ]

    /// The states that an operator may set.
    public static let marks: Set<StepState> = [.success, .failed, .skipped]

    /// Whether an attempt is under way, with a process or without.
    public var isActive: Bool { [.running, .deferred, .awaitingInput, .restarting].contains(self) }

    /// Whether the step can be run again from this state: all but those that have not begun.
    public var canBeCleared: Bool { self != .none && self != .restarting }

    /// Whether a step in this state may change to `next`.
    public func canBecome(_ next: StepState) -> Bool { Self.transitions[self]?.contains(next) ?? false }

    /// Whether nothing further happens to a step in this state by itself; the states without transitions.
    public var isTerminal: Bool {
        switch self {
        case .success, .failed, .skipped, .upstreamFailed, .cancelled, .removed: true
        case .none, .scheduled, .running, .upForRetry, .deferred, .awaitingInput, .restarting: false
        }
    }
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

    /// Whether nothing further happens to a run in this state by itself; one whose steps are cleared goes on.
    public var isTerminal: Bool { self == .success || self == .failed || self == .cancelled }
}
