import MartletCore
import Synchronization

/// A notifier whose attempts end as a test says.
final class ScriptedNotifier: Notifier {
    let retries = 0
    private let state: Mutex<(script: [DeliveryAttempt], told: [Alert], calls: Int)>

    /// Attempts that end as `script` says, then are taken.
    init(_ script: [DeliveryAttempt]) { state = Mutex((script, [], 0)) }

    /// The alerts it took.
    var told: [Alert] { state.withLock { $0.told } }
    var calls: Int { state.withLock { $0.calls } }

    func deliver(_ alert: Alert) async throws(MartletError) {
        switch await attempt(alert) {
        case .taken: return
        case .failed(let error, _), .refused(let error): throw error
        }
    }

    func attempt(_ alert: Alert) async -> DeliveryAttempt {
        state.withLock { state in
            state.calls += 1
            let result = state.script.isEmpty ? .taken : state.script.removeFirst()
            if result == .taken { state.told.append(alert) }
            return result
        }
    }
}

/// A notifier that never comes to an end by itself.
struct StuckNotifier: Notifier {
    let retries = 0

    func deliver(_ alert: Alert) async throws(MartletError) {
        let (never, _) = AsyncStream<Never>.makeStream()
        for await _ in never {}
        throw MartletError(.notifierFailed, "it was cancelled")
    }
}
