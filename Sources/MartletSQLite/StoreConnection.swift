import Foundation
import GRDB
import MartletCore

/// Opens connections to the database.
struct StoreConnection {
    let path: String
    let settings: SQLiteRunStore.Settings

    private var errors: StoreError { StoreError(path: path) }
    private var folder: StoreFolder { StoreFolder(containing: path) }

    /// The connection that writes; makes the file, its folder and its tables when they are not there.
    func writer() throws(MartletError) -> DatabaseQueue {
        do {
            try folder.create()
        } catch {
            throw errors.uncreatable(folder: folder.path, cause: error)
        }
        do {
            let writer = try openWriter()
            if try !isCurrent(writer) {
                // Processes that open the same new file at once take turns; who comes second finds it done.
                try folder.locked {
                    try checkThatItIsOurs(writer)
                    try setUp(writer)
                }
            }
            return writer
        } catch {
            throw errors.explain(error, .open)
        }
    }

    /// A connection that only reads, beside an open writer.
    func reader() throws(MartletError) -> DatabaseQueue {
        var configuration = configuration(label: "martlet.store.reader")
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw errors.explain(error, .open)
        }
    }

    private func configuration(label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.busyMode = .timeout(settings.busySeconds)
        return configuration
    }

    private func openWriter() throws -> DatabaseQueue {
        var configuration = configuration(label: "martlet.store.writer")
        let maximumPages = settings.maximumPages
        configuration.prepareDatabase { db in
            // In full, every commit is flushed to the disk, so that what was acknowledged survives a loss of power.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
            if let maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Whether the file has the write-ahead log and all the tables of this version; a few reads that write nothing.
    private func isCurrent(_ writer: DatabaseQueue) throws -> Bool {
        try writer.unsafeRead { db in
            let migrator = StoreSchema.migrator
            // Another process may be making the tables at this moment: what is not there is left to the lock.
            guard try tables(db).contains(Self.migrationsTable) else { return false }
            let applied = try migrator.appliedIdentifiers(db)
            let unknown = applied.subtracting(migrator.migrations)
            if !unknown.isEmpty { throw errors.tooNew(unknown.sorted()) }
            if applied.count < migrator.migrations.count { return false }
            return try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
        }
    }

    /// Refuses a database of another program; called under the lock, so that no one is making tables.
    private func checkThatItIsOurs(_ writer: DatabaseQueue) throws {
        let tables = try writer.unsafeRead(tables)
        if let table = tables.sorted().first, !tables.contains(Self.migrationsTable) {
            throw errors.foreign(reason: "it holds another program's data, such as the table \(table)")
        }
    }

    private func tables(_ db: Database) throws -> Set<String> {
        try Set(String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'"))
    }

    /// Where the migrator notes what it has applied.
    private static let migrationsTable = "grdb_migrations"

    private func setUp(_ writer: DatabaseQueue) throws {
        // Not by `Configuration.journalMode`, which writes to the file again at every opening after a clean end. The
        // file remembers its mode.
        let mode = try writer.unsafeRead { try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
        guard mode == "wal" else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "no write-ahead log on this file system")
        }
        try StoreSchema.migrator.migrate(writer)
    }
}
