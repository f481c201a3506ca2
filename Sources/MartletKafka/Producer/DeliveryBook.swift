import MartletCore
import Synchronization

/// Which records of which calls are still under way.
final class DeliveryBook: Sendable {
    /// What came of one record.
    struct Outcome {
        var index: Int
        var partition: TopicPartition?
        var offset: Int64
        var failure: StreamError?
    }

    private struct Call {
        var report: DeliveryReport
        var open: Int
        var isSettled: [Bool]
        var waiter: CheckedContinuation<DeliveryReport, Never>?

        /// Gives up what is still open.
        mutating func abandon(_ error: StreamError) {
            for index in isSettled.indices where !isSettled[index] { report.failures[index] = error }
            open = 0
        }
    }

    private struct State {
        var calls = [UInt32: Call]()
        var numbers: UInt32 = 0
        var open = 0
        /// Grows whenever there is room again in the library's queue.
        var rooms: UInt64 = 0
        var roomWaiters = [CheckedContinuation<Void, Never>]()
        /// Why nothing is reported any more.
        var failure: StreamError?
    }

    private let state = Mutex(State())

    /// How many records are under way.
    var open: Int { state.withLock(\.open) }

    /// Grows whenever there is room again.
    var rooms: UInt64 { state.withLock(\.rooms) }

    /// Opens a call that sends `count` records.
    ///
    /// - Returns: its number, never 0.
    func begin(_ count: Int) -> UInt32 {
        state.withLock { state in
            repeat { state.numbers &+= 1 } while state.numbers == 0 || state.calls[state.numbers] != nil
            var call = Call(
                report: DeliveryReport(count: count),
                open: count,
                isSettled: Array(repeating: false, count: count)
            )
            // The thread has ended: nobody will report.
            if let failure = state.failure { call.abandon(failure) }
            state.calls[state.numbers] = call
            state.open += call.open
            return state.numbers
        }
    }

    /// Notes what came of records of one call.
    func settle(_ number: UInt32, _ outcomes: some Sequence<Outcome>) {
        let done = state.withLock { state -> Call? in
            guard var call = state.calls.removeValue(forKey: number) else { return nil }
            for outcome in outcomes
            where call.isSettled.indices.contains(outcome.index) && !call.isSettled[outcome.index] {
                call.isSettled[outcome.index] = true
                call.open -= 1
                state.open -= 1
                if let failure = outcome.failure {
                    call.report.failures[outcome.index] = failure
                } else if let partition = outcome.partition, outcome.offset >= 0 {
                    let last = call.report.lastOffsets[partition] ?? -1
                    if outcome.offset > last { call.report.lastOffsets[partition] = outcome.offset }
                }
            }
            if call.open > 0 || call.waiter == nil { state.calls[number] = call }
            return call.open > 0 ? nil : call
        }
        if let done { done.waiter?.resume(returning: done.report) }
    }

    /// Wakes those who wait for room: the library has let go of records that were reported on.
    func makeRoom() {
        let waiters = state.withLock { state in
            state.rooms += 1
            defer { state.roomWaiters = [] }
            return state.roomWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until all records of a call are settled.
    func report(on number: UInt32) async -> DeliveryReport {
        await withCheckedContinuation { continuation in
            let done = state.withLock { state -> DeliveryReport? in
                guard var call = state.calls.removeValue(forKey: number) else { return DeliveryReport(count: 0) }
                if call.open == 0 { return call.report }
                call.waiter = continuation
                state.calls[number] = call
                return nil
            }
            if let done { continuation.resume(returning: done) }
        }
    }

    /// Waits for room that was made after `seen` was read.
    func waitForRoom(after seen: UInt64) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.rooms == seen { state.roomWaiters.append(continuation) }
                return state.rooms != seen
            }
            if isThere { continuation.resume() }
        }
    }

    /// Settles all that is open: nothing will be heard of it any more.
    func abandon(_ error: StreamError) {
        let (waiting, rooms) = state.withLock { state in
            state.failure = error
            state.rooms += 1
            state.open = 0
            defer { state.roomWaiters = [] }
            var waiting = [Call]()
            for number in state.calls.keys {
                state.calls[number]?.abandon(error)
                // Others ask for their report later.
                if state.calls[number]?.waiter != nil, let call = state.calls.removeValue(forKey: number) {
                    waiting.append(call)
                }
            }
            return (waiting, state.roomWaiters)
        }
        for call in waiting { call.waiter?.resume(returning: call.report) }
        for room in rooms { room.resume() }
    }
}
