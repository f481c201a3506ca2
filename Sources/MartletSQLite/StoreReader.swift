import GRDB
import MartletCore

/// Reads values from the tables.
struct StoreReader {
    let db: Database

    func manifest(hash: String) throws -> PipelineManifest? {
        let statement = try db.cachedStatement(sql: "SELECT json FROM manifests WHERE hash = ?")
        guard let json = try String.fetchOne(statement, arguments: [hash]) else { return nil }
        return try JSONText.decode(PipelineManifest.self, from: json)
    }

    func events(of run: RunID) throws -> [RecordedEvent] {
        let sql = "SELECT sequence, at_us, payload FROM events WHERE run_id = ? ORDER BY sequence"
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [run.rawValue])
        return try Array(
            rows.map { row in
                RecordedEvent(
                    sequence: row[0],
                    at: Timestamp(microseconds: row[1]),
                    event: try JSONText.decode(RunEvent.self, from: row[2] as String)
                )
            }
        )
    }

    func projection(of run: RunID) throws -> RunProjection? {
        let statement = try db.cachedStatement(sql: "SELECT \(RunRow.columns) FROM runs WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [run.rawValue]) else { return nil }
        let summary = try RunRow.summary(row)
        let sql = "SELECT \(StepRow.columns) FROM steps WHERE run_id = ? ORDER BY position"
        let steps = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [run.rawValue])
        return RunProjection(run: summary, steps: try Array(steps.map(StepRow.summary)))
    }

    func runs(_ filter: RunFilter) throws -> [RunSummary] {
        if filter.limit <= 0 { return [] }
        guard let states = filter.states else { return try runs(filter, in: nil) }
        // One state at a time, each straight from its index; together they would have to be sorted first.
        let found = try states.flatMap { try runs(filter, in: $0) }
        return Array(found.sorted(by: Self.isNewer).prefix(filter.limit))
    }

    /// The order of lists: newest first, and among those of one instant by id.
    private static func isNewer(_ left: RunSummary, _ right: RunSummary) -> Bool {
        (left.createdAt, left.id) > (right.createdAt, right.id)
    }

    private func runs(_ filter: RunFilter, in state: RunState?) throws -> [RunSummary] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if let state {
            conditions.append("state = ?")
            arguments += [state.rawValue]
        }
        if let pipeline = filter.pipeline {
            conditions.append("pipeline = ?")
            arguments += [pipeline.rawValue]
        }
        if let prefix = filter.idPrefix, !prefix.isEmpty {
            // Ids are ASCII, so all that begin with the prefix lie before the prefix with the last of characters.
            conditions.append("id >= ? AND id < ?")
            arguments += [prefix, prefix + "\u{10FFFF}"]
        }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = "SELECT \(RunRow.columns) FROM runs \(condition) ORDER BY created_us DESC, id DESC LIMIT ?"
        arguments += [filter.limit]
        return try Array(Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments).map(RunRow.summary))
    }
}
