import Foundation
import GRDB
public import MartletCore
import Synchronization

/// Keeps a stream's results in a table of an SQLite database, and in the same transaction the cut that they belong to.
///
/// The table has the key's columns, `window_start`, `window_end` (RFC 3339 in UTC), a column for each value, and `pane`;
/// its primary key is the key with the window, so that a later pane of a window replaces the one before, and a
/// retraction deletes it. Without windows it has the columns of the records, with `_partition` and `_offset` as its
/// primary key. Records put aside are in `<table>_rejected`, with their bytes. The cut is in `martlet_streams`.
///
/// Every commit is flushed to the disk (write-ahead log, `synchronous = FULL`). A text ends at U+0000 for SQLite, so that
/// is kept as its symbol; NaN is NULL.
public final class SQLiteResultStore: StreamResultStore {
    /// What a table of results is called and what is in it.
    public struct Table: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// The columns of the key; without windows empty.
        public var key: [StreamField]
        /// The columns of the values; without windows all columns of the records.
        public var values: [StreamField]
        /// Whether the results are of windows.
        public var hasWindows: Bool
        /// How the bounds of windows are written.
        public var windowText: StreamTimeText

        /// The table for results of windows.
        public init(
            _ name: String,
            key: [StreamField],
            values: [StreamField],
            windowText: StreamTimeText = StreamTimeText()
        ) {
            self.name = name
            self.key = key
            self.values = values
            self.windowText = windowText
            hasWindows = true
        }

        /// The table for the records that pass a stream without windows.
        public init(_ name: String, records: [StreamField]) {
            self.name = name
            key = []
            values = records
            windowText = StreamTimeText()
            hasWindows = false
        }
    }

    private let path: String
    private let stream: String
    private let schema: ResultSchema
    private let busySeconds: Double
    private struct Open {
        var queue: DatabaseQueue
        var epoch: Int64
    }
    private let state = Mutex<Open?>(nil)

    /// A store in a file, which is made when it is opened; nothing is done yet.
    ///
    /// - Parameters:
    ///   - path: the database file.
    ///   - stream: the name under which the stream's cut is kept.
    ///   - table: the table for its results.
    ///   - busySeconds: how long to wait for others that write to the database.
    public init(path: String, stream: String, table: Table, busySeconds: Double = 30) {
        self.path = path
        self.stream = stream
        self.busySeconds = busySeconds
        schema = ResultSchema(table: table, stream: stream, path: path)
    }

    private var errors: ResultStoreError { ResultStoreError(path: path, stream: stream) }

    /// Takes the stream over, makes or checks its tables, and reads the last cut.
    ///
    /// - Throws: ``MartletError`` MT6063 when the table is another stream's or has other columns, MT6064 when the file
    ///   cannot be used, MT6065 when the cut is broken.
    public func open() async throws(MartletError) -> StreamCut? {
        do {
            try schema.check()
            let queue = try connect()
            let (schema, stream) = (schema, stream)
            // The state is read as it lies in the database: one copy, whatever its size.
            let (epoch, cut) = try await queue.write { db -> (Int64, StoredCut?) in
                try schema.prepare(db)
                let stored = try StoredCut.read(db, stream)
                let epoch = (stored?.epoch ?? 0) + 1
                try db.execute(
                    sql: """
                        INSERT INTO martlet_streams (stream, epoch, number, offsets, results, columns)
                        VALUES (?1, ?2, 0, '[]', ?3, ?4) ON CONFLICT (stream) DO UPDATE SET epoch = ?2
                        """,
                    arguments: [stream, epoch, schema.table.name, schema.signature]
                )
                return (epoch, stored)
            }
            state.withLock { $0 = Open(queue: queue, epoch: epoch) }
            guard let cut, cut.number > 0 else { return nil }
            guard let found = cut.cut else { throw errors.unreadable }
            return found
        } catch {
            throw errors.explain(error)
        }
    }

    /// Writes results and cut in one transaction.
    ///
    /// - Throws: ``MartletError`` MT6062 when another has opened the stream since, MT6064 when it cannot be written.
    public func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError) {
        guard let open = state.withLock(\.self) else {
            throw MartletError(.internalFault, "\(path) is used before it was opened", remedy: "please report this")
        }
        let (schema, stream, errors) = (schema, stream, errors)
        do {
            try await open.queue.write { db in
                let row = try Row.fetchOne(
                    db.cachedStatement(sql: "SELECT epoch, number FROM martlet_streams WHERE stream = ?"),
                    arguments: [stream]
                )
                guard let row, row[0] == open.epoch else { throw errors.takenOver }
                guard row[1] == cut.number - 1 else { throw errors.outOfTurn(cut.number, after: row[1]) }
                try ResultWriter(db, schema).write(results)
                let update = try db.cachedStatement(
                    sql: "UPDATE martlet_streams SET number = ?, offsets = ?, state = ? WHERE stream = ?"
                )
                try update.execute(
                    arguments: [cut.number, StoredCut.text(cut.offsets), Data(cut.state), stream]
                )
            }
        } catch {
            throw errors.explain(error)
        }
    }

    /// Closes the file.
    public func close() async {
        let open = state.withLock { state in
            defer { state = nil }
            return state
        }
        try? open?.queue.close()
    }

    private func connect() throws -> DatabaseQueue {
        let folder = StoreFolder(containing: path)
        try folder.create()
        var configuration = Configuration()
        configuration.label = "martlet.results"
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let mode = try queue.unsafeRead { try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
        guard mode == "wal" else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "no write-ahead log on this file system")
        }
        return queue
    }
}
