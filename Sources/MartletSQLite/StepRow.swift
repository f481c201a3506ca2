import GRDB
import MartletCore

/// An instance of a step as a row of `steps`.
enum StepRow {
    static let columns = "step_id, label, state, attempts, started_us, finished_us, retry_us, reason, outcome"

    /// Inserts an instance, or changes the one at its position, which may get another name when its step is mapped.
    static let write = """
        INSERT INTO steps (run_id, position, \(columns)) VALUES (\(placeholders(11)))
        ON CONFLICT (run_id, position) DO UPDATE SET
            step_id = excluded.step_id, label = excluded.label, state = excluded.state, attempts = excluded.attempts,
            started_us = excluded.started_us, finished_us = excluded.finished_us, retry_us = excluded.retry_us,
            reason = excluded.reason, outcome = excluded.outcome
        """

    /// What the row of `step` holds; `outcome` is that of the step as JSON, where somebody has encoded it already.
    static func arguments(
        _ step: StepSummary,
        at position: Int,
        of run: RunID,
        outcome: String?
    ) -> StatementArguments {
        [
            run.rawValue, position, step.id.description, column(step.label), step.state.rawValue, step.attempts,
            step.startedAt?.microseconds, step.finishedAt?.microseconds, step.retryAt?.microseconds,
            column(step.reason), step.outcome.map { outcome ?? JSONText.encode($0) },
        ]
    }

    static func summary(_ row: Row) throws -> StepSummary {
        let outcome: String? = row[8]
        return StepSummary(
            id: try instance(row[0]),
            state: try known(row[2]),
            attempts: row[3],
            startedAt: instant(row[4]),
            finishedAt: instant(row[5]),
            reason: row[7],
            outcome: try outcome.map { try JSONText.decode(AttemptOutcome.self, from: $0) },
            retryAt: instant(row[6]),
            label: row[1]
        )
    }

    static func instance(_ name: String) throws -> InstanceID {
        guard let id = InstanceID(name) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "\"\(name)\" is not a step"))
        }
        return id
    }
}
