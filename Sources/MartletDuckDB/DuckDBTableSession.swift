import MartletCore
import Synchronization

/// A table in a DuckDB of its own.
final class DuckDBTableSession: TableSession {
    let dialect = SQLDialect.duckdb
    let engine: String
    let columns: [TableColumn]
    let relation: String

    /// What the files of the table itself tell without being read.
    private let known: TableStatistics?
    private let database: TableDatabase
    private let calls: BlockingCalls

    init(
        database: TableDatabase,
        columns: [TableColumn],
        relation: String,
        statistics: TableStatistics?,
        calls: BlockingCalls
    ) {
        engine = database.engine
        self.columns = columns
        self.relation = relation
        known = statistics
        self.database = database
        self.calls = calls
    }

    func attach(_ input: TableInput) async throws(MartletError) {
        try await calls.perform { [database, calls] monitor throws(MartletError) in
            let files = try TableFiles(of: input)
            try calls.watching(monitor, database.signals) { () throws(MartletError) in
                try database.add(input.name, files, monitor)
            }
        }
    }

    func query(_ sql: String) async throws(MartletError) -> SQLTable {
        try await calls.perform { [database, calls] monitor throws(MartletError) in
            var table = SQLTable(columns: [], rows: [])
            try calls.watching(monitor, database.signals) { () throws(MartletError) in
                try database.stream(sql, monitor) { piece throws(MartletError) in
                    table.columns = piece.columns
                    table.rows += piece.rows
                }
            }
            return table
        }
    }

    func stream(
        _ sql: String,
        _ take: @escaping @Sendable (SQLTable) throws(MartletError) -> Void
    ) async throws(MartletError) {
        try await calls.perform { [database, calls] monitor throws(MartletError) in
            try calls.watching(monitor, database.signals) { () throws(MartletError) in
                try database.stream(sql, monitor, take)
            }
        }
    }

    func write(_ query: String, to output: TableOutput) async throws(MartletError) -> Int {
        let file = OutputFile(output: output)
        try file.prepare()
        do throws(MartletError) {
            let count = try await calls.perform { [database, calls] monitor throws(MartletError) in
                try calls.watching(monitor, database.signals) { () throws(MartletError) in
                    try database.copy(query, to: file, monitor)
                }
            }
            try file.publish()
            return count
        } catch {
            file.discard()
            throw error
        }
    }

    func statistics() async throws(MartletError) -> TableStatistics? { known }
}
