internal import Foundation
internal import Synchronization

/// Threads that run short blocking jobs; they end when the pool is closed.
final class ThreadPool: Sendable {
    /// How many there are.
    let count: Int
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var isClosed = false
    }

    /// Starts threads; as many as there are processors unless told otherwise.
    init(count: Int = ThreadPool.processors) {
        self.count = count
        for number in 0..<count {
            let thread = Thread { [self] in run() }
            thread.name = "lake-\(number)"
            thread.start()
        }
    }

    /// How many threads may compute at once here.
    static let processors = max(1, min(ProcessInfo.processInfo.activeProcessorCount, lakeThreads))

    /// Runs a job on one of the threads, after those that wait.
    func submit(_ job: @escaping @Sendable () -> Void) {
        state.withLock { $0.jobs.append(job) }
        work.signal()
    }

    /// Lets the threads end when all jobs are done.
    func close() {
        state.withLock { $0.isClosed = true }
        for _ in 0..<count { work.signal() }
    }

    private func run() {
        while true {
            work.wait()
            let job = state.withLock { state -> (@Sendable () -> Void)? in
                guard state.next < state.jobs.count else { return nil }
                defer {
                    state.next += 1
                    if state.next == state.jobs.count { (state.jobs, state.next) = ([], 0) }
                }
                return state.jobs[state.next]
            }
            guard let job else { return }
            job()
        }
    }
}
