import MartletCore
import Synchronization

/// Has events scored by programs that stay: each reads a line of JSON an event and answers with one.
///
/// To standard input goes `{"key", "value", "topic", "partition", "offset", "timestamp"}`: the key is a text or null, the
/// value the JSON that it is, or a text when it is none. From standard output comes one line back each, in order: any
/// JSON value, or `{"error": "..."}` for an event that has no answer. The program must flush each line and print nothing
/// else there; what it prints to standard error is passed on. At the end its standard input closes.
///
/// A program that ends, says something else, or does not answer in time is ended and started again with the next batch.
/// It ends with this process, however that ends.
package final class ProcessScorer: EventScorer {
    /// A program to run.
    package struct Program: Hashable, Sendable {
        /// A path, or a name that is looked up in PATH.
        package var path: String
        /// The arguments after the program's name.
        package var arguments: [String]
        /// The whole environment.
        package var environment: [String: String]
        /// Its working directory.
        package var directory: String
        /// Between SIGTERM and SIGKILL at the end.
        package var grace: Duration

        /// A program with its arguments.
        package init(
            _ path: String,
            _ arguments: [String] = [],
            environment: [String: String],
            directory: String,
            grace: Duration = .seconds(5)
        ) {
            self.path = path
            self.arguments = arguments
            self.environment = environment
            self.directory = directory
            self.grace = grace
        }

        /// A line for the shell.
        ///
        /// Of a pipe or list of commands only the shell itself is sure to end when this process is killed; the others
        /// find their input closed.
        package init(
            shell line: String,
            environment: [String: String],
            directory: String,
            grace: Duration = .seconds(5)
        ) {
            self.init("/bin/sh", ["-c", line], environment: environment, directory: directory, grace: grace)
        }
    }

    private struct State {
        /// The programs that do nothing now.
        var free: [ScorerChild]
        var waiting: [CheckedContinuation<ScorerChild?, Never>] = []
        var isClosed = false
    }

    private let children: [ScorerChild]
    private let state: Mutex<State>

    /// A scorer that starts its programs when there is something to score.
    ///
    /// - Parameters:
    ///   - program: what to run.
    ///   - processes: how many of it run at once, each with a batch of its own.
    ///   - onLine: is told each line of their standard error, in pieces when it is long.
    package init(
        _ program: Program,
        processes: Int = 1,
        onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let count = min(max(processes, 1), Limits.scorerProcesses)
        children = (0..<count).map { _ in ScorerChild(program, onLine) }
        state = Mutex(State(free: children))
    }

    deinit { for child in children { child.end() } }

    /// How often programs were started beyond the first time.
    package var restarts: Int { children.reduce(0) { $0 + $1.restarts } }

    /// Scores events with the next program that has nothing to do.
    package func score(_ events: [ScoredInput]) async throws(ScorerFailure) -> [ScoreAnswer] {
        guard let child = await take() else { throw Self.closed }
        defer { give(child) }
        var lines: [UInt8] = []
        for event in events { ScorerLines.append(event, to: &lines) }
        return try await child.ask(lines, count: events.count).get()
    }

    /// Ends the programs and waits for them; nothing is scored any more.
    package func close() async {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: nil) }
        for child in children { child.end() }
        for child in children { await child.untilEnded() }
    }

    private func take() async -> ScorerChild? {
        await withCheckedContinuation { continuation in
            let child = state.withLock { state -> ScorerChild?? in
                if state.isClosed { return .some(nil) }
                if let child = state.free.popLast() { return .some(child) }
                state.waiting.append(continuation)
                return nil
            }
            if let child { continuation.resume(returning: child) }
        }
    }

    private func give(_ child: ScorerChild) {
        let next = state.withLock { state -> CheckedContinuation<ScorerChild?, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.free.append(child)
            return nil
        }
        next?.resume(returning: child)
    }

    static let closed = ScorerFailure(.unavailable, MartletError(.scorerFailed, "the scorer is closed"))
}
