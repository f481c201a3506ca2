import GRDB
import MartletCore

/// Where the log has the successes that later runs may use again.
struct StepResultTable {
    let db: Database

    private static let columns = """
        step_results.run_id, step_results.step_id, events.payload FROM step_results JOIN events
        ON events.run_id = step_results.run_id AND events.sequence = step_results.sequence
        """

    /// The newest success with this fingerprint.
    func result(for key: ObjectID) throws -> StepResult? {
        try db.all("SELECT \(Self.columns) WHERE fingerprint = ?", [key.hex], result).first.flatMap { $0 }
    }

    /// The newest success of the instance in runs of `pipeline`.
    func last(of pipeline: PipelineID, _ step: InstanceID) throws -> StepResult? {
        let sql = """
            SELECT \(Self.columns) WHERE pipeline = ? AND step_id = ? ORDER BY step_results.position DESC LIMIT 1
            """
        return try db.all(sql, [pipeline.rawValue, step.description], result).first.flatMap { $0 }
    }

    /// Notes an attempt that made its step succeed by its own work.
    func add(_ finished: AttemptFinished, of run: RunSummary, sequence: Int) throws {
        guard finished.state == .success, finished.outcome.reused == nil, let print = finished.outcome.fingerprint
        else { return }
        try db.run(
            """
            INSERT OR REPLACE INTO step_results (fingerprint, pipeline, step_id, run_id, sequence)
            VALUES (?, ?, ?, ?, ?)
            """,
            [print.key.hex, run.pipeline.rawValue, finished.step.description, run.id.rawValue, sequence]
        )
    }

    private func result(_ row: Row) throws -> StepResult? {
        guard case .attemptFinished(let finished) = try JSONText.decode(RunEvent.self, from: row[2] as String) else {
            return nil
        }
        let source = ReusedAttempt(run: RunID(trusted: row[0]), step: finished.step, attempt: finished.attempt)
        return StepResult(source: source, outcome: finished.outcome)
    }
}
