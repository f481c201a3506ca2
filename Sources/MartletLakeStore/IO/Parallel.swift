internal import Foundation
internal import MartletCore
internal import Synchronization

let lakeThreads = Limits.lakeThreads

/// Work on many things at once, on threads of its own.
enum Parallel {
    /// Calls `body` once on each of so many threads, one of them this one, and waits for all.
    ///
    /// - Throws: the first error that one of them threw.
    static func run(
        on threads: Int,
        _ body: @escaping @Sendable (Int) throws(MartletError) -> Void
    ) throws(MartletError) {
        let failure = Mutex<MartletError?>(nil)
        @Sendable func attempt(_ number: Int) {
            do throws(MartletError) { try body(number) } catch { failure.withLock { $0 = $0 ?? error } }
        }
        let group = DispatchGroup()
        for number in 1..<max(1, threads) {
            group.enter()
            let thread = Thread {
                attempt(number)
                group.leave()
            }
            thread.start()
        }
        attempt(0)
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Calls `body` with consecutive pieces of `0..<count`, on as many threads as pay, until one throws; each thread has a
    /// state of its own.
    ///
    /// - Throws: the first error that one of them threw.
    static func forPieces<State>(
        of count: Int,
        piece: Int,
        _ makeState: @escaping @Sendable () throws(MartletError) -> State,
        _ body: @escaping @Sendable (Range<Int>, State) throws(MartletError) -> Void
    ) throws(MartletError) {
        let next = Atomic<Int>(0)
        let pieces = (count + piece - 1) / piece
        guard pieces > 0 else { return }
        try run(on: min(ThreadPool.processors, pieces)) { _ throws(MartletError) in
            let state = try makeState()
            while true {
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard number < pieces else { return }
                do throws(MartletError) {
                    try body((number * piece)..<min(count, (number + 1) * piece), state)
                } catch {
                    // Nobody begins another piece.
                    next.store(pieces, ordering: .relaxed)
                    throw error
                }
            }
        }
    }
}
