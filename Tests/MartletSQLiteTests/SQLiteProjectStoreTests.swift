import Foundation
import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

struct SQLiteProjectStoreTests {
    private let file: StoreFile
    private let now = Timestamp(microseconds: 1_000_000)

    init() throws { file = try StoreFile() }

    @Test func seesTheWritesOfOthers() async throws {
        let (one, other) = (try file.open(), try file.open())
        let before = try await one.changeCounter()
        _ = try await other.openRequests()
        #expect(try await one.changeCounter() == before)
        let id = try await other.submit(.settingsChanged, by: "ada", at: now)
        let after = try await one.changeCounter()
        #expect(after != before)
        #expect(try await one.openRequests().map(\.id) == [id])
        #expect(try await one.changeCounter() == after)
        await one.close()
        await other.close()
    }

    /// Two processes that come to the same date at once make one run of it.
    @Test func oneOfTwoStoresHasADate() async throws {
        let stores = [try file.open(), try file.open()]
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [])
        try await stores[0].keep(manifest: manifest, hash: "p")
        let dates = 0..<30
        let errors = try await withThrowingTaskGroup { group in
            for (index, store) in stores.enumerated() {
                for date in dates {
                    group.addTask { () -> MartletError? in
                        let logicalDate = Timestamp(microseconds: Int64(date))
                        let created = RunCreated(
                            pipeline: manifest.pipeline,
                            manifestHash: "p",
                            params: [:],
                            program: nil,
                            projectRoot: "/",
                            martletVersion: "0.2.0",
                            slots: 1,
                            occasion: RunOccasion(kind: .scheduled, logicalDate: logicalDate)
                        )
                        let event = RecordedEvent(sequence: 1, at: logicalDate, event: .runCreated(created))
                        do throws(MartletError) {
                            try await store.append([event], to: RunID(trusted: "p-\(index)-\(date)"), expecting: 0)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
            }
            return try await group.reduce(into: [MartletError]()) { if let error = $1 { $0.append(error) } }
        }
        #expect(errors.map(\.code) == dates.map { _ in .runExists })
        #expect(try await stores[0].unfinishedRuns().count == dates.count)
        for store in stores { await store.close() }
        try await file.checkTables()
    }

    @Test func dropsOldAnswersOnly() async throws {
        let store = try file.open()
        let answered = try await store.submit(.settingsChanged, by: "ada", at: now)
        let open = try await store.submit(.settingsChanged, by: "ada", at: now)
        try await store.answer(request: answered, with: .success(true), at: now)
        // Stands for many between.
        try file.withDatabase { db in
            try db.execute(
                sql: """
                    INSERT INTO requests (id, at_us, made_by, request, answered_us, answer)
                    SELECT 10001, at_us, made_by, request, answered_us, answer FROM requests WHERE id = ?
                    """,
                arguments: [answered]
            )
        }
        let last = try await store.submit(.settingsChanged, by: "ada", at: now)
        #expect(last == 10_002)
        #expect(try await store.request(answered) != nil)
        try await store.answer(request: last, with: .success(true), at: now)
        #expect(try await store.request(answered) == nil)
        #expect(try await store.openRequests().map(\.id) == [open])
        try await store.answer(request: open, with: .success(true), at: now)
        #expect(try await store.request(open) == nil)
        #expect(try await store.request(10_001) != nil)
        #expect(try await store.request(last)?.answer == .bool(true))
        await store.close()
    }

    /// A change shares a transaction with appends, but fails alone.
    @Test func aRefusedChangeHarmsNoOther() async throws {
        let store = try file.open()
        try await withThrowingTaskGroup { group in
            for seed in 1...UInt64(20) {
                group.addTask {
                    var log = RandomRunLog(seed: seed)
                    try await store.begin(&log, events: 5)
                }
                group.addTask {
                    let error = await #expect(throws: MartletError.self) {
                        try await store.setPaused(PipelineID(trusted: "none"), true, note: nil)
                    }
                    #expect(error?.code == .pipelineUnregistered)
                }
                group.addTask { _ = try await store.submit(.settingsChanged, by: "\(seed)", at: now) }
            }
            try await group.waitForAll()
        }
        #expect(try await store.openRequests().count == 20)
        #expect(try await store.runs(RunFilter()).count == 20)
        await store.close()
        try await file.checkTables()
    }
}
