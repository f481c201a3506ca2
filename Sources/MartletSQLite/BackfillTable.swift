import GRDB
import MartletCore

/// Backfills and their dates.
struct BackfillTable {
    let db: Database

    private static let columns = "id, state, request, created_us"
    private static let dateColumns = """
        ordinal, logical_us, interval_start_us, interval_end_us, decision, reason, run_id
        """

    /// Backfills in one of `states`, newest first.
    func backfills(in states: [BackfillState]?, limit: Int) throws -> [BackfillRecord] {
        if limit <= 0 { return [] }
        guard let states else {
            let sql = "SELECT \(Self.columns) FROM backfills ORDER BY created_us DESC, id DESC LIMIT ?"
            return try db.all(sql, [limit], record)
        }
        // One state at a time, each straight from its index.
        let sql = "SELECT \(Self.columns) FROM backfills WHERE state = ? ORDER BY created_us DESC, id DESC LIMIT ?"
        let found = try states.flatMap { try db.all(sql, [$0.rawValue, limit], record) }
        return Array(found.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(limit))
    }

    func backfill(_ id: String) throws -> BackfillRecord? {
        try db.all("SELECT \(Self.columns) FROM backfills WHERE id = ?", [id], record).first
    }

    func exists(_ id: String) throws -> Bool {
        try !db.all("SELECT 1 FROM backfills WHERE id = ?", [id], { _ in }).isEmpty
    }

    func add(_ backfill: BackfillRecord) throws {
        try db.run(
            "INSERT INTO backfills (\(Self.columns)) VALUES (\(placeholders(4)))",
            [
                backfill.id, backfill.state.rawValue, JSONText.encode(backfill.request),
                backfill.createdAt.microseconds,
            ]
        )
        let sql = "INSERT INTO backfill_dates (backfill, \(Self.dateColumns)) VALUES (\(placeholders(8)))"
        for date in backfill.dates {
            try db.run(
                sql,
                [
                    backfill.id, date.ordinal, date.logicalDate.microseconds, date.intervalStart.microseconds,
                    date.intervalEnd.microseconds, date.decision.rawValue, column(date.reason), date.run?.rawValue,
                ]
            )
        }
    }

    func set(_ state: BackfillState, of id: String) throws {
        try db.run("UPDATE backfills SET state = ? WHERE id = ?", [state.rawValue, id])
    }

    /// Notes the run of one date.
    func set(_ run: RunID, at ordinal: Int, of id: String) throws {
        try db.run(
            "UPDATE backfill_dates SET run_id = ? WHERE backfill = ? AND ordinal = ?",
            [run.rawValue, id, ordinal]
        )
    }

    private func record(_ row: Row) throws -> BackfillRecord {
        let id: String = row[0]
        return BackfillRecord(
            id: id,
            request: try JSONText.decode(BackfillRequest.self, from: row[2] as String),
            createdAt: Timestamp(microseconds: row[3]),
            state: try known(row[1]),
            dates: try dates(of: id)
        )
    }

    private func dates(of id: String) throws -> [BackfillDate] {
        let sql = "SELECT \(Self.dateColumns) FROM backfill_dates WHERE backfill = ? ORDER BY ordinal"
        return try db.all(sql, [id]) { row in
            let run: String? = row[6]
            return BackfillDate(
                ordinal: row[0],
                logicalDate: Timestamp(microseconds: row[1]),
                intervalStart: Timestamp(microseconds: row[2]),
                intervalEnd: Timestamp(microseconds: row[3]),
                decision: try known(row[4]),
                reason: row[5],
                run: run.map(RunID.init(trusted:))
            )
        }
    }
}
