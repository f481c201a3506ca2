import Foundation
import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

/// Databases that older versions made stay readable, with all that is in them.
struct MigrationTests {
    private let file: StoreFile

    init() throws { file = try StoreFile() }

    @Test func aDatabaseOfTheFirstVersion() async throws {
        try makeFirstVersion()
        let store = try file.open()
        let run = RunID(trusted: "flights-1")
        let log = try await store.events(of: run)
        #expect(log.count == 8)
        let manifest = try #require(try await store.manifest(hash: "h1"))
        #expect(manifest.steps.map(\.id.rawValue) == ["ingest", "train"])
        #expect(manifest.schedule != nil)
        let projection = try #require(try await store.projection(of: run))
        #expect(projection.run.state == .success)
        #expect(projection.run.occasion == RunOccasion())
        let ingest = StepSummary(
            id: InstanceID(StepID(trusted: "ingest")),
            state: .success,
            attempts: 1,
            startedAt: Timestamp(microseconds: 4),
            finishedAt: Timestamp(microseconds: 5),
            outcome: try JSONText.decode(AttemptOutcome.self, from: Self.outcome)
        )
        let train = StepSummary(
            id: InstanceID(StepID(trusted: "train")),
            state: .skipped,
            finishedAt: Timestamp(microseconds: 7),
            reason: "ingest follows nothing"
        )
        #expect(projection == RunProjection(run: projection.run, steps: [ingest, train]))
        let unfinished = try await store.unfinishedRuns()
        #expect(unfinished.map(\.id.rawValue) == ["flights-2"])
        let ended = try await store.endedRuns(of: PipelineID(trusted: "flights"), limit: 5)
        #expect(ended.map(\.id) == [run])
        // What was written before is known to those that ask for datasets.
        let written = try #require(try await store.lastEvent(of: DatasetID(trusted: "flights/clean")))
        #expect(written.run == run)
        #expect(written.step?.description == "ingest")
        #expect(written.path == "/srv/clean.csv")
        #expect(written.at == Timestamp(microseconds: 5))
        #expect(try await store.datasetEvents(after: 0, limit: 9) == [written])
        await store.close()
        try await file.checkTables()
    }

    @Test func whatItBeganGoesOn() async throws {
        try makeFirstVersion()
        let store = try file.open()
        let train = StepID(trusted: "train")
        let events: [RunEvent] = [
            .stepsMapped(MappedSteps(steps: [train], items: ["a", "b"])),
            .attemptDeferred(step: InstanceID(train, 1), attempt: 1, state: .awaitingInput),
            .runFinished(state: .failed, reason: nil),
        ]
        let recorded = events.enumerated().map {
            RecordedEvent(sequence: $0 + 2, at: Timestamp(microseconds: 100), event: $1)
        }
        try await store.append(recorded, to: RunID(trusted: "flights-2"), expecting: 1)
        let cleared = ClearedSteps(steps: [InstanceID(StepID(trusted: "ingest"))])
        let again = RecordedEvent(sequence: 9, at: Timestamp(microseconds: 200), event: .cleared(cleared))
        try await store.append([again], to: RunID(trusted: "flights-1"), expecting: 8)
        #expect(try await store.unfinishedRuns().map(\.id.rawValue) == ["flights-1"])
        await store.close()
        try await file.checkTables()
    }

    /// Nothing of the old tables is left, and both ways end with the same tables.
    @Test func theTablesAreThoseOfANewDatabase() async throws {
        try makeFirstVersion()
        await (try file.open()).close()
        let fresh = try StoreFile()
        await (try fresh.open()).close()
        let sql = "SELECT name, sql FROM sqlite_schema ORDER BY name"
        let (old, new) = try (
            file.withDatabase { try Row.fetchAll($0, sql: sql).map(\.description) },
            fresh.withDatabase { try Row.fetchAll($0, sql: sql).map(\.description) }
        )
        #expect(old == new)
    }

