public import MartletCore

/// What a trigger rule makes of the outcomes so far.
public enum TriggerDecision: Hashable, Sendable {
    /// Nothing is decided yet.
    case wait
    /// The step may start.
    case run
    /// The step will never start; it takes this state.
    case resolve(StepState)
}

extension TriggerRule {
    /// What the rule makes of `counts`.
    ///
    /// The rules are those of Airflow 3 (`TriggerRuleDep`): a rule first looks whether the step can be given a final
    /// state, often before all upstream steps have ended, and only then whether it may start.
    ///
    /// - Parameters:
    ///   - counts: the outcomes of the relevant instances directly before.
    ///   - mapIndex: the instance's own index; nil for a step that is not mapped, or not yet expanded.
    /// - Returns: to wait, to start, or a final state.
    public func decide(_ counts: UpstreamCounts, mapIndex: Int? = nil) -> TriggerDecision {
        if counts.total == 0 || self == .always { return .run }
        if let state = finalState(counts, mapIndex) { return .resolve(state) }
        return passes(counts) ? .run : .wait
    }

    private func finalState(_ counts: UpstreamCounts, _ mapIndex: Int?) -> StepState? {
        let (success, skipped, failed) = (counts.success, counts.skipped, counts.failed)
        let upstreamFailed = counts.upstreamFailed
        let anyFailed = failed + upstreamFailed > 0
        switch self {
        case .allSuccess:
            if anyFailed { return .upstreamFailed }
            if skipped > 0 { return .skipped }
            // Its counterpart before it is gone: the list became shorter.
            if let mapIndex, counts.removed > 0, success > 0, mapIndex >= success { return .removed }
            return nil
        case .allFailed:
            return success + skipped > 0 ? .skipped : nil
        case .allDoneMinOneSuccess:
            if skipped > 0 { return .skipped }
            let ended = success + failed + upstreamFailed + counts.removed
            return ended >= counts.total - skipped && success == 0 ? .upstreamFailed : nil
        case .oneSuccess:
            if counts.isDone, counts.done == skipped { return .skipped }
            return counts.isDone && success == 0 ? .upstreamFailed : nil
        case .oneFailed:
            return counts.isDone && !anyFailed ? .skipped : nil
        case .oneDone:
            return counts.isDone && failed + success == 0 ? .skipped : nil
        case .noneFailed:
            return anyFailed ? .upstreamFailed : nil
        case .noneFailedMinOneSuccess:
            if anyFailed { return .upstreamFailed }
            if skipped == counts.total { return .skipped }
            return counts.isDone && success == 0 ? .upstreamFailed : nil
        case .noneSkipped:
            return skipped > 0 ? .skipped : nil
        case .allSkipped:
            return success > 0 || anyFailed ? .skipped : nil
        case .allDoneSetupSuccess:
            guard counts.isDone, counts.setups > 0 else { return nil }
            if counts.setupsSkipped >= counts.setups { return .skipped }
            return counts.setupsSucceeded == 0 ? .upstreamFailed : nil
        case .allDone, .always:
            return nil
        }
    }

    private func passes(_ counts: UpstreamCounts) -> Bool {
        let (success, skipped, failed) = (counts.success, counts.skipped, counts.failed)
        let open = counts.total - counts.removed
        switch self {
        case .allSuccess: return success >= open
        case .allFailed: return failed + counts.upstreamFailed >= open
        case .allDone: return counts.isDone
        case .allDoneSetupSuccess: return counts.isDone && (counts.setups == 0 || counts.setupsSucceeded > 0)
        case .allDoneMinOneSuccess:
            return skipped == 0 && success + failed + counts.upstreamFailed >= open && success > 0
        case .oneSuccess: return success > 0
        case .oneFailed: return failed + counts.upstreamFailed > 0
        case .oneDone: return success + failed > 0
        case .noneFailed: return success + skipped >= open
        case .noneFailedMinOneSuccess: return success + skipped >= open && success > 0
        case .noneSkipped: return counts.isDone && skipped == 0
        case .allSkipped: return skipped >= counts.total
        case .always: return true
        }
    }
}
