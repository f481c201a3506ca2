public import MartletCore
import Synchronization

/// A notifier that tells nobody, and remembers what it was to tell.
public final class FakeNotifier: Notifier {
    private struct State {
        var taken: [Alert] = []
        var calls = 0
        var failures: Int
    }

    /// How often a delivery that failed is to be repeated.
    public let retries: Int

    private let state: Mutex<State>
    private let gate: (@Sendable () async -> Void)?
    private let called: (stream: AsyncStream<String>, continuation: AsyncStream<String>.Continuation)

    /// A notifier whose first `failures` calls fail; each call passes `gate` first.
    public init(failures: Int = 0, retries: Int = 0, gate: (@Sendable () async -> Void)? = nil) {
        self.retries = retries
        self.gate = gate
        state = Mutex(State(failures: failures))
        called = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// The alerts it took, in order.
    public var taken: [Alert] { state.withLock { $0.taken } }

    /// How often it was called.
    public var calls: Int { state.withLock { $0.calls } }

    /// The id of the alert of each call as the call ends; for one consumer.
    public var endedCalls: AsyncStream<String> { called.stream }

    /// Takes the alert, or fails as it is told to.
    public func deliver(_ alert: Alert) async throws(MartletError) {
        await gate?()
        defer { called.continuation.yield(alert.id) }
        let fails = state.withLock { state in
            state.calls += 1
            if state.failures > 0 {
                state.failures -= 1
                return true
            }
            state.taken.append(alert)
            return false
        }
        if fails { throw MartletError(.notifierFailed, "the fake notifier was told to fail") }
    }
}
