import MartletCore

/// What a run's log says of one instance.
enum ExplanationHistory {
    static func entries(of id: InstanceID, in log: [RecordedEvent]) -> [ExplanationEntry] {
        log.compactMap { entry in text(entry.event, id).map { ExplanationEntry(at: entry.at, $0) } }
    }

    private static func text(_ event: RunEvent, _ id: InstanceID) -> String? {
        // Before a mapped step was given its items, events name the step alone.
        func names(_ other: InstanceID) -> Bool { other == id || (other.index == nil && other.step == id.step) }
        switch event {
        case .stepScheduled(let step) where names(step):
            return "became ready"
        case .stepsHeld(let steps, let reason) where steps.contains(where: names):
            return "held: \(reason)"
        case .attemptStarted(let step, let attempt) where names(step):
            return "attempt \(attempt) started"
        case .attemptDeferred(let step, let attempt, let state) where names(step):
            return "attempt \(attempt) began to wait\(state == .awaitingInput ? " for an answer" : "")"
        case .attemptFinished(let finished) where names(finished.step):
            return text(finished)
        case .stepResolved(let step, let state, let reason) where names(step):
            return "\(state.rawValue): \(reason)"
        case .branchDecided(let step, let follow) where names(step):
            return follow.isEmpty
                ? "decided to follow nothing" : "decided to follow \(follow.map(\.rawValue).joined(separator: ", "))"
        case .stepsMapped(let mapped) where mapped.steps.contains(id.step):
            return "mapped over \(mapped.items.count) item\(mapped.items.count == 1 ? "" : "s")"
        case .cleared(let cleared) where cleared.steps.contains(where: names):
            return "cleared\(note(cleared.note))"
        case .cleared(let cleared) where cleared.added.contains(id.step):
            return "added by version \(cleared.version ?? 0) of the pipeline\(note(cleared.note))"
        case .cleared(let cleared) where cleared.removed.contains(where: names):
            return "removed by version \(cleared.version ?? 0) of the pipeline\(note(cleared.note))"
        case .marked(let marked) where marked.steps.contains(where: names):
            return "marked as \(marked.state.rawValue)\(note(marked.note))"
        case .runResumed(let executor):
            return "the run went on in process \(executor.pid) on \(executor.host)"
        case .cancelRequested(let reason), .stopRequested(_, let reason):
            return "the run was to stop: \(reason)"
        default:
            return nil
        }
    }

    private static func text(_ finished: AttemptFinished) -> String {
        let why = finished.outcome.error.map { ": \($0.message)" } ?? ""
        let due = finished.retryAt.map { "; next attempt at \($0.short)" } ?? ""
        return "attempt \(finished.attempt) ended, \(finished.outcome.result.rawValue)\(why)\(due)"
    }

    private static func note(_ note: String?) -> String { note.map { ": \($0)" } ?? "" }
}
