import MartletCore

/// A database with a table in it, on the one thread that may use it.
///
/// `@unchecked Sendable`: everything but `signals` and `engine` is used only within `BlockingCalls`, one call after the
/// other; `inputs` changes only there.
final class TableDatabase: @unchecked Sendable {
    /// Files stand in a schema of their own, so that none hides the rows of a query.
    static let schema = "inputs"

    /// The memory of a query that needs more than a check should.
    private static let grownMemory = "80%"

    let engine: String
    let signals: DuckDBSignals
    private let connection: DuckDBConnection
    /// Whether a query that needs more memory may have it.
    private let mayGrow: Bool
    private(set) var inputs = [Input]()

    /// Files that queries can read.
    struct Input {
        var name: String
        var files: TableFiles
        /// What their footers tell; of small text the number of rows; nil for other text.
        var statistics: TableStatistics?
    }

    /// Starts an empty database.
    init(_ library: DuckDBLibrary, settings: SQLTransform.Settings) throws(MartletError) {
        var settings = settings
        mayGrow = settings.memoryLimitBytes == nil
        if mayGrow { settings.memoryLimitBytes = Limits.tableMemoryBytes }
        do throws(DuckDBMessage) {
            let connection = try DuckDBConnection(to: library, options: settings.options)
            // Times are UTC whatever the machine's zone is. Without its ICU extension DuckDB has no zones to set.
            try? connection.run("SET TimeZone = 'UTC'")
            // Each query reads the footers anew otherwise, which takes longer than many a check.
            try? connection.run("SET parquet_metadata_cache = true")
            try connection.run(
                """
                SET errors_as_json = true;
                CREATE SCHEMA \(Self.schema);
                SET search_path = 'main,\(Self.schema)'
                """
            )
            engine = library.description
            signals = connection.signals
            self.connection = connection
        } catch {
            throw MartletError(
                .sqlEngineUnusable,
                "\(library.description) does not start",
                reason: error.text,
                remedy: "check the memory limit, the number of threads and the temporary folder"
            )
        }
    }

    /// Makes `files` readable under `name`.
    func add(_ name: String, _ files: TableFiles, _ monitor: QueryMonitor) throws(MartletError) {
        let files = try files.withoutEmptyOnes(name)
        let loading = FileLoading(name: name, files: files)
        do throws(StreamFailure) {
            do throws(StreamFailure) {
                try loading.load(on: connection)
            } catch .failed(let message) where mayGrow && message.type == "Out of Memory" {
                // Very many columns; they take as much when they are asked about.
                try? connection.run("SET memory_limit = '\(Self.grownMemory)'")
                try loading.load(on: connection)
            }
        } catch {
            if monitor.isCancelled { throw TableFailure.cancelled }
            switch error {
            case .failed(let message): throw TableFailure.unreadable(name, files, message)
            case .taker(let error): throw error
            case .refused: throw TableFailure.unreadable(name, files, DuckDBMessage(""))
            }
        }
        inputs.append(Input(name: name, files: files, statistics: try statistics(name, files, monitor)))
    }

    /// Reads the footers of Parquet files; of text that is in memory the rows are known.
    private func statistics(
        _ name: String,
        _ files: TableFiles,
        _ monitor: QueryMonitor
    ) throws(MartletError) -> TableStatistics? {
        guard files.format == .parquet else {
            guard files.isSmallText else { return nil }
            let count = try? connection.number("SELECT count(*) FROM \(Self.relation(name))")
            return count.flatMap(\.self).map { TableStatistics(rowCount: $0) }
        }
        let columns = try columns(of: Self.relation(name), monitor)
        let statistics: ParquetStatistics
        do throws(ParquetFile.Unreadable) {
            statistics = try ParquetStatistics(ofFiles: files.paths, columns: columns)
        } catch {
            throw TableFailure.unreadable(error)
        }
        if statistics.mayHideNotANumber {
            // DuckDB believes the bounds that other writers give, which leave out not-a-number, and so never finds it,
            // not even with isnan(). Without these two it looks at the values.
            try? connection.run("SET disabled_optimizers = 'statistics_propagation,filter_pushdown'")
        }
        return statistics.table
    }

    /// Gives the rows of a SELECT a name.
    func define(_ relation: String, as query: SQLScript.Statement) throws(MartletError) {
        do throws(DuckDBMessage) {
            try connection.run("CREATE VIEW \(relation) AS\n\(query.text)\n")
        } catch {
            throw failure(error, of: query.text)
        }
    }

    /// The columns of `relation`.
    func columns(of relation: String, _ monitor: QueryMonitor) throws(MartletError) -> [TableColumn] {
        var columns = [TableColumn]()
        try stream("SELECT * FROM \(relation) LIMIT 0", monitor) { columns = $0.columns }
        return columns
    }

    /// Runs one statement that returns rows.
    func stream(
        _ sql: String,
        _ monitor: QueryMonitor,
        _ take: (SQLTable) throws(MartletError) -> Void
    ) throws(MartletError) {
        var isUntouched = true
        let counted = { (piece: SQLTable) throws(MartletError) in
            isUntouched = false
            try take(piece)
        }
        do throws(MartletError) {
            try attempt(sql, monitor, counted)
        } catch {
            guard mayGrow, isUntouched, error.cause == TableFailure.outOfMemory else { throw error }
            // Only what does not spill to disk comes here, such as exact quantiles of very many values.
            try? connection.run("SET memory_limit = '\(Self.grownMemory)'")
            defer { try? connection.run("SET memory_limit = '\(Limits.tableMemoryBytes)B'") }
            try attempt(sql, monitor, take)
        }
    }

    /// Writes the rows of one SELECT to a file, under its partial name.
    ///
    /// - Returns: how many rows were written.
    func copy(_ query: String, to file: OutputFile, _ monitor: QueryMonitor) throws(MartletError) -> Int {
        let sql = file.copy(query).sql
        let count: Int
        do throws(DuckDBMessage) {
            count = try connection.statementCount(sql)
            if count == 1 { return try copied(sql) }
        } catch {
            throw monitor.isCancelled ? TableFailure.cancelled : failure(error, of: query)
        }
        throw TableFailure.refused(query, count: count)
    }

    private func copied(_ sql: String) throws(DuckDBMessage) -> Int {
        do throws(DuckDBMessage) {
            return try connection.number(sql) ?? 0
        } catch {
            guard mayGrow, error.type == "Out of Memory" else { throw error }
            // A writer of Parquet holds a row group of every column.
            try? connection.run("SET memory_limit = '\(Self.grownMemory)'")
            defer { try? connection.run("SET memory_limit = '\(Limits.tableMemoryBytes)B'") }
            return try connection.number(sql) ?? 0
        }
    }

    private func attempt(
        _ sql: String,
        _ monitor: QueryMonitor,
        _ take: (SQLTable) throws(MartletError) -> Void
    ) throws(MartletError) {
        do throws(StreamFailure) {
            try connection.stream(sql, take)
        } catch {
            if monitor.isCancelled { throw TableFailure.cancelled }
            switch error {
            case .taker(let error): throw error
            case .refused(let count): throw TableFailure.refused(sql, count: count)
            case .failed(let message): throw failure(message, of: sql)
            }
        }
    }

    private func failure(_ message: DuckDBMessage, of sql: String) -> MartletError {
        TableFailure.error(message, of: sql, inputs: inputs)
    }

    /// What stands after FROM for an input.
    static func relation(_ name: String) -> String { "\(schema).\(SQLText.identifier(name))" }
}
