import GRDB

extension StoreSchema {
    static func registerLake(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("v4 data of runs and results of steps", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: lake)
        }
    }

    // `step_results` finds the event of a success by what the step depended on: the newest for each fingerprint.
    private static let lake = """
        ALTER TABLE runs ADD COLUMN data_commit TEXT;
        ALTER TABLE runs ADD COLUMN published TEXT;

        CREATE TABLE step_results (
            position INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL UNIQUE,
            pipeline TEXT NOT NULL,
            step_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            sequence INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX step_results_by_step ON step_results (pipeline, step_id, position);
        """
}
