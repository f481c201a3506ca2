package import MartletCore

extension DuckDBTables {
    /// Writes the rows of Arrow batches to a file, while they come.
    ///
    /// DuckDB takes each batch as it is, without a copy, and a few of them at a time: memory stays flat, and whoever
    /// makes the batches waits while the disk is slower. The file appears under its name when it is whole.
    ///
    /// All columns are written. To write some, or some rows, ask for no others: DuckDB leaves it to the maker of such a
    /// stream to give only what a query needs, and takes wrong columns if that one does not.
    ///
    /// - Parameters:
    ///   - output: the file and its format.
    ///   - schema: puts the schema of all batches into the memory given.
    ///   - settings: limits of the engine.
    ///   - next: gives the next batch, of which the texts are UTF-8; nil after the last one.
    /// - Returns: how many rows were written.
    /// - Throws: what `next` throws; `.arrowHandoverFailed` when DuckDB does not take the rows or cannot write them;
    ///   `.sqlCancelled` when the task is cancelled; `.sqlEngineUnusable`, `.sqlFailed` when the file cannot be put in
    ///   place. No file is left then, and one that was there before stays.
    package func writeArrow(
        to output: TableOutput,
        schema: @escaping ArrowSchemaExport,
        settings: SQLTransform.Settings = SQLTransform.Settings(),
        next: () async throws(MartletError) -> ArrowArrayExport?
    ) async throws(MartletError) -> Int {
        let file = OutputFile(output: output)
        try file.prepare()
        let pipe = ArrowPipe()
        let writing = ArrowWriting(file: file, settings: settings, locations: locations, pipe: pipe)
        let result = await withTaskCancellationHandler {
            async let written = writing.result(schema)
            let failure = await Self.send(pipe, next)
            let result = await written
            // What ended the batches is the cause of what DuckDB says then.
            return failure.map(Result.failure) ?? result
        } onCancel: {
            pipe.finish("the task was cancelled")
            pipe.close()
        }
        do throws(MartletError) {
            let count = try result.get()
            try file.publish()
            return count
        } catch {
            file.discard()
            throw error
        }
    }

    private static func send(
        _ pipe: ArrowPipe,
        _ next: () async throws(MartletError) -> ArrowArrayExport?
    ) async -> MartletError? {
        do throws(MartletError) {
            while let batch = try await next() {
                guard await pipe.send(batch) else { break }
            }
            pipe.finish()
            return nil
        } catch {
            pipe.finish(error.message)
            return error
        }
    }
}

/// DuckDB's half of the writing of Arrow batches.
private struct ArrowWriting: Sendable {
    let file: OutputFile
    let settings: SQLTransform.Settings
    let locations: LibraryLocations
    let pipe: ArrowPipe

    /// The name of the rows in DuckDB.
    private static let view = "arrow_rows"

    /// Writes the file; when this returns, nobody waits for the pipe any more.
    func result(_ schema: @escaping ArrowSchemaExport) async -> Result<Int, MartletError> {
        let calls = BlockingCalls()
        defer { pipe.close() }
        do throws(MartletError) {
            return .success(
                try await calls.perform { monitor throws(MartletError) in try write(schema, calls, monitor) }
            )
        } catch {
            return .failure(error)
        }
    }

    private func write(
        _ schema: ArrowSchemaExport,
        _ calls: BlockingCalls,
        _ monitor: QueryMonitor
    ) throws(MartletError) -> Int {
        // The connection goes before what it reads from.
        let source = ArrowSource(schema: schema, pipe: pipe)
        defer { withExtendedLifetime(source) {} }
        let library = try locations.load()
        guard library.arrowScan != nil else {
            throw failure(
                "the library has no function duckdb_arrow_scan",
                remedy: "use a libduckdb of version 1.4 to 2.0; bin/setup installs one"
            )
        }
        do throws(DuckDBMessage) {
            let connection = try DuckDBConnection(to: library, options: settings.options)
            try? connection.run("SET TimeZone = 'UTC'")
            // The optimizer would leave it to the stream to leave out columns and rows; here nothing is left out.
            try connection.run("PRAGMA disable_optimizer")
            guard connection.addView(Self.view, of: source.stream) else {
                throw DuckDBMessage("it takes no view of columns of these types")
            }
            let sql = file.copy("SELECT * FROM \(Self.view)").sql
            var outcome = Result<Int, DuckDBMessage>.success(0)
            try? calls.watching(monitor, connection.signals) { () throws(MartletError) in
                outcome = Result { () throws(DuckDBMessage) in try connection.number(sql) ?? 0 }
            }
            if monitor.isCancelled { throw DuckDBMessage("") }
            return try outcome.get()
        } catch {
            throw monitor.isCancelled ? TableFailure.cancelled : failure(error.text, remedy: nil)
        }
    }

    private func failure(_ reason: String, remedy: String?) -> MartletError {
        MartletError(
            .arrowHandoverFailed,
            "the rows cannot be handed to DuckDB and written to \(file.output.path)",
            reason: reason,
            remedy: remedy
        )
    }
}
