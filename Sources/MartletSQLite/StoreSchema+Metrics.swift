import GRDB

extension StoreSchema {
    static func registerMetrics(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("v5 metrics of runs", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: metrics)
        }
    }

    // Made again from the logs where a row of `metric_runs` is missing or older than the log's end.
    private static let metrics = """
        CREATE TABLE metric_runs (
            run_id TEXT NOT NULL PRIMARY KEY,
            pipeline TEXT NOT NULL,
            sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE metrics (
            pipeline TEXT NOT NULL,
            series TEXT NOT NULL,
            at_us INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            value REAL NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('learning', 'normal', 'anomalous', 'excluded')),
            verdict TEXT NOT NULL,
            PRIMARY KEY (pipeline, at_us, run_id, series)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX metrics_by_run ON metrics (run_id);
        CREATE INDEX metrics_by_series ON metrics (pipeline, series, at_us);
        CREATE INDEX metrics_anomalous ON metrics (at_us) WHERE state = 'anomalous';

        CREATE TABLE metric_feedback (
            position INTEGER PRIMARY KEY,
            pipeline TEXT NOT NULL,
            series TEXT NOT NULL,
            run_id TEXT NOT NULL,
            judgement TEXT NOT NULL CHECK (judgement IN ('expected', 'incident')),
            said_by TEXT NOT NULL,
            at_us INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX metric_feedback_by_pipeline ON metric_feedback (pipeline);
        """
}
