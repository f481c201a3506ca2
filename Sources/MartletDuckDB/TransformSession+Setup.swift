import MartletCore

extension TransformSession {
    /// Opens a database in memory within the limits of the script's settings.
    func open(_ library: DuckDBLibrary) throws(MartletError) -> DuckDBConnection {
        do throws(DuckDBMessage) {
            let connection = try DuckDBConnection(to: library, options: transform.settings.options)
            try connection.run("SET errors_as_json = true")
            // DuckDB keeps track of progress only for a progress bar, which need not be printed.
            try connection.run("SET enable_progress_bar = true")
            try connection.run("SET enable_progress_bar_print = false")
            try connection.run("SET progress_bar_time = 0")
            // Times are UTC whatever the machine's zone is. Without its ICU extension DuckDB has no zones to set.
            try? connection.run("SET TimeZone = 'UTC'")
            try connection.run("CREATE SCHEMA \(Self.inputSchema)")
            try connection.run("SET search_path = 'main,\(Self.inputSchema)'")
            return connection
        } catch {
            throw MartletError(
                .sqlEngineUnusable,
                "\(library.description) does not start",
                reason: error.text,
                remedy: "check the step's memory limit, threads and temporary folder"
            )
        }
    }

    /// Makes a view of each input.
    func createViews(
        _ inputs: [(name: String, files: TableFiles)],
        on connection: borrowing DuckDBConnection
    ) throws(MartletError) {
        for input in inputs {
            do throws(DuckDBMessage) {
                let view = "\(Self.inputSchema).\(SQLText.identifier(input.name))"
                try connection.run("CREATE VIEW \(view) AS SELECT * FROM \(input.files.source)")
            } catch {
                if monitor.isCancelled { throw errors.cancelled }
                let format = input.files.format.rawValue
                throw MartletError(
                    .sqlInputUnreadable,
                    "input \(input.name) cannot be read as \(format): \(input.files.paths.first ?? "")",
                    reason: error.text,
                    remedy: "correct the file, or declare the format it has",
                    cause: error.type.isEmpty ? nil : "DuckDB \(error.type) Error"
                )
            }
        }
    }
}