    /// A file as version 0.1 left it: a run that has ended and one that was just created.
    private func makeFirstVersion() throws {
        try file.withDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: Self.tables)
            try db.execute(sql: Self.rows)
        }
    }

    private static let tables = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('v1 events, manifests and projections');

        CREATE TABLE manifests (
            hash TEXT NOT NULL PRIMARY KEY,
            json TEXT NOT NULL CHECK (json_valid(json))
        ) STRICT;

        CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL,
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            at_us INTEGER NOT NULL,
            name TEXT NOT NULL,
            payload TEXT NOT NULL CHECK (json_valid(payload)),
            UNIQUE (run_id, sequence)
        ) STRICT;

        CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY,
            pipeline TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'success', 'failed', 'cancelled')),
            params TEXT NOT NULL CHECK (json_valid(params)),
            manifest_hash TEXT NOT NULL REFERENCES manifests (hash),
            created_us INTEGER NOT NULL,
            started_us INTEGER,
            finished_us INTEGER,
            reason TEXT,
            last_sequence INTEGER NOT NULL,
            executor_host TEXT,
            executor_pid INTEGER
        ) STRICT;

        CREATE INDEX runs_by_age ON runs (created_us, id);
        CREATE INDEX runs_by_pipeline ON runs (pipeline, created_us, id);
        CREATE INDEX runs_by_state ON runs (state, created_us, id);

        CREATE TABLE steps (
            run_id TEXT NOT NULL REFERENCES runs (id),
            position INTEGER NOT NULL,
            step_id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN (
                'none', 'scheduled', 'running', 'success', 'failed', 'skipped', 'upstream_failed', 'up_for_retry',
                'cancelled'
            )),
            attempts INTEGER NOT NULL,
            started_us INTEGER,
            finished_us INTEGER,
            retry_us INTEGER,
            reason TEXT,
            outcome TEXT CHECK (outcome IS NULL OR json_valid(outcome)),
            PRIMARY KEY (run_id, position)
        ) STRICT;

        CREATE TABLE attempts (
            run_id TEXT NOT NULL REFERENCES runs (id),
            step_id TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            started_us INTEGER,
            finished_us INTEGER,
            result TEXT CHECK (result IN (
                'success', 'failed', 'skipped', 'timed_out', 'cancelled', 'interrupted'
            )),
            exit_code INTEGER,
            signal INTEGER,
            error_code TEXT,
            error_message TEXT,
            PRIMARY KEY (run_id, step_id, attempt)
        ) STRICT, WITHOUT ROWID;
        """

    private static let outcome = """
        {"exit_code":0,"metrics":{},"outputs":[{"bytes":9,"dataset":"flights/clean","format":"csv","name":"clean",\
        "path":"/srv/clean.csv"}],"result":"success","retryable":true,"values":{"rows":3}}
        """

    private static let created = """
        {"manifest_hash":"h1","martlet_version":"0.1.0","params":{"month":1},"pipeline":"flights",\
        "project_root":"/srv","slots":4,"type":"run_created"}
        """

    private static func step(_ id: String) -> String {
        """
        {"action":{"command":{"shell":"true"}},"after":[],"env":{},"id":"\(id)","inputs":[],"outputs":[],\
        "retry":{"backoff":1,"delay_seconds":0,"retries":0},"skip_exit_codes":[99],"tags":[],\
        "trigger_rule":"all_success"}
        """
    }

    private static let rows = """
        INSERT INTO manifests VALUES ('h1', '{"manifest_version":1,"params":[],"pipeline":"flights",\
        "schedule":{"catchup":false,"cron":"@daily"},"sources":[],"steps":[\(step("ingest")),\(step("train"))],"tags":[]}');

        INSERT INTO events (run_id, sequence, at_us, name, payload) VALUES
            ('flights-1', 1, 1, 'run_created', '\(created)'),
            ('flights-1', 2, 2, 'run_started', '{"host":"laptop","pid":7,"type":"run_started"}'),
            ('flights-2', 1, 9, 'run_created', '\(created)'),
            ('flights-1', 3, 3, 'step_scheduled', '{"step":"ingest","type":"step_scheduled"}'),
            ('flights-1', 4, 4, 'attempt_started', '{"attempt":1,"step":"ingest","type":"attempt_started"}'),
            ('flights-1', 5, 5, 'attempt_finished',
                '{"attempt":1,"outcome":\(outcome),"state":"success","step":"ingest","type":"attempt_finished"}'),
            ('flights-1', 6, 6, 'branch_decided', '{"follow":[],"step":"ingest","type":"branch_decided"}'),
            ('flights-1', 7, 7, 'step_resolved',
                '{"reason":"ingest follows nothing","state":"skipped","step":"train","type":"step_resolved"}'),
            ('flights-1', 8, 8, 'run_finished', '{"state":"success","type":"run_finished"}');

        INSERT INTO runs VALUES
            ('flights-1', 'flights', 'success', '{"month":1}', 'h1', 1, 2, 8, NULL, 8, 'laptop', 7),
            ('flights-2', 'flights', 'queued', '{"month":1}', 'h1', 9, NULL, NULL, NULL, 1, NULL, NULL);

        INSERT INTO steps VALUES
            ('flights-1', 0, 'ingest', 'success', 1, 4, 5, NULL, NULL, '\(outcome)'),
            ('flights-1', 1, 'train', 'skipped', 0, NULL, 7, NULL, 'ingest follows nothing', NULL),
            ('flights-2', 0, 'ingest', 'none', 0, NULL, NULL, NULL, NULL, NULL),
            ('flights-2', 1, 'train', 'none', 0, NULL, NULL, NULL, NULL, NULL);

        INSERT INTO attempts VALUES ('flights-1', 'ingest', 1, 4, 5, 'success', 0, NULL, NULL, NULL);
        """
}
