import GRDB

extension StoreSchema {
    static func registerScheduling(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("v3 schedules, instances and operators", foreignKeyChecks: .immediate) { db in
            for sql in [occasions, instances, datasets, pipelines, backfills, requests] { try db.execute(sql: sql) }
        }
    }

    // What a run stands for. Columns are added, so that a long history need not be written anew.
    private static let occasions = """
        ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'manual'
            CHECK (kind IN ('manual', 'scheduled', 'backfill', 'dataset'));
        ALTER TABLE runs ADD COLUMN logical_us INTEGER;
        ALTER TABLE runs ADD COLUMN interval_start_us INTEGER;
        ALTER TABLE runs ADD COLUMN interval_end_us INTEGER;
        ALTER TABLE runs ADD COLUMN run_after_us INTEGER;
        ALTER TABLE runs ADD COLUMN timezone TEXT;
        ALTER TABLE runs ADD COLUMN tzdb TEXT;
        ALTER TABLE runs ADD COLUMN backfill TEXT;
        ALTER TABLE runs ADD COLUMN ordinal INTEGER;
        ALTER TABLE runs ADD COLUMN version INTEGER;
        ALTER TABLE runs ADD COLUMN partition TEXT;
        ALTER TABLE runs ADD COLUMN note TEXT;
        ALTER TABLE runs ADD COLUMN unattended INTEGER NOT NULL DEFAULT 0 CHECK (unattended IN (0, 1));
        ALTER TABLE runs ADD COLUMN datasets_to INTEGER;

        CREATE UNIQUE INDEX runs_by_date ON runs (pipeline, logical_us) WHERE logical_us IS NOT NULL;
        CREATE INDEX runs_by_kind ON runs (pipeline, kind, logical_us) WHERE logical_us IS NOT NULL;
        CREATE INDEX runs_by_pipeline_state ON runs (pipeline, state, created_us, id);
        CREATE INDEX runs_by_datasets ON runs (pipeline, datasets_to) WHERE datasets_to IS NOT NULL;
        """

    // Rows of one run lie together, as they are read together. `step_id` names the instance, here and in `attempts`.
    private static let instances = """
        CREATE TABLE new_steps (
            run_id TEXT NOT NULL REFERENCES runs (id),
            position INTEGER NOT NULL,
            step_id TEXT NOT NULL,
            label TEXT,
            state TEXT NOT NULL CHECK (state IN (
                'none', 'scheduled', 'running', 'success', 'failed', 'skipped', 'upstream_failed', 'up_for_retry',
                'cancelled', 'deferred', 'awaiting_input', 'restarting', 'removed'
            )),
            attempts INTEGER NOT NULL,
            started_us INTEGER,
            finished_us INTEGER,
            retry_us INTEGER,
            reason TEXT,
            outcome TEXT CHECK (outcome IS NULL OR json_valid(outcome)),
            PRIMARY KEY (run_id, position)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO new_steps
            SELECT run_id, position, step_id, NULL, state, attempts, started_us, finished_us, retry_us, reason, outcome
            FROM steps ORDER BY run_id, position;
        DROP TABLE steps;
        ALTER TABLE new_steps RENAME TO steps;
        """

    // Every writing of a dataset by a step that succeeded, and those that were told of from outside.
    private static let datasets = """
        CREATE TABLE dataset_events (
            position INTEGER PRIMARY KEY,
            dataset TEXT NOT NULL,
            at_us INTEGER NOT NULL,
            run_id TEXT REFERENCES runs (id),
            step_id TEXT,
            path TEXT,
            partition TEXT
        ) STRICT;

        CREATE INDEX dataset_events_by_dataset ON dataset_events (dataset, position);

        INSERT INTO dataset_events (dataset, at_us, run_id, step_id, path)
            SELECT json_extract(output.value, '$.dataset'), events.at_us, events.run_id,
                json_extract(events.payload, '$.step'), json_extract(output.value, '$.path')
            FROM events, json_each(events.payload, '$.outcome.outputs') AS output
            WHERE events.name = 'attempt_finished' AND json_extract(events.payload, '$.state') = 'success'
            ORDER BY events.position, output.key;
        """

    private static let pipelines = """
        CREATE TABLE pipelines (
            pipeline TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            manifest_hash TEXT NOT NULL REFERENCES manifests (hash),
            source TEXT NOT NULL,
            program TEXT,
            is_paused INTEGER NOT NULL CHECK (is_paused IN (0, 1)),
            pause_note TEXT,
            registered_us INTEGER NOT NULL,
            version_us INTEGER NOT NULL,
            datasets_from INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pipeline_versions (
            pipeline TEXT NOT NULL REFERENCES pipelines (pipeline) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 1),
            manifest_hash TEXT NOT NULL REFERENCES manifests (hash),
            at_us INTEGER NOT NULL,
            PRIMARY KEY (pipeline, number)
        ) STRICT, WITHOUT ROWID;
        """

    private static let backfills = """
        CREATE TABLE backfills (
            id TEXT NOT NULL PRIMARY KEY,
            state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'done')),
            request TEXT NOT NULL CHECK (json_valid(request)),
            created_us INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX backfills_by_age ON backfills (created_us, id);
        CREATE INDEX backfills_by_state ON backfills (state, created_us, id);

        CREATE TABLE backfill_dates (
            backfill TEXT NOT NULL REFERENCES backfills (id),
            ordinal INTEGER NOT NULL,
            logical_us INTEGER NOT NULL,
            interval_start_us INTEGER NOT NULL,
            interval_end_us INTEGER NOT NULL,
            decision TEXT NOT NULL CHECK (decision IN ('create', 'reprocess', 'skip')),
            reason TEXT,
            run_id TEXT,
            PRIMARY KEY (backfill, ordinal)
        ) STRICT, WITHOUT ROWID;
        """

    // Numbers of requests are never given again, not even that of one that was dropped.
    private static let requests = """
        CREATE TABLE requests (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at_us INTEGER NOT NULL,
            made_by TEXT NOT NULL,
            request TEXT NOT NULL CHECK (json_valid(request)),
            answered_us INTEGER,
            answer TEXT CHECK (answer IS NULL OR json_valid(answer)),
            error TEXT CHECK (error IS NULL OR json_valid(error)),
            CHECK ((answered_us IS NULL) = (answer IS NULL AND error IS NULL))
        ) STRICT;

        CREATE INDEX requests_open ON requests (id) WHERE answered_us IS NULL;
        """
}
