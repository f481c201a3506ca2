import GRDB
import MartletCore

/// A run as a row of `runs`.
enum RunRow {
    static let columns = """
        id, pipeline, state, params, manifest_hash, created_us, started_us, finished_us, reason, last_sequence, \
        executor_host, executor_pid, data_commit, published, \(OccasionRow.columns)
        """

    static let insert = "INSERT INTO runs (\(columns)) VALUES (\(placeholders(14 + OccasionRow.count)))"

    /// Writes what events can change of a run.
    static let update = """
        UPDATE runs SET state = ?, manifest_hash = ?, started_us = ?, finished_us = ?, reason = ?, last_sequence = ?, \
        executor_host = ?, executor_pid = ?, version = ?, data_commit = ?, published = ? WHERE id = ?
        """

    static func changes(_ run: RunSummary) -> StatementArguments {
        [
            run.state.rawValue, run.manifestHash, run.startedAt?.microseconds, run.finishedAt?.microseconds,
            column(run.reason), run.lastSequence, column(run.executor?.host), run.executor?.pid, run.occasion.version,
            run.commit?.hex, run.published?.rawValue, run.id.rawValue,
        ]
    }

    static func arguments(_ run: RunSummary) -> StatementArguments {
        [
            run.id.rawValue, run.pipeline.rawValue, run.state.rawValue, JSONText.encode(run.params), run.manifestHash,
            run.createdAt.microseconds, run.startedAt?.microseconds, run.finishedAt?.microseconds,
            column(run.reason), run.lastSequence, column(run.executor?.host), run.executor?.pid,
            run.commit?.hex, run.published?.rawValue,
        ] + OccasionRow.arguments(run.occasion)
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
            executor: host.flatMap { host in pid.map { Executor(host: host, pid: $0) } },
            occasion: try OccasionRow.occasion(row, from: 14),
            commit: (row[12] as String?).flatMap { ObjectID(hex: $0) },
            published: (row[13] as String?).map(BranchName.init(trusted:))
        )
    }
}

/// What a run stands for, as columns of `runs`.
enum OccasionRow {
    static let count = 13

    static let columns = """
        kind, logical_us, interval_start_us, interval_end_us, run_after_us, timezone, tzdb, backfill, ordinal, \
        version, partition, note, unattended
        """

    static func arguments(_ occasion: RunOccasion) -> StatementArguments {
        [
            occasion.kind.rawValue, occasion.logicalDate?.microseconds, occasion.intervalStart?.microseconds,
            occasion.intervalEnd?.microseconds, occasion.runAfter?.microseconds, column(occasion.timezone),
            column(occasion.timezoneDatabase), column(occasion.backfill), occasion.ordinal, occasion.version,
            column(occasion.partition), column(occasion.note), occasion.isUnattended,
        ]
    }

    /// The occasion in the columns of `row` from number `first` on.
    static func occasion(_ row: Row, from first: Int) throws -> RunOccasion {
        RunOccasion(
            kind: try known(row[first]),
            logicalDate: instant(row[first + 1]),
            intervalStart: instant(row[first + 2]),
            intervalEnd: instant(row[first + 3]),
            runAfter: instant(row[first + 4]),
            timezone: row[first + 5],
            timezoneDatabase: row[first + 6],
            backfill: row[first + 7],
            ordinal: row[first + 8],
            version: row[first + 9],
            partition: row[first + 10],
            note: row[first + 11],
            isUnattended: row[first + 12]
        )
    }
}
