import GRDB

extension StoreSchema {
    static func registerEvents(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("v1 events, manifests and projections", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: events)
        }
    }

    // The event log is the truth; `runs`, `steps` and `attempts` are what it folds into, written in the same
    // transaction. Instants are microseconds since 1970 in UTC.
    private static let events = """
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
}
