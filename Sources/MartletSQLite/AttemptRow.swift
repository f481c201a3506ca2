import GRDB
import MartletCore

/// An attempt as a row of `attempts`.
enum AttemptRow {
    private static let start =
        "INSERT OR REPLACE INTO attempts (run_id, step_id, attempt, started_us) VALUES (?, ?, ?, ?)"

    private static let finish = """
        INSERT INTO attempts
            (run_id, step_id, attempt, finished_us, result, exit_code, signal, error_code, error_message)
        VALUES (\(placeholders(9)))
        ON CONFLICT DO UPDATE SET
            finished_us = excluded.finished_us, result = excluded.result, exit_code = excluded.exit_code,
            signal = excluded.signal, error_code = excluded.error_code, error_message = excluded.error_message
        """

    static func start(_ attempt: Int, of step: InstanceID, _ run: RunID, at now: Timestamp, _ db: Database) throws {
        try db.run(start, [run.rawValue, step.description, attempt, now.microseconds])
    }

    static func finish(_ finished: AttemptFinished, of run: RunID, at now: Timestamp, _ db: Database) throws {
        let outcome = finished.outcome
        try db.run(
            finish,
            [
                run.rawValue, finished.step.description, finished.attempt, now.microseconds, outcome.result.rawValue,
                outcome.exitCode, outcome.signal, outcome.error?.code.description, column(outcome.error?.message),
            ]
        )
    }
}
