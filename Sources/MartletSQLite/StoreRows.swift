import GRDB
import MartletCore

/// A run as a row of `runs`.
enum RunRow {
    static let columns = """
        id, pipeline, state, params, manifest_hash, created_us, started_us, finished_us, reason, last_sequence, \
        executor_host, executor_pid
        """

    static let insert = "INSERT INTO runs (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    /// Writes what events can change of a run.
    static let update = """
        UPDATE runs SET state = ?, started_us = ?, finished_us = ?, reason = ?, last_sequence = ?, executor_host = ?, \
        executor_pid = ? WHERE id = ?
        """

    static func changes(_ run: RunSummary) -> StatementArguments {
        [
            run.state.rawValue, run.startedAt?.microseconds, run.finishedAt?.microseconds, column(run.reason),
            run.lastSequence, column(run.executor?.host), run.executor?.pid, run.id.rawValue,
        ]
    }

    static func arguments(_ run: RunSummary) -> StatementArguments {
        [
            run.id.rawValue, run.pipeline.rawValue, run.state.rawValue, JSONText.encode(run.params), run.manifestHash,
            run.createdAt.microseconds, run.startedAt?.microseconds, run.finishedAt?.microseconds,
            column(run.reason),
            run.lastSequence, column(run.executor?.host), run.executor?.pid,
        ]
    }

    static func summary(_ row: Row) throws -> RunSummary {
        let host: String? = row[10]
        let pid: Int? = row[11]
        let params: String = row[3]
        return RunSummary(
            id: RunID(trusted: row[0]),
            pipeline: PipelineID(trusted: row[1]),
            state: try known(row[2]),
            params: params == "{}" ? [:] : try JSONText.decode([String: JSONValue].self, from: params),
            manifestHash: row[4],
            createdAt: Timestamp(microseconds: row[5]),
            startedAt: instant(row[6]),
            finishedAt: instant(row[7]),
            reason: row[8],
            lastSequence: row[9],
            executor: host.flatMap { host in pid.map { Executor(host: host, pid: $0) } }
        )
    }
}

/// A step of a run as a row of `steps`.
enum StepRow {
    static let columns = "step_id, state, attempts, started_us, finished_us, retry_us, reason, outcome"

    /// Inserts a step, or changes the one at its position.
    static let write = """
        INSERT INTO steps (run_id, position, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run_id, position) DO UPDATE SET
            state = excluded.state, attempts = excluded.attempts, started_us = excluded.started_us,
            finished_us = excluded.finished_us, retry_us = excluded.retry_us, reason = excluded.reason,
            outcome = excluded.outcome
        """

    static func arguments(_ step: StepSummary, at position: Int, of run: RunID) -> StatementArguments {
        [
            run.rawValue, position, step.id.rawValue, step.state.rawValue, step.attempts,
            step.startedAt?.microseconds, step.finishedAt?.microseconds, step.retryAt?.microseconds,
            column(step.reason),
            step.outcome.map { JSONText.encode($0) },
        ]
    }

    static func summary(_ row: Row) throws -> StepSummary {
        let outcome: String? = row[7]
        return StepSummary(
            id: StepID(trusted: row[0]),
            state: try known(row[1]),
            attempts: row[2],
            startedAt: instant(row[3]),
            finishedAt: instant(row[4]),
            reason: row[6],
            outcome: try outcome.map { try JSONText.decode(AttemptOutcome.self, from: $0) },
            retryAt: instant(row[5])
        )
    }
}

/// The text as a column holds it.
///
/// SQLite's texts end at U+0000, so that is written as its symbol; the log, being JSON, has it as it was.
func column(_ text: String?) -> String? {
    guard let text, text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
}

private func instant(_ microseconds: Int64?) -> Timestamp? { microseconds.map(Timestamp.init(microseconds:)) }

private func known<State: RawRepresentable<String>>(_ name: String) throws -> State {
    guard let state = State(rawValue: name) else {
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "\"\(name)\" is not a state"))
    }
    return state
}
