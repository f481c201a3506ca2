import GRDB
import MartletCore

// Each answer is a look-up in an index: what it costs does not grow with the history of the pipeline.
extension StoreReader {
    /// The run with the greatest logical date, of one of `kinds`; with a date less than `before`, if given.
    func lastRun(of pipeline: PipelineID, kinds: Set<RunKind>, before: Timestamp?) throws -> RunSummary? {
        let condition = before == nil ? "logical_us IS NOT NULL" : "logical_us < ?"
        let sql = """
            SELECT \(RunRow.columns) FROM runs WHERE pipeline = ? AND kind = ? AND \(condition)
            ORDER BY logical_us DESC LIMIT 1
            """
        // One kind at a time: runs of other kinds, of which there may be many, are not even looked at.
        let lasts = try kinds.compactMap { kind in
            var arguments: StatementArguments = [pipeline.rawValue, kind.rawValue]
            if let before { arguments += [before.microseconds] }
            return try db.all(sql, arguments, RunRow.summary).first
        }
        func date(_ run: RunSummary) -> Int64 { run.occasion.logicalDate?.microseconds ?? .min }
        return lasts.max { date($0) < date($1) }
    }

    func run(of pipeline: PipelineID, for logicalDate: Timestamp) throws -> RunSummary? {
        let sql = "SELECT \(RunRow.columns) FROM runs WHERE pipeline = ? AND logical_us = ?"
        return try db.all(sql, [pipeline.rawValue, logicalDate.microseconds], RunRow.summary).first
    }

    func runs(of pipeline: PipelineID, from: Timestamp, through: Timestamp) throws -> [RunSummary] {
        let sql = """
            SELECT \(RunRow.columns) FROM runs WHERE pipeline = ? AND logical_us >= ? AND logical_us <= ?
            ORDER BY logical_us
            """
        return try db.all(sql, [pipeline.rawValue, from.microseconds, through.microseconds], RunRow.summary)
    }

    /// Every run that has not ended, oldest first.
    func unfinishedRuns() throws -> [RunSummary] {
        let states = RunState.allCases.filter { !$0.isTerminal }
        let sql = "SELECT \(RunRow.columns) FROM runs WHERE state = ? ORDER BY created_us, id"
        return try states.flatMap { try db.all(sql, [$0.rawValue], RunRow.summary) }.sorted { Self.isNewer($1, $0) }
    }
}
