import Foundation
import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

struct SQLiteRunStoreTests {
    private let file: StoreFile

    init() throws { file = try StoreFile() }

    @Test func findsEverythingAgainAfterReopening() async throws {
        var log = RandomRunLog(seed: 1)
        let first = try file.open()
        try await first.begin(&log, events: 3)
        await first.close()
        let second = try file.open()
        try await second.extend(&log, by: 4)
        #expect(try await second.events(of: log.run).count == 7)
        #expect(try await second.manifest(hash: log.hash) == log.manifest)
        await second.close()
        try await file.checkTables()
    }

    @Test func leavesOneFileBehindWhenClosed() async throws {
        let store = try file.open()
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log)
        _ = try await store.runs(RunFilter())
        await store.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder) == ["martlet.db"])
    }

    @Test func openingAgainWritesNothing() async throws {
        await (try file.open()).close()
        let before = try Data(contentsOf: URL(fileURLWithPath: file.path))
        let store = try file.open()
        _ = try await store.runs(RunFilter())
        await store.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)) == before)
    }

    @Test func makesItsFolder() async throws {
        let path = file.folder + "/a/b/martlet.db"
        let store = try SQLiteRunStore(path: path)
        await store.close()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func manyMaySetUpTheSameFileAtOnce() async throws {
        try await withThrowingTaskGroup { group in
            for seed in 1...UInt64(12) {
                group.addTask {
                    let store = try file.open()
                    var log = RandomRunLog(seed: seed)
                    try await store.begin(&log, events: 5)
                    await store.close()
                }
            }
            try await group.waitForAll()
        }
        try await file.checkTables()
        #expect(try file.withDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") } == 12)
    }

    @Test func twoStoresWriteOneFile() async throws {
        let stores = [try file.open(), try file.open()]
        try await withThrowingTaskGroup { group in
            for (index, store) in stores.enumerated() {
                for lane in 0..<8 {
                    group.addTask {
                        var log = RandomRunLog(seed: UInt64(100 * index + lane))
                        try await store.begin(&log)
                        for _ in 0..<25 { try await store.extend(&log) }
                    }
                }
            }
            try await group.waitForAll()
        }
        for store in stores { await store.close() }
        try await file.checkTables()
        #expect(try file.withDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM events") } == 2 * 8 * 26)
    }

    @Test func aRunTakenOverByAnotherStoreIsAConflict() async throws {
        let (one, other) = (try file.open(), try file.open())
        var log = RandomRunLog(seed: 1)
        try await one.begin(&log)
        var stale = log
        try await other.extend(&log, by: 2)
        // `one` remembers the run as it left it, and finds out only when it inserts.
        let (run, events) = (log.run, stale.next(1))
        let error = try await #require(
            #expect(throws: MartletError.self) {
                try await one.append(events, to: run, expecting: 1)
            }
        )
        #expect(error.code == .storeConflict)
        #expect(error.reason == "its last event should be number 1 and is number 3")
        // Having looked, it may go on.
        try await one.extend(&log)
        #expect(try await other.events(of: log.run).count == 4)
        await one.close()
        await other.close()
        try await file.checkTables()
    }

    @Test func goesOnWhereAnotherStoreStopped() async throws {
        let (one, other) = (try file.open(), try file.open())
        var log = RandomRunLog(seed: 2)
        try await one.begin(&log)
        for _ in 0..<5 {
            try await other.extend(&log, by: 3)
            try await one.extend(&log, by: 3)
        }
        await one.close()
        await other.close()
        try await file.checkTables()
    }

    /// An append that has begun is not taken back, and is never half known.
    @Test func aCancelledTaskStillAppendsAndReads() async throws {
        let store = try file.open()
        let count = try await Task {
            while !Task.isCancelled { await Task.yield() }
            var log = RandomRunLog(seed: 1)
            try await store.begin(&log, events: 3)
            return try await store.events(of: log.run).count
        }.cancelled().value
        #expect(count == 3)
        await store.close()
    }

    @Test func theLogCannotBeChanged() async throws {
        let store = try file.open()
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log, events: 3)
        await store.close()
        for sql in ["UPDATE events SET name = 'other'", "DELETE FROM events"] {
            let error = #expect(throws: DatabaseError.self) { try file.withDatabase { try $0.execute(sql: sql) } }
            #expect(error?.message == "the event log is append-only")
        }
    }

    @Test(arguments: ["UPDATE runs SET state = 'done'", "UPDATE steps SET state = 'done'"])
    func theTablesKnowTheStates(sql: String) async throws {
        let store = try file.open()
        var log = RandomRunLog(seed: 5)
        try await store.begin(&log, events: 40)
        await store.close()
        let error = #expect(throws: DatabaseError.self) { try file.withDatabase { try $0.execute(sql: sql) } }
        #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_CHECK)
        try file.withDatabase { db in
            for state in StepState.allCases {
                try db.execute(sql: "UPDATE steps SET state = ?", arguments: [state.rawValue])
            }
            for state in RunState.allCases {
                try db.execute(sql: "UPDATE runs SET state = ?", arguments: [state.rawValue])
            }
        }
    }

    @Test func forgetsRunsBeyondItsMemoryAndReadsThemBack() async throws {
        let store = try file.open { $0.rememberedSteps = 400 }
        let steps = (0..<60).map { StepID(trusted: "step-\($0)") }
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "wide"),
            steps: steps.map { StepManifest(id: $0, action: .command(CommandAction(shell: "true"))) }
        )
        try await store.keep(manifest: manifest, hash: "wide")
        let created = RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: "wide",
            params: [:],
            program: nil,
            projectRoot: "/",
            martletVersion: "0.1.0",
            slots: 1
        )
        let runs = (0..<8).map { RunID(trusted: "wide-\($0)") }
        for round in 0..<6 {
            // Some runs are used more often than others.
            for (index, run) in runs.enumerated() where round < 2 || index % round == 0 {
                let event: RunEvent = round == 0 ? .runCreated(created) : .stepScheduled(step: InstanceID(steps[round]))
                let at = Timestamp(microseconds: Int64(round))
                let last = try await store.events(of: run).count
                let recorded = RecordedEvent(sequence: last + 1, at: at, event: event)
                try await store.append([recorded], to: run, expecting: last)
            }
        }
        await store.close()
        try await file.checkTables()
    }

    /// SQLite's texts end at U+0000: the tables show its symbol, the log keeps it.
    @Test func aZeroCharacterCutsNothingOff() async throws {
        let store = try file.open()
        var log = RandomRunLog(seed: 1)
        try await store.begin(&log)
        let end = RecordedEvent(
            sequence: 2,
            at: Timestamp(microseconds: 0),
            event: .runFinished(state: .failed, reason: "before\0after")
        )
        try await store.append([end], to: log.run, expecting: 1)
        #expect(try await store.events(of: log.run).last == end)
        #expect(try await store.projection(of: log.run)?.run.reason == "before\u{2400}after")
        await store.close()
    }
}

extension Task {
    /// The task, told to stop.
    fileprivate func cancelled() -> Self {
        cancel()
        return self
    }
}
