import MartletCore
import Synchronization

/// Where tasks leave what they want of a consumer, for its thread to find.
final class ConsumerDesk: Sendable {
    typealias Event = Result<SourceEvent?, StreamError>

    /// Something to be done on the consumer's thread.
    struct Command: Sendable {
        var run: @Sendable (ConsumerLoop) -> Void
        /// Called instead when the thread has ended.
        var refuse: @Sendable () -> Void
    }

    /// A task that waits for the next event.
    struct Waiter: Sendable {
        var number: UInt64
        var continuation: CheckedContinuation<Event, Never>
    }

    private struct State {
        var commands = [Command]()
        var waiter: Waiter?
        /// A waiter that the thread is serving right now.
        var served: UInt64?
        var isServedCancelled = false
        var numbers: UInt64 = 0
        var isCloseWanted = false
        var hasEnded = false
        var closers = [CheckedContinuation<Void, Never>]()
    }

    private let state = Mutex(State())
    private let signal: ClientSignal

    init(_ signal: ClientSignal) { self.signal = signal }

    // MARK: Tasks

    /// Waits for the next event.
    func next() async -> Event {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refusal = state.withLock { state -> Event? in
                    if state.hasEnded { return .success(nil) }
                    if state.waiter != nil || state.served != nil { return .failure(Self.alreadyAsked) }
                    // A cancellation before this finds no waiter; one after it does.
                    if Task.isCancelled { return .failure(.cancelled) }
                    state.waiter = Waiter(number: number, continuation: continuation)
                    return nil
                }
                if let refusal { return continuation.resume(returning: refusal) }
                signal.raise()
            }
        } onCancel: {
            let cancelled = state.withLock { state -> Waiter? in
                if state.served == number { state.isServedCancelled = true }
                guard let waiter = state.waiter, waiter.number == number else { return nil }
                state.waiter = nil
                return waiter
            }
            cancelled?.continuation.resume(returning: .failure(.cancelled))
        }
    }

    /// Runs something on the thread.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (ConsumerLoop, @escaping @Sendable (Result<Value, StreamError>) -> Void) -> Void
    ) async throws(StreamError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StreamError>, Never>) in
            let isTaken = state.withLock { state in
                guard !state.hasEnded, state.commands.count < Limits.kafkaWaitingCommands else { return false }
                state.commands.append(
                    Command(
                        run: { loop in body(loop) { continuation.resume(returning: $0) } },
                        refuse: { continuation.resume(returning: .failure(.closed)) }
                    )
                )
                return true
            }
            if isTaken { signal.raise() } else { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// Whether the consumer is closed, or about to be.
    var isEnding: Bool { state.withLock { $0.isCloseWanted || $0.hasEnded } }

    /// Asks the thread to end.
    func wantClose() {
        state.withLock { $0.isCloseWanted = true }
        signal.raise()
    }

    /// Asks the thread to end, and waits until it has.
    func close() async {
        wantClose()
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.closers.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: The thread

    /// What is to be done.
    func takeCommands() -> (commands: [Command], isCloseWanted: Bool) {
        state.withLock { state in
            defer { state.commands.removeAll(keepingCapacity: true) }
            return (state.commands, state.isCloseWanted)
        }
    }

    /// Serves the task that waits, if one does and `event` has something for it.
    ///
    /// A task that is cancelled while its event is being made gets it all the same, so that none is lost.
    func serve(_ event: () -> Event?) {
        let waiter = state.withLock { state -> Waiter? in
            guard let waiter = state.waiter else { return nil }
            state.waiter = nil
            state.served = waiter.number
            state.isServedCancelled = false
            return waiter
        }
        guard let waiter else { return }
        var answer = event()
        state.withLock { state in
            state.served = nil
            guard answer == nil else { return }
            if state.isServedCancelled { answer = .failure(.cancelled) } else { state.waiter = waiter }
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    /// Tells everyone who waits that the thread has ended.
    func end() {
        let (commands, waiter, closers) = state.withLock { state in
            state.hasEnded = true
            defer {
                state.commands = []
                state.waiter = nil
                state.closers = []
            }
            return (state.commands, state.waiter, state.closers)
        }
        for command in commands { command.refuse() }
        waiter?.continuation.resume(returning: .success(nil))
        for closer in closers { closer.resume() }
    }

    private static var alreadyAsked: StreamError {
        StreamError(
            .refused,
            MartletError(.streamClientMisused, "two tasks ask one source for events", remedy: "let one task ask")
        )
    }
}
