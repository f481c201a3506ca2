import CLinux
import Glibc
import MartletCore
import Synchronization

/// One program that scores, with the thread that follows it; both come with the first question.
///
/// It has one question at a time. The thread is the program's parent in the eyes of the kernel, so that the program ends
/// with it.
final class ScorerChild: Sendable {
    typealias Answer = Result<[ScoreAnswer], ScorerFailure>

    /// Lines to answer.
    struct Question: Sendable {
        var number: Int
        var lines: [UInt8]
        var count: Int
        var continuation: CheckedContinuation<Answer, Never>
    }

    private struct State {
        /// The question that the thread has not seen yet.
        var question: Question?
        /// The number of the question that nobody waits for any more.
        var dropped = 0
        var lastNumber = 0
        var isRunning = false
        var isEnding = false
        var starts = 0
        var enders: [CheckedContinuation<Void, Never>] = []
    }

    let program: ProcessScorer.Program
    let onLine: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// Nil when the system has no descriptors left.
    private let signal = try? StopSignal()

    init(_ program: ProcessScorer.Program, _ onLine: @escaping @Sendable (String) -> Void) {
        self.program = program
        self.onLine = onLine
    }

    /// How often it was started beyond the first time.
    var restarts: Int { state.withLock { max($0.starts - 1, 0) } }

    // MARK: Tasks

    /// Asks a question; cancelling the calling task ends the program.
    func ask(_ lines: [UInt8], count: Int) async -> Answer {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let question = Question(number: number, lines: lines, count: count, continuation: continuation)
                let refusal = state.withLock { state -> ScorerFailure? in
                    if state.isEnding { return ProcessScorer.closed }
                    if state.dropped >= number { return Self.cancelled }
                    state.question = question
                    if state.isRunning { return nil }
                    if let refusal = begin() {
                        state.question = nil
                        return refusal
                    }
                    state.isRunning = true
                    return nil
                }
                if let refusal { return continuation.resume(returning: .failure(refusal)) }
                signal?.send()
            }
        } onCancel: {
            state.withLock { $0.dropped = max($0.dropped, number) }
            signal?.send()
        }
    }

    /// Starts the thread; why it cannot.
    private func begin() -> ScorerFailure? {
        guard let signal else { return Self.failure("cannot start \(program.path)", "no descriptors left") }
        let error = BlockingThread.start { [self] in ScorerSession(self, wake: signal.descriptor).run() }
        return error == 0 ? nil : Self.failure("cannot start a thread", systemMessage(error))
    }

    /// Has the program end; a question under way fails.
    func end() {
        state.withLock { $0.isEnding = true }
        signal?.send()
    }

    /// Waits until program and thread have ended.
    func untilEnded() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isRunning { state.enders.append(continuation) }
                return !state.isRunning
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: The thread

    /// A question that came; nil when there is none.
    func takeQuestion() -> Question? {
        state.withLock { state in
            defer { state.question = nil }
            return state.question
        }
    }

    var isEnding: Bool { state.withLock(\.isEnding) }
    func isDropped(_ number: Int) -> Bool { state.withLock { $0.dropped >= number } }
    func countStart() { state.withLock { $0.starts += 1 } }

    /// The thread is about to end; a question that came at the last moment has its refusal.
    func finish() {
        let (question, enders) = state.withLock { state in
            state.isRunning = false
            defer {
                state.question = nil
                state.enders = []
            }
            return (state.question, state.enders)
        }
        question?.continuation.resume(returning: .failure(ProcessScorer.closed))
        for ender in enders { ender.resume() }
    }

    static let cancelled = ScorerFailure(.unavailable, MartletError(.scorerFailed, "the question was withdrawn"))

    static func failure(_ what: String, _ reason: String) -> ScorerFailure {
        ScorerFailure(.unavailable, MartletError(.scorerFailed, what, reason: reason))
    }
}
