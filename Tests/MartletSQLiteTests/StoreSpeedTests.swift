import Foundation
import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

/// Figures of the store on this machine, printed when `MARTLET_MEASURE=1` is set; build with `-c release` for them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_MEASURE"] == "1"), .serialized)
struct StoreSpeedTests {
    private let file: StoreFile

    init() throws { file = try StoreFile() }

    /// Events in appends of three, as a scheduler makes them: an attempt ends, a step may start, and starts.
    @Test(arguments: [1, 8, 64, 256]) func transitions(appenders: Int) async throws {
        let store = try file.open()
        let figures = try await measure(store, appenders: appenders)
        print("\(appenders) appenders: \(figures)")
        await store.close()
        try await file.checkTables()
    }

    /// The same, and the questions of a scheduler, after 300,000 attempts.
    @Test func afterALongHistory() async throws {
        await (try file.open()).close()
        for runs in [0, 3_000] {
            try addHistory(runs: runs, stepsEach: 100)
            let store = try file.open()
            print("\(runs * 100) attempts of history")
            print("  64 appenders: \(try await measure(store, appenders: 64, name: "after-\(runs)"))")
            let pipeline = PipelineID(trusted: "history")
            let now = Timestamp(microseconds: 5_000)
            try await time("unfinished runs") { _ = try await store.unfinishedRuns() }
            try await time("last run") {
                _ = try await store.lastRun(of: pipeline, kinds: [.scheduled, .manual], before: nil)
            }
            try await time("run of a date") { _ = try await store.run(of: pipeline, for: now) }
            try await time("ended runs") { _ = try await store.endedRuns(of: pipeline, limit: 10) }
            try await time("dataset events") { _ = try await store.datasetEvents(after: 100, limit: 10) }
            try await time("datasets taken") { _ = try await store.datasetsTaken(by: pipeline) }
            try await time("change counter") { _ = try await store.changeCounter() }
            try await time("50 runs") { _ = try await store.runs(RunFilter(pipeline: pipeline)) }
            try await time("run by prefix") { _ = try await store.runs(RunFilter(idPrefix: "history-1234", limit: 2)) }
            try await time("a request and its answer") {
                let id = try await store.submit(.settingsChanged, by: "ada", at: now)
                try await store.answer(request: id, with: .success(true), at: now)
            }
            await store.close()
        }
    }

    /// One append that maps a step to many instances, and events of a run that has them.
    @Test(arguments: [10, 1_000, 100_000]) func aWideRun(instances: Int) async throws {
        let store = try file.open()
        let lane = Lane("wide", steps: 1)
        try await store.keep(manifest: lane.manifest, hash: lane.hash)
        try await store.append(lane.start, to: lane.run, expecting: 0)
        let step = lane.step(0).step
        let clock = ContinuousClock()
        var last = lane.start.count
        let items = (0..<instances).map { JSONValue.integer($0) }
        let mapped = RecordedEvent(
            sequence: last + 1,
            at: lane.now,
            event: .stepsMapped(MappedSteps(steps: [step], items: items))
        )
        let mapping = try await clock.measure { try await store.append([mapped], to: lane.run, expecting: last) }
        last += 1
        // The first appends after move the large one out of the write-ahead log.
        let count = 1_000
        let appending = try await clock.measure {
            for index in 0..<count {
                let event = RunEvent.stepScheduled(step: InstanceID(step, index % instances))
                let recorded = RecordedEvent(sequence: last + 1, at: lane.now, event: event)
                try await store.append([recorded], to: lane.run, expecting: last)
                last += 1
            }
        }
        print("\(instances) instances: mapped in \(mapping); then an append takes \(appending / count)")
        await store.close()
    }

    private func time(_ name: String, _ body: () async throws -> Void) async throws {
        for _ in 0..<20 { try await body() }
        let count = 200
        let took = try await ContinuousClock().measure { for _ in 0..<count { try await body() } }
        print("  \(name): \(took / count)")
    }

    private func measure(_ store: SQLiteRunStore, appenders: Int, name: String = "lane") async throws -> String {
        let steps = max(40, 6_400 / appenders)
        let lanes = (0..<appenders).map { Lane("\(name)-\($0)", steps: steps) }
        for lane in lanes {
            try await store.keep(manifest: lane.manifest, hash: lane.hash)
            try await store.append(lane.start, to: lane.run, expecting: 0)
        }
        let took = try await ContinuousClock().measure {
            try await withThrowingTaskGroup { group in
                for lane in lanes { group.addTask { try await lane.go(store) } }
                try await group.waitForAll()
            }
        }
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        let appends = appenders * (steps - 1)
        return "\(Int(Double(appends * 3) / seconds)) events/s, \(Int(Double(appends) / seconds)) appends/s"
    }

