package import CArrow
import Dispatch
import Foundation
import Synchronization

/// Puts one batch of Arrow's C data interface into the memory given, which then owns it.
package typealias ArrowArrayExport = @Sendable (UnsafeMutablePointer<carrow_array>) -> Void
/// Puts a schema of Arrow's C data interface into the memory given, which then owns it.
package typealias ArrowSchemaExport = @Sendable (UnsafeMutablePointer<carrow_schema>) -> Void

/// Hands batches from a task, which waits while there are enough, to DuckDB's threads, which wait while there are none.
final class ArrowPipe: Sendable {
    /// Batches that wait here: one is read, and one is ready.
    private static let capacity = 2

    private struct State {
        var batches: [ArrowArrayExport] = []
        /// The task that waits for room.
        var producer: CheckedContinuation<Bool, Never>?
        /// No batch comes any more.
        var isFinished = false
        /// Why not, if that is a failure.
        var failure: UnsafeMutablePointer<CChar>?
        /// No batch is taken any more.
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Counts batches, and one more for the end, so that nobody waits after it.
    private let arrived = DispatchSemaphore(value: 0)

    deinit { state.withLock { free($0.failure) } }

    /// Hands over a batch, and waits until there is room for the next.
    ///
    /// - Returns: false when batches are no longer taken.
    func send(_ batch: @escaping ArrowArrayExport) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isClosed || state.isFinished { return false }
                state.batches.append(batch)
                arrived.signal()
                if state.batches.count < Self.capacity { return true }
                state.producer = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Says that no batch comes any more, with the reason if that is a failure.
    func finish(_ failure: String? = nil) {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            state.failure = failure.map { strdup($0) } ?? nil
            if failure != nil { state.batches = [] }
        }
        arrived.signal()
    }

    /// Says that no batch is taken any more.
    func close() {
        let producer = state.withLock { state in
            state.isClosed = true
            state.batches = []
            defer { state.producer = nil }
            return state.producer
        }
        producer?.resume(returning: false)
    }

    /// Takes the next batch, for which it waits; one that is released at the end.
    ///
    /// - Returns: 0, or an errno when the batches end with a failure.
    func next(_ target: UnsafeMutablePointer<carrow_array>) -> Int32 {
        arrived.wait()
        let (batch, producer, failed) = state.withLock { state in
            let batch = state.batches.isEmpty ? nil : state.batches.removeFirst()
            // The end can be asked for again.
            if batch == nil { arrived.signal() }
            let producer = batch == nil ? nil : state.producer
            if producer != nil { state.producer = nil }
            return (batch, producer, state.failure != nil)
        }
        target.initialize(to: carrow_array())
        producer?.resume(returning: true)
        guard let batch else { return failed ? EIO : 0 }
        batch(target)
        return 0
    }

    /// Why the batches ended; the text lives as long as this object.
    var failure: UnsafePointer<CChar>? { state.withLock { UnsafePointer($0.failure) } }
}
