import Foundation
import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

/// A database file in a folder of its own, removed with the object.
final class StoreFile: Sendable {
    let folder: String
    var path: String { folder + "/martlet.db" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/martlet-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(_ change: (inout SQLiteRunStore.Settings) -> Void = { _ in }) throws(MartletError) -> SQLiteRunStore {
        var settings = SQLiteRunStore.Settings()
        change(&settings)
        return try SQLiteRunStore(path: path, settings: settings)
    }

    /// Looks into the file, or changes it, behind the store's back.
    func withDatabase<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.inDatabase(body)
    }

    /// The error with which the file refuses to open.
    func refusal() throws -> MartletError {
        try #require(#expect(throws: MartletError.self) { try self.open() })
    }

    /// Checks that every table says what a replay of the log comes to.
    func checkTables() async throws {
        let store = try open()
        let runs = try await store.runs(RunFilter(limit: .max))
        for summary in runs {
            let log = try await store.events(of: summary.id)
            #expect(log.map(\.sequence) == Array(1...max(1, log.count)))
            let first = try #require(log.first)
            guard case .runCreated(let created) = first.event else { throw StrayLog(run: summary.id) }
            let manifest = try #require(try await store.manifest(hash: created.manifestHash))
            var replay = try #require(RunProjection(id: summary.id, first: first, steps: manifest.steps.map(\.id)))
            for event in log.dropFirst() { replay.apply(event) }
            #expect(summary == replay.run)
            #expect(try await store.projection(of: summary.id) == replay)
            #expect(try attempts(of: summary.id) == LoggedAttempt.replay(log))
            #expect(try writings(of: summary.id) == Self.writings(log, created.occasion.partition))
            let taken = try withDatabase { db in
                try Int.fetchOne(db, sql: "SELECT datasets_to FROM runs WHERE id = ?", arguments: [summary.id.rawValue])
            }
            #expect(taken == Self.taken(log))
        }
        await store.close()
        try withDatabase { db in
            let integrity = try String.fetchOne(db, sql: "PRAGMA integrity_check")
            #expect(integrity == "ok")
            let brokenReference = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check")
            #expect(brokenReference == nil)
            let stray = try String.fetchOne(db, sql: "SELECT run_id FROM events EXCEPT SELECT id FROM runs")
            #expect(stray == nil)
        }
    }

    private struct StrayLog: Error {
        var run: RunID
    }

    /// Writings of datasets, each as a list of what its row says.
    private func writings(of run: RunID) throws -> [[String]] {
        try withDatabase { db in
            let sql =
                "SELECT dataset, at_us, step_id, path, partition FROM dataset_events WHERE run_id = ? ORDER BY position"
            return try Row.fetchAll(db, sql: sql, arguments: [run.rawValue]).map { row in
                [row[0], String(row[1] as Int64), row[2], row[3], row[4] as String? ?? "-"]
            }
        }
    }

    private static func writings(_ log: [RecordedEvent], _ partition: String?) -> [[String]] {
        log.flatMap { recorded -> [[String]] in
            guard case .attemptFinished(let finished) = recorded.event, finished.state == .success else { return [] }
            return finished.outcome.outputs.map { output in
                [
                    output.dataset.rawValue, String(recorded.at.microseconds), finished.step.description, output.path,
                    partition ?? "-",
                ]
            }
        }
    }

    private static func taken(_ log: [RecordedEvent]) -> Int? {
        log.flatMap { recorded -> [Int] in
            guard case .datasetsTaken(let events) = recorded.event else { return [] }
            return events.map(\.position)
        }.max()
    }

    private func attempts(of run: RunID) throws -> Set<LoggedAttempt> {
        try withDatabase { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM attempts WHERE run_id = ?", arguments: [run.rawValue])
            return Set(
                rows.map { row in
                    LoggedAttempt(
                        step: row["step_id"],
                        attempt: row["attempt"],
                        started: row["started_us"],
                        finished: row["finished_us"],
                        result: row["result"],
                        exitCode: row["exit_code"],
                        signal: row["signal"],
                        errorCode: row["error_code"],
                        errorMessage: row["error_message"]
                    )
                }
            )
        }
    }
}

/// A row of `attempts`, and how the log makes it.
struct LoggedAttempt: Hashable {
    var step: String
    var attempt: Int
    var started: Int64?
    var finished: Int64?
    var result: String?
    var exitCode: Int?
    var signal: Int?
    var errorCode: String?
    var errorMessage: String?

    static func replay(_ log: [RecordedEvent]) -> Set<LoggedAttempt> {
        var rows: [String: LoggedAttempt] = [:]
        for recorded in log {
            switch recorded.event {
            case .attemptStarted(let step, let attempt), .attemptDeferred(let step, let attempt, _):
                rows["\(step) \(attempt)"] = LoggedAttempt(
                    step: step.description,
                    attempt: attempt,
                    started: recorded.at.microseconds
                )
            case .attemptFinished(let finished):
                let key = "\(finished.step) \(finished.attempt)"
                let started = rows[key]?.started
                rows[key] = LoggedAttempt(
                    step: finished.step.description,
                    attempt: finished.attempt,
                    started: started,
                    finished: recorded.at.microseconds,
                    result: finished.outcome.result.rawValue,
                    exitCode: finished.outcome.exitCode,
                    signal: finished.outcome.signal,
                    errorCode: finished.outcome.error?.code.description,
                    errorMessage: finished.outcome.error?.message
                )
            default: break
            }
        }
        return Set(rows.values)
    }
}

extension RunStore {
    /// Starts a run whose log begins with `count` random events.
    func begin(_ log: inout RandomRunLog, events count: Int = 1) async throws {
        try await keep(manifest: log.manifest, hash: log.hash)
        try await append(log.next(count), to: log.run, expecting: 0)
    }

    /// Appends `count` more events to the log.
    func extend(_ log: inout RandomRunLog, by count: Int = 1) async throws {
        let expected = log.lastSequence
        try await append(log.next(count), to: log.run, expecting: expected)
    }
}
