import Foundation
import GRDB
import MartletCore
import MartletTestKit
import Testing

@testable import MartletSQLite

struct StoreErrorTests {
    private let file: StoreFile

    init() throws { file = try StoreFile() }

    @Test func notADatabase() throws {
        try String(repeating: "a,b,c\n", count: 500).write(toFile: file.path, atomically: true, encoding: .utf8)
        let error = try file.refusal()
        #expect(error.code == .storeUnavailable)
        #expect(error.message == "\(file.path) is not a Martlet database")
        #expect(error.cause == "SQLite 26: file is not a database")
        #expect(error.remedy != nil)
    }

    @Test func anotherProgramsDatabase() throws {
        try file.withDatabase { try $0.execute(sql: "CREATE TABLE bookmarks (url TEXT)") }
        let error = try file.refusal()
        #expect(error.code == .storeUnavailable)
        #expect(error.reason?.contains("bookmarks") == true)
        #expect(try file.withDatabase { try $0.tableExists("events") } == false)
    }

    @Test func aFolderInItsPlace() throws {
        try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: true)
        let error = try file.refusal()
        #expect(error.code == .storeUnavailable)
        #expect(error.reason == "it is a folder")
    }

    @Test func aFileInPlaceOfItsFolder() throws {
        try "text".write(toFile: file.path, atomically: true, encoding: .utf8)
        let error = try #require(
            #expect(throws: MartletError.self) { try SQLiteRunStore(path: file.path + "/state/martlet.db") }
        )
        #expect(error.code == .fileUnwritable)
        #expect(error.message.contains(file.path + "/state"))
    }

    @Test func aNewerMartlet() async throws {
        await (try file.open()).close()
        try file.withDatabase { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v7 leases')") }
        let error = try file.refusal()
        #expect(error.code == .storeTooNew)
        #expect(error.reason?.contains("v7 leases") == true)
    }

    @Test func damagedPages() async throws {
        let store = try file.open()
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log, events: 500)
        await store.close()
        let handle = try #require(FileHandle(forUpdatingAtPath: file.path))
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: Int(try handle.seekToEnd()) - 4096))
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: 40 * 4096))
        try handle.close()
        let error = try file.refusal()
        #expect(error.code == .storeDamaged)
        #expect(error.cause?.hasPrefix("SQLite 11") == true)
        #expect(error.remedy?.contains(".recover") == true)
    }

    @Test func anEventOfAnUnknownKind() async throws {
        let store = try file.open()
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log)
        let sql = "INSERT INTO events VALUES (NULL, ?, 2, 0, 'run_paused', '{\"type\":\"run_paused\"}')"
        try file.withDatabase { try $0.execute(sql: sql, arguments: [log.run.rawValue]) }
        let run = log.run
        let error = await #expect(throws: MartletError.self) { try await store.events(of: run) }
        #expect(error?.code == .storeDamaged)
        #expect(error?.cause?.contains("run_paused") == true)
        await store.close()
    }

    @Test func lockedForTooLong() async throws {
        let store = try file.open { $0.busySeconds = 0.02 }
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: file.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        var copy = log
        let (run, events) = (log.run, copy.next(1))
        let error = await #expect(throws: MartletError.self) { try await store.append(events, to: run, expecting: 1) }
        #expect(error?.code == .storeUnavailable)
        #expect(error?.reason?.contains("lock") == true)
        #expect(error?.cause == "SQLite 5: database is locked")
        // Readers do not wait for the other writer.
        #expect(try await store.events(of: run).count == 1)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await store.extend(&log)
        await store.close()
        try other.close()
        try await file.checkTables()
    }

    /// What fits is written, what does not is refused whole, and neither harms the others of its group.
    @Test func noRoomForOneOfAGroup() async throws {
        var settings = SQLiteRunStore.Settings()
        settings.maximumPages = 150
        let database = try StoreConnection(path: file.path, settings: settings).writer()
        var group: [StoreWork] = []
        for seed in 1...UInt64(5) {
            var log = RandomRunLog(seed: seed)
            let events = log.next(seed == 3 ? 5_000 : 3)
            let steps = log.manifest.steps.map(\.id)
            group.append(.keep(KeptManifest(hash: log.hash, json: JSONText.encode(log.manifest), steps: steps)))
            group.append(.append(Append(events, to: log.run, expecting: 0)))
        }
        let (work, errors) = (group, StoreError(path: file.path))
        let results = try await database.writeWithoutTransaction { db in
            var writer = StoreWriter()
            return writer.commit(work, to: db, errors: errors)
        }
        for (index, result) in results.enumerated() where index != 5 {
            #expect(throws: Never.self) { try result.get() }
        }
        let error = #expect(throws: MartletError.self) { try results[5].get() }
        #expect(error?.code == .diskFull)
        #expect(error?.remedy?.contains("martlet runs resume") == true)
        #expect(error?.cause?.hasPrefix("SQLite 13") == true)
        try database.close()
        try await file.checkTables()
        #expect(try file.withDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") } == 4)
    }

    @Test(.enabled(if: TinyDisk.isAvailable)) func aFullDiskLosesNothing() async throws {
        let disk = try TinyDisk(megabytes: 1)
        try Data(count: 300_000).write(to: URL(fileURLWithPath: disk.path + "/filler"))
        let store = try SQLiteRunStore(path: disk.path + "/martlet.db")
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log)
        var refusal: MartletError?
        while refusal == nil {
            var next = log
            do throws(MartletError) {
                try await store.append(next.next(20), to: log.run, expecting: log.lastSequence)
                log = next
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .diskFull)
        #expect(try await store.events(of: log.run).count == log.lastSequence)
        try FileManager.default.removeItem(atPath: disk.path + "/filler")
        try await store.extend(&log, by: 20)
        let events = try await store.events(of: log.run)
        #expect(events.count == log.lastSequence)
        #expect(try await store.projection(of: log.run) == log.replay(events))
        await store.close()
    }

    @Test(.enabled(if: TinyDisk.isAvailable || !TinyDisk.isRoot)) func aReadOnlyFolder() async throws {
        let path: String
        var disk: TinyDisk?
        if TinyDisk.isRoot {
            // Permissions do not hold the superuser back; a read-only file system does.
            disk = try TinyDisk(megabytes: 1)
            path = (disk?.path ?? "") + "/martlet.db"
            await (try SQLiteRunStore(path: path)).close()
            try disk?.makeReadOnly()
        } else {
            path = file.path
            await (try file.open()).close()
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: file.folder)
        }
        let error = try #require(#expect(throws: MartletError.self) { try SQLiteRunStore(path: path) })
        #expect(error.code == .fileUnwritable)
        #expect(error.message.contains(path))
        let folder = (path as NSString).deletingLastPathComponent
        let fresh = try #require(
            #expect(throws: MartletError.self) { try SQLiteRunStore(path: folder + "/other.db") }
        )
        #expect(fresh.code == .fileUnwritable)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.folder)
        withExtendedLifetime(disk) {}
    }
}
