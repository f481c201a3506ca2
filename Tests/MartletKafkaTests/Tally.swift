import Synchronization

/// Counts what happens elsewhere, and lets a test wait for it.
final class Tally: Sendable {
    private struct State {
        var count = 0
        var waiters = [(needed: Int, continuation: CheckedContinuation<Void, Never>)]()
    }

    private let state = Mutex(State())

    var count: Int { state.withLock(\.count) }

    func add() {
        let ready = state.withLock { state in
            state.count += 1
            let ready = state.waiters.filter { $0.needed <= state.count }
            state.waiters.removeAll { $0.needed <= state.count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func wait(for needed: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.count < needed { state.waiters.append((needed, continuation)) }
                return state.count >= needed
            }
            if isThere { continuation.resume() }
        }
    }
}
