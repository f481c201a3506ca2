import Dispatch
import Foundation
public import MartletCore

/// Opens tables in DuckDB, inside this process.
///
/// Each table has a database of its own, in memory, which goes with its session. DuckDB's library is loaded when the
/// first table is opened.
public struct DuckDBTables: TableEngine {
    /// Where the library may be.
    let locations: LibraryLocations
    /// Whether tables last until the process ends.
    private let isBrief: Bool

    /// An engine that finds its library as `DuckDBEngine.init(environment:)` does.
    ///
    /// With `endsWithProcess` databases are not freed, but left to the end of the process, which is quicker: for commands
    /// that open a table, tell something of it, and end.
    public init(environment: [String: String], endsWithProcess: Bool = false) {
        locations = LibraryLocations(environment: environment)
        isBrief = endsWithProcess
    }

    /// Opens a table.
    ///
    /// Without a memory limit in `settings` the engine keeps to `Limits.tableMemoryBytes` where it can. Small text files
    /// are read into memory at once, so that a broken line of them is told here.
    public func open(
        _ source: TableSource,
        settings: SQLTransform.Settings
    ) async throws(MartletError) -> any TableSession {
        // DuckDB blocks the thread it is called on, which must not be one of the few that tasks share.
        let calls = BlockingCalls()
        return try await calls.perform { monitor throws(MartletError) in
            let opening = TableOpening(source: source, settings: settings, calls: calls, monitor: monitor)
            let session = try opening.open { () throws(MartletError) in try locations.load() }
            if isBrief { LastingTables.keep(session, folder: opening.ownTemporaryFolder) }
            return session
        }
    }
}
