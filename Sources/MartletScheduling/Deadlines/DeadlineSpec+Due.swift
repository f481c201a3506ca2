public import MartletCore

/// What is known of a run that deadlines are counted from.
public struct DeadlineFacts: Hashable, Sendable {
    /// When the run was to start by its schedule; nil for one that no schedule called for.
    public var scheduledAt: Timestamp?
    /// When it was created, or cleared last.
    public var queuedAt: Timestamp
    /// When it started, after it was cleared last; nil while it has not.
    public var startedAt: Timestamp?
    /// How many seconds the pipeline's last successful runs took, the newest first.
    public var recentSeconds: [Double]

    /// Facts of a run; nothing is known of earlier runs unless told.
    public init(
        scheduledAt: Timestamp? = nil,
        queuedAt: Timestamp,
        startedAt: Timestamp? = nil,
        recentSeconds: [Double] = []
    ) {
        self.scheduledAt = scheduledAt
        self.queuedAt = queuedAt
        self.startedAt = startedAt
        self.recentSeconds = recentSeconds
    }
}

extension DeadlineSpec.Reference {
    /// Whether the time is counted anew after a run was cleared.
    public var isRelative: Bool {
        switch self {
        case .queued, .runStart, .average: true
        case .schedule, .instant: false
        }
    }
}

extension DeadlineSpec {
    /// When the run has to be done; nil while that cannot be told, or when nothing makes it due.
    public func due(_ facts: DeadlineFacts) -> Timestamp? {
        switch from {
        case .schedule: return facts.scheduledAt.flatMap { later($0, withinSeconds) }
        case .queued: return later(facts.queuedAt, withinSeconds)
        case .runStart: return facts.startedAt.flatMap { later($0, withinSeconds) }
        case .instant: return at.flatMap { later($0, withinSeconds) }
        case .average:
            guard let start = facts.startedAt, let average = average(of: facts.recentSeconds) else { return nil }
            return later(start, average + withinSeconds)
        }
    }

    /// The mean of the newest ``runs`` durations; nil with fewer than ``minimumRuns``, and at least one is needed.
    public func average(of recentSeconds: [Double]) -> Double? {
        let counted = recentSeconds.prefix(max(0, runs))
        guard !counted.isEmpty, counted.count >= minimumRuns else { return nil }
        return counted.reduce(0, +) / Double(counted.count)
    }

    /// The instant so many seconds later; nil beyond what a ``Timestamp`` can hold.
    private func later(_ instant: Timestamp, _ seconds: Double) -> Timestamp? {
        guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else { return nil }
        let (sum, isBeyond) = instant.microseconds.addingReportingOverflow(microseconds)
        return isBeyond ? nil : Timestamp(microseconds: sum)
    }
}
