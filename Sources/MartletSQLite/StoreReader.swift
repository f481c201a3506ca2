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

    func hasManifest(_ hash: String) throws -> Bool {
        try !db.all("SELECT 1 FROM manifests WHERE hash = ?", [hash], { _ in }).isEmpty
    }

    func events(of run: RunID) throws -> [RecordedEvent] {
        let sql = "SELECT sequence, at_us, payload FROM events WHERE run_id = ? ORDER BY sequence"
        return try db.all(sql, [run.rawValue]) { row in
            RecordedEvent(
                sequence: row[0],
                at: Timestamp(microseconds: row[1]),
                event: try JSONText.decode(RunEvent.self, from: row[2] as String)
            )
        }
    }

    func projection(of run: RunID) throws -> RunProjection? {
        let summaries = try db.all("SELECT \(RunRow.columns) FROM runs WHERE id = ?", [run.rawValue], RunRow.summary)
        guard let summary = summaries.first else { return nil }
        let sql = "SELECT \(StepRow.columns) FROM steps WHERE run_id = ? ORDER BY position"
        return RunProjection(run: summary, steps: try db.all(sql, [run.rawValue], StepRow.summary))
    }

    func runs(_ filter: RunFilter) throws -> [RunSummary] {
        if filter.limit <= 0 { return [] }
        guard let states = filter.states else { return try runs(filter, in: nil) }
        // One state at a time, each straight from its index; together they would have to be sorted first.
        let found = try states.flatMap { try runs(filter, in: $0) }
        return Array(found.sorted(by: Self.isNewer).prefix(filter.limit))
    }

    /// The order of lists: newest first, and among those of one instant by id.
    static func isNewer(_ left: RunSummary, _ right: RunSummary) -> Bool {
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
        if let kinds = filter.kinds {
            conditions.append("kind IN (\(placeholders(kinds.count)))")
            for kind in kinds { arguments += [kind.rawValue] }
        }
        if let from = filter.from {
            conditions.append("logical_us >= ?")
            arguments += [from.microseconds]
        }
        if let through = filter.through {
            conditions.append("logical_us <= ?")
            arguments += [through.microseconds]
        }
        if let prefix = filter.idPrefix, !prefix.isEmpty {
            // Ids are ASCII, so all that begin with the prefix lie before the prefix with the last of characters.
            conditions.append("id >= ? AND id < ?")
            arguments += [prefix, prefix + "\u{10FFFF}"]
        }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        // A prefix is asked for to find one run: then the ids are the shorter way, not the order in time.
        let age = filter.idPrefix?.isEmpty == false ? "+created_us" : "created_us"
        let sql = "SELECT \(RunRow.columns) FROM runs \(condition) ORDER BY \(age) DESC, id DESC LIMIT ?"
        arguments += [filter.limit]
        return try db.all(sql, arguments, RunRow.summary)
    }
}
