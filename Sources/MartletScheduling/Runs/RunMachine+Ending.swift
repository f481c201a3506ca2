import MartletCore

// When the run is over, and how it came out.
extension RunMachine {
    mutating func end(at now: Timestamp) {
        if case .failure(let error) = publication {
            return emit(.runFinished(state: .failed, reason: "\(error.message) (\(error.code))"), at: now)
        }
        if wasCancelled { return emit(.runFinished(state: .cancelled, reason: "cancelled"), at: now) }
        if stop == .timeout {
            let limit = Duration.seconds(manifest.policy.runTimeoutSeconds ?? 0).shortText
            return emit(.runFinished(state: .failed, reason: "it ran longer than its timeout of \(limit)"), at: now)
        }
        // A success waits until everyone can see its data.
        if isToBePublished { return }
        if isSuccess { return emit(.runFinished(state: .success, reason: nil), at: now) }
        let failed = instances.filter { $0.state == .failed }.map(\.id.description)
        let names = failed.prefix(5).joined(separator: ", ") + (failed.count > 5 ? " and \(failed.count - 5) more" : "")
        let reason =
            switch failed.count {
            case 0: "not all of its last steps succeeded"
            case 1: "step \(names) failed"
            default: "steps \(names) failed"
            }
        emit(.runFinished(state: .failed, reason: reason), at: now)
    }

    private var wasCancelled: Bool { isCancelling && instances.contains { $0.state == .cancelled } }

    private var isSuccess: Bool {
        stop == nil
            && !graph.leaves.contains { leaf in
                members[leaf].contains { [.failed, .upstreamFailed, .cancelled].contains(instances[$0].state) }
            }
    }

    /// Whether all steps have ended well and what they wrote is to be published before the run ends.
    ///
    /// What a reproduction writes is only looked at.
    public var isToBePublished: Bool {
        created.reproduction == nil && unfinishedCount == 0 && publication == nil && !state.isTerminal && isSuccess
            && !wasCancelled
            && instances.contains { $0.outputs.contains { $0.commit != nil } }
    }

    /// Whether nothing can happen any more by itself, and nobody outside is waited for.
    var isDeadlocked: Bool {
        guard !state.isTerminal, activeCount == 0, scheduledCount == 0, retryCount == 0, askedDomains.isEmpty else {
            return false
        }
        return !instances.contains { instance in
            !instance.state.isTerminal && instance.step >= 0 && manifest.steps[instance.step].past != .ignored
        }
    }

    mutating func endDeadlocked(at now: Timestamp) {
        for instance in instances where !instance.state.isTerminal {
            let reason = "it waited for something that can no longer happen"
            emit(.stepResolved(step: instance.id, state: .upstreamFailed, reason: reason), at: now)
        }
        emit(.runFinished(state: .failed, reason: "all unfinished steps were deadlocked"), at: now)
    }
}
