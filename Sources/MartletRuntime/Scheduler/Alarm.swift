import MartletCore
import Synchronization

/// Rings once, at an instant or as near as the clock comes to it.
final class Alarm: Sendable {
    let due: Timestamp
    private let state: Mutex<(hasRung: Bool, task: Task<Void, Never>?)>

    /// Rings after `pause`, unless it is cancelled before.
    init(_ due: Timestamp, after pause: Duration, on clock: any Clock<Duration>, ring: @escaping @Sendable () -> Void) {
        self.due = due
        state = Mutex((false, nil))
        let task = Task {
            try? await clock.sleep(for: pause)
            if Task.isCancelled { return }
            self.state.withLock { $0.hasRung = true }
            ring()
        }
        state.withLock { $0.task = task }
    }

    /// Whether it has rung.
    ///
    /// One that rang too early, by a clock that was set, does not ring again.
    var hasRung: Bool { state.withLock { $0.hasRung } }

    func cancel() { state.withLock { $0.task }?.cancel() }
}
