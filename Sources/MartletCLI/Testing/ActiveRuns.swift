import MartletCore
import MartletRuntime
import Synchronization

/// The runs of tests that are under way, so that all of them can be ended at once.
final class ActiveRuns: Sendable {
    private struct State {
        var runs: [RunID: RunExecution] = [:]
        var stopReason: String?
    }

    private let state = Mutex(State())

    /// Why no further test is to start; nil while they may.
    var stopReason: String? { state.withLock { $0.stopReason } }

    /// Takes a run in, and ends it at once when all were asked to stop.
    func add(_ run: RunExecution) {
        let reason = state.withLock { state -> String? in
            state.runs[run.id] = run
            return state.stopReason
        }
        if let reason { run.cancel(reason: reason) }
    }

    func remove(_ run: RunID) { state.withLock { $0.runs[run] = nil } }

    /// Ends all runs, and those that come.
    func stop(reason: String) {
        let runs = state.withLock { state -> [RunExecution] in
            state.stopReason = reason
            return Array(state.runs.values)
        }
        for run in runs { run.cancel(reason: reason) }
    }
}
