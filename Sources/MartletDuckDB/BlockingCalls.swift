import Dispatch
import MartletCore

/// Runs calls that block, one after the other, on a thread that no task shares.
final class BlockingCalls: Sendable {
    private let queue = DispatchQueue(label: "martlet.duckdb.table")
    /// How often a call that has to stop is told so again: DuckDB forgets what comes just before a query starts.
    private let interval = DispatchTimeInterval.milliseconds(100)

    /// Runs `body`, whose monitor is cancelled when the calling task is.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (QueryMonitor) throws(MartletError) -> Value
    ) async throws(MartletError) -> Value {
        let monitor = QueryMonitor { _ in }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, MartletError>, Never>) in
                queue.async {
                    continuation.resume(returning: Result { () throws(MartletError) in try body(monitor) })
                }
            }
        } onCancel: {
            monitor.cancel()
        }
        return try result.get()
    }

    /// Watches a call on a connection.
    func watching<Value>(
        _ monitor: QueryMonitor,
        _ signals: DuckDBSignals,
        _ body: () throws(MartletError) -> Value
    ) throws(MartletError) -> Value {
        if monitor.isCancelled { throw TableFailure.cancelled }
        return try monitor.watching(signals, every: interval, body)
    }
}
