/// Opens tables that queries can read: the port behind quality suites, profiles and drift.
public protocol TableEngine: Sendable {
    /// Opens a table; nothing of it is read but what tells its columns.
    ///
    /// - Parameters:
    ///   - source: the files or the query whose rows are the table.
    ///   - settings: what the engine may use of the machine.
    /// - Returns: the table, open until the last reference goes.
    /// - Throws: `.sqlInputUnreadable` for files that are missing, broken or of no known format, `.sqlInvalid` for a
    ///   query that is not valid, `.sqlEngineUnusable` when the engine does not start.
    func open(_ source: TableSource, settings: SQLTransform.Settings) async throws(MartletError) -> any TableSession
}

/// Where the rows of a table come from.
public enum TableSource: Hashable, Sendable {
    /// A file, or a folder of files of one format. The input's name is what queries may call it, besides the session's
    /// own ``TableSession/relation``.
    case files(TableInput)
    /// The rows of a SELECT over these inputs.
    case query(String, inputs: [TableInput])
}

/// The SQL that a session speaks.
public enum SQLDialect: String, Hashable, Sendable, CaseIterable {
    case duckdb
    case spark
}

/// An open table.
///
/// Queries of one session run one after the other; blocking work happens off the cooperative pool. Cancelling the
/// calling task interrupts the query.
public protocol TableSession: Sendable {
    /// The SQL it speaks.
    var dialect: SQLDialect { get }
    /// The engine and its version.
    var engine: String { get }
    /// The table's columns in their order.
    var columns: [TableColumn] { get }
    /// What stands for the table after FROM, quoted where needed.
    var relation: String { get }

    /// Gives another file the name of a view, so that queries can read it beside the table.
    ///
    /// - Throws: `.sqlInputUnreadable` as ``TableEngine/open(_:settings:)`` does.
    func attach(_ input: TableInput) async throws(MartletError)

    /// Runs one statement and takes all its rows.
    ///
    /// - Throws: `.sqlInvalid` for a statement that is not valid, or is not one that only returns rows; `.sqlFailed` when
    ///   it fails while it runs, such as on a value that a cast refuses; `.sqlInputUnreadable` when a file turns out to
    ///   be broken, such as at a line of CSV, so that no other query will do better; `.sqlCancelled` when it was
    ///   interrupted.
    func query(_ sql: String) async throws(MartletError) -> SQLTable

    /// Runs one statement and gives its rows to `take` in pieces, in order, with flat memory. No rows are one piece
    /// without any, which still tells the columns.
    ///
    /// - Throws: what `take` throws, which also ends the query; else as ``query(_:)``.
    func stream(
        _ sql: String,
        _ take: @escaping @Sendable (SQLTable) throws(MartletError) -> Void
    ) async throws(MartletError)

    /// Writes the rows of one SELECT to a file, which is put in place whole, or not at all.
    ///
    /// - Returns: how many rows were written.
    /// - Throws: as ``query(_:)``.
    func write(_ query: String, to output: TableOutput) async throws(MartletError) -> Int

    /// What is known without reading rows; nil when the files do not tell.
    ///
    /// - Throws: `.sqlInputUnreadable` for files that are broken.
    func statistics() async throws(MartletError) -> TableStatistics?
}
