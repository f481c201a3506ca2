import Dispatch
public import MartletCore

/// Runs SQL in DuckDB, inside this process.
///
/// DuckDB's library is loaded when the first script runs, so that a process that runs none does not pay for it.
public struct DuckDBEngine: QueryEngine {
    /// Where the library may be.
    private let locations: LibraryLocations
    /// How often a running script's progress is looked at.
    private let observationInterval = DispatchTimeInterval.milliseconds(100)

    /// An engine that finds its library as `environment` says.
    ///
    /// `MARTLET_DUCKDB` names the library, which then has to be there. Otherwise it is the first that loads of
    /// `$MARTLET_HOME/lib/libduckdb.so`, `~/.local/share/martlet/lib/libduckdb.so` and the system's own `libduckdb.so`
    /// (`.dylib` on macOS).
    public init(environment: [String: String]) { locations = LibraryLocations(environment: environment) }

    /// Runs `transform` in a database of its own, in memory, on a thread of its own.
    public func transform(
        _ transform: SQLTransform,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws(MartletError) -> SQLTransformResult {
        let monitor = QueryMonitor(report: progress)
        // DuckDB blocks the thread it is called on, which must not be one of the few that tasks share.
        let queue = DispatchQueue(label: "martlet.duckdb.transform")
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
                queue.async {
                    continuation.resume(returning: Outcome { () throws(MartletError) in try run(transform, monitor) })
                }
            }
        } onCancel: {
            monitor.cancel()
        }
        let value = try result.get()
        progress(1)
        return value
    }

    private typealias Outcome = Result<SQLTransformResult, MartletError>

    private func run(_ transform: SQLTransform, _ monitor: QueryMonitor) throws(MartletError) -> SQLTransformResult {
        try TransformSession(transform, monitor: monitor).run(observedEvery: observationInterval) {
            () throws(MartletError) in try locations.load()
        }
    }
}
