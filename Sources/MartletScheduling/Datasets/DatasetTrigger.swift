public import MartletCore

/// Decides which runs the writings of datasets call for.
///
/// The batches follow from the events and their times alone, so that they are the same however often, or how late,
/// someone looks: the answer to pipelines whose number of runs depends on the load.
public struct DatasetTrigger: Sendable {
    private let condition: DatasetCondition
    private let datasets: Set<DatasetID>
    private let policy: DatasetPolicy

    /// What writings call for.
    public struct Decision: Hashable, Sendable {
        /// Runs to be made now, each with the events it takes.
        public var batches: [[DatasetEvent]] = []
        /// Whether a run is to be made that takes all there is when it starts.
        public var wantsCollapsedRun = false
        /// When to look again, if nothing is written before; nil when only a writing can change the answer.
        public var lookAgain: Timestamp?
    }

    /// The trigger of a pipeline with this condition.
    public init(_ condition: DatasetCondition, policy: DatasetPolicy?) {
        self.condition = condition
        datasets = Set(condition.datasets)
        self.policy = policy ?? .collapse
    }

    /// Whether writings of `dataset` matter to it.
    public func concerns(_ dataset: DatasetID) -> Bool { datasets.contains(dataset) }

    /// What is to be done about `pending`, the events that no run has taken yet, oldest first.
    public func decide(_ pending: [DatasetEvent], hasQueuedRun: Bool, at now: Timestamp) -> Decision {
        let events = pending.filter { concerns($0.dataset) }
        switch policy {
        case .each:
            return Decision(batches: each(events))
        case .collapse:
            return Decision(wantsCollapsedRun: !hasQueuedRun && condition.holds(for: Set(events.map(\.dataset))))
        case .window(let window):
            return windows(events, window, now)
        }
    }

    /// One batch for each event that makes the condition hold.
    private func each(_ events: [DatasetEvent]) -> [[DatasetEvent]] {
        var batches: [[DatasetEvent]] = []
        var open: [DatasetEvent] = []
        for event in events {
            open.append(event)
            guard condition.holds(for: Set(open.map(\.dataset))) else { continue }
            batches.append(open)
            open = []
        }
        return batches
    }

    /// A batch closes a time after its first event, a quiet time after its last one, or with so many events; it becomes
    /// a run when the condition holds by then, and else stays open until it does.
    private func windows(_ events: [DatasetEvent], _ window: DatasetWindow, _ now: Timestamp) -> Decision {
        var decision = Decision()
        var open: [DatasetEvent] = []
        func closing(_ batch: [DatasetEvent]) -> Timestamp? {
            guard let first = batch.first, let last = batch.last else { return nil }
            let limits = [
                window.durationSeconds.map { first.at + .seconds($0) },
                window.quietSeconds.map { last.at + .seconds($0) },
            ]
            return limits.compactMap(\.self).min()
        }
        func holds(_ batch: [DatasetEvent]) -> Bool { condition.holds(for: Set(batch.map(\.dataset))) }
        for event in events {
            // A writing at the very end belongs to the next batch: someone may have looked before it was recorded.
            if let closed = closing(open), event.at >= closed, holds(open) {
                decision.batches.append(open)
                open = []
            }
            open.append(event)
            if let count = window.count, open.count >= count, holds(open) {
                decision.batches.append(open)
                open = []
            }
        }
        guard let due = closing(open), holds(open) else { return decision }
        if due <= now { decision.batches.append(open) } else { decision.lookAgain = due }
        return decision
    }
}
