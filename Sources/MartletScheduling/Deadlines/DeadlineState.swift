public import MartletCore

/// Where a deadline of a run stands.
///
/// It is missed at most once; counted from the run's creation, start or usual duration, at most once each time the run
/// is cleared.
public struct DeadlineState: Hashable, Codable, Sendable {
    /// What can be said of it.
    public enum Phase: Hashable, Sendable {
        /// When it is due is not known yet: the run has not started, or too few runs came before.
        case open
        /// The run has to be done by then.
        case pending(due: Timestamp)
        /// The run was not done by then.
        case missed(due: Timestamp, at: Timestamp)
        /// The run was done in time, or before it was known when that would have been.
        case met
    }

    /// What was promised.
    public let spec: DeadlineSpec
    /// What can be said of it.
    public private(set) var phase: Phase

    /// The deadline of a run that has been created.
    public init(_ spec: DeadlineSpec, _ facts: DeadlineFacts) {
        self.spec = spec
        phase = .open
        learn(facts)
    }

    /// A deadline as it was kept.
    init(spec: DeadlineSpec, phase: Phase) {
        self.spec = spec
        self.phase = phase
    }

    /// When it is due; nil when nothing is to be waited for.
    public var due: Timestamp? { if case .pending(let due) = phase { due } else { nil } }

    /// Takes what has become known, as when the run starts: an open deadline becomes due.
    public mutating func learn(_ facts: DeadlineFacts) {
        guard case .open = phase, let due = spec.due(facts) else { return }
        phase = .pending(due: due)
    }

    /// Begins again after the run was cleared, if it is counted from something that happens again.
    ///
    /// A deadline by the schedule, or by an instant of its own, stays as it is: it was met or missed once and for all.
    public mutating func clear(_ facts: DeadlineFacts) {
        guard spec.from.isRelative else { return }
        phase = .open
        learn(facts)
    }

    /// The run has succeeded: what is not missed is met.
    ///
    /// A run that fails stays late, so that its deadlines stay as they are.
    public mutating func succeed() {
        if case .missed = phase { return }
        phase = .met
    }

    /// Notes that the deadline has passed, if it has by `now`; true the one time that it does.
    @discardableResult public mutating func pass(at now: Timestamp) -> Bool {
        guard case .pending(let due) = phase, due <= now else { return false }
        phase = .missed(due: due, at: now)
        return true
    }
}