    /// Runs that have ended, written behind the store's back, which takes seconds instead of minutes.
    private func addHistory(runs: Int, stepsEach: Int) throws {
        if runs == 0 { return }
        let lane = Lane("history", steps: 1)
        try file.withDatabase { db in
            try db.execute(
                sql: "INSERT INTO manifests VALUES (?, ?)",
                arguments: ["history", JSONText.encode(lane.manifest)]
            )
            let finished = JSONText.encode(lane.finished(lane.step(0)))
            try db.inTransaction {
                let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(runs))"
                let inner = "m (j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM m WHERE j < \(stepsEach))"
                try db.execute(
                    sql: """
                        \(numbers) INSERT INTO runs
                            (id, pipeline, state, params, manifest_hash, created_us, last_sequence, kind, logical_us, datasets_to)
                        SELECT 'history-' || (1000000 + i), 'history', 'success', '{}', 'history', i, 300,
                            CASE i % 3 WHEN 0 THEN 'scheduled' WHEN 1 THEN 'manual' ELSE 'backfill' END, i * 10, i
                        FROM n
                        """
                )
                let pairs = "\(numbers), \(inner)"
                for (name, place) in [("step_scheduled", 0), ("attempt_started", 1), ("attempt_finished", 2)] {
                    try db.execute(
                        sql: """
                            \(pairs) INSERT INTO events (run_id, sequence, at_us, name, payload)
                            SELECT 'history-' || (1000000 + i), j * 3 + \(place), i, ?, ? FROM n, m
                            """,
                        arguments: [name, finished]
                    )
                }
                try db.execute(
                    sql: """
                        \(pairs) INSERT INTO steps (run_id, position, step_id, state, attempts, outcome)
                        SELECT 'history-' || (1000000 + i), j, 'step-' || j, 'success', 1, '{}' FROM n, m;
                        \(pairs) INSERT INTO attempts (run_id, step_id, attempt, result)
                        SELECT 'history-' || (1000000 + i), 'step-' || j, 1, 'success' FROM n, m;
                        \(pairs) INSERT INTO dataset_events (dataset, at_us, run_id, step_id)
                        SELECT 'history/' || j, i, 'history-' || (1000000 + i), 'step-' || j FROM n, m
                        """
                )
                return .commit
            }
        }
    }
}

/// One run whose steps follow each other.
private struct Lane: Sendable {
    let run: RunID
    let hash: String
    let manifest: PipelineManifest
    let now = Timestamp(microseconds: 1_767_323_050_250_000)

    init(_ name: String, steps: Int) {
        run = RunID(trusted: "\(name)-20260102T030405Z-abc234")
        hash = name
        manifest = PipelineManifest(
            pipeline: PipelineID(trusted: name),
            steps: (0..<steps).map { index in
                StepManifest(id: StepID(trusted: "step-\(index)"), action: .command(CommandAction(shell: "true")))
            }
        )
    }

    func step(_ index: Int) -> InstanceID { InstanceID(manifest.steps[index].id) }

    var start: [RecordedEvent] {
        let created = RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: hash,
            params: [:],
            program: nil,
            projectRoot: "/",
            martletVersion: "0.2.0",
            slots: 1
        )
        let events: [RunEvent] = [
            .runCreated(created), .runStarted(Executor(host: "here", pid: 7)), .stepScheduled(step: step(0)),
            .attemptStarted(step: step(0), attempt: 1),
        ]
        return events.enumerated().map { RecordedEvent(sequence: $0 + 1, at: now, event: $1) }
    }

    func finished(_ step: InstanceID) -> RunEvent {
        let output = DatasetOutput(
            name: PortName(trusted: "clean"),
            dataset: DatasetID(trusted: "flights/clean"),
            path: "/srv/project/.martlet/runs/\(run)/steps/\(step)/1/outputs/clean",
            format: .parquet,
            bytes: 123_456
        )
        let outcome = AttemptOutcome(
            .success,
            exitCode: 0,
            values: ["auc": 0.71],
            metrics: ["rows_out": 336_776],
            outputs: [output]
        )
        return .attemptFinished(AttemptFinished(step: step, attempt: 1, outcome: outcome, state: .success))
    }

    func go(_ store: SQLiteRunStore) async throws {
        var last = 4
        for index in 1..<manifest.steps.count {
            let events: [RunEvent] = [
                finished(step(index - 1)), .stepScheduled(step: step(index)),
                .attemptStarted(step: step(index), attempt: 1),
            ]
            let recorded = events.enumerated().map { RecordedEvent(sequence: last + 1 + $0, at: now, event: $1) }
            try await store.append(recorded, to: run, expecting: last)
            last += events.count
        }
    }
}
