import Synchronization

/// What one run is told, in order; whoever executes it takes all there is at once.
final class Mailbox: Sendable {
    private struct State {
        var waiting: [RunExecution.Signal] = []
        var isClosed = false
    }

    // Bounded by what can be under way: one signal for each attempt and timer, and what operators ask.
    private let state = Mutex(State())
    private let news: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (news, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Tells the run something; false when nobody will hear it any more.
    @discardableResult func put(_ signal: RunExecution.Signal) -> Bool {
        let isHeard = state.withLock { state in
            if !state.isClosed { state.waiting.append(signal) }
            return !state.isClosed
        }
        if isHeard { bell.yield() }
        return isHeard
    }

    /// Waits until there is something, and takes all of it; nil once the calling task is cancelled.
    func take() async -> [RunExecution.Signal]? {
        for await _ in news {
            let taken = takeAll()
            if !taken.isEmpty { return taken }
        }
        return nil
    }

    /// Lets nothing more in; what nobody has taken.
    func close() -> [RunExecution.Signal] {
        state.withLock { $0.isClosed = true }
        return takeAll()
    }

    private func takeAll() -> [RunExecution.Signal] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}
