import Dispatch
import MartletCore

/// One script on one connection, from opening the database to the outputs in place.
///
/// Everything here blocks.
struct TransformSession {
    /// Inputs stand in a schema of their own, behind `main` on the search path: so a script may make a table with the
    /// name of an input, and an input is never mistaken for an output of the same name.
    static let inputSchema = "inputs"

    let transform: SQLTransform
    let script: SQLScript
    let monitor: QueryMonitor
    let errors: ScriptError
    private let files: [OutputFile]

    init(_ transform: SQLTransform, monitor: QueryMonitor) {
        self.transform = transform
        self.monitor = monitor
        script = SQLScript(transform.script)
        errors = ScriptError(script: script, transform: transform)
        files = transform.outputs.map(OutputFile.init)
    }

    /// Runs the script on the library that `load` finds, and looks at its progress every `interval`.
    func run(
        observedEvery interval: DispatchTimeInterval,
        _ load: () throws(MartletError) -> DuckDBLibrary
    ) throws(MartletError) -> SQLTransformResult {
        guard let last = script.statements.last else { throw errors.empty }
        // C would take the script to end there.
        guard !script.text.utf8.contains(0) else { throw errors.zeroByte }
        var inputs = [(name: String, files: TableFiles)]()
        for input in transform.inputs { inputs.append((input.name, try TableFiles(of: input))) }

        let library = try load()
        let connection = try open(library)
        return try monitor.watching(connection.signals, every: interval) { () throws(MartletError) in
            do throws(MartletError) {
                try createViews(inputs, on: connection)
                try check(on: connection)
                for index in script.statements.indices.dropLast() { try execute(index, on: connection) }
                for file in files { try file.prepare() }
                let rowsOut = try writeOutputs(last, on: connection)
                let rowsIn = try countRows(inputs, on: connection)
                try checkCancellation()
                for file in files { try file.publish() }
                return SQLTransformResult(rowsIn: rowsIn, rowsOut: rowsOut, engine: library.description)
            } catch {
                for file in files { file.discard() }
                throw error
            }
        }
    }

    /// Finds what is wrong with the script before any of it runs.
    private func check(on connection: borrowing DuckDBConnection) throws(MartletError) {
        var ours = 0
        var theirs = 0
        do throws(DuckDBMessage) {
            theirs = try connection.statementCount(script.text)
            for statement in script.statements { ours += try connection.statementCount(statement.text) }
        } catch {
            // Some statements look at the database while they are parsed (IMPORT DATABASE, PRAGMA); those that want
            // something an earlier statement makes get their chance when they run.
            guard error.type == "Parser" else { return }
            throw errors.error(error, offset: 0)
        }
        if ours != theirs { throw errors.miscut(ours: ours, theirs: theirs) }
    }

    private func execute(_ index: Int, on connection: borrowing DuckDBConnection) throws(MartletError) {
        let statement = script.statements[index]
        monitor.begin(part: index, of: script.statements.count)
        try perform(offset: statement.start) { () throws(DuckDBMessage) in try connection.run(statement.text) }
    }

    /// Runs the last statement and writes every output beside its place.
    ///
    /// - Returns: the rows written to each output.
    private func writeOutputs(
        _ last: SQLScript.Statement,
        on connection: borrowing DuckDBConnection
    ) throws(MartletError) -> [String: Int] {
        let lastIndex = script.statements.count - 1
        if files.count == 1, let file = files.first, try returnsRows(last, on: connection) {
            monitor.begin(part: lastIndex, of: script.statements.count)
            return [file.output.name: try copy(last.text, to: file, start: last.start, on: connection)]
        }
        try execute(lastIndex, on: connection)
        let relations = try relations(on: connection)
        var rows = [String: Int]()
        for (index, file) in files.enumerated() {
            let wanted = file.output.name.lowercased()
            guard let relation = relations.first(where: { $0.name.lowercased() == wanted }) else {
                throw errors.missingOutput(file.output, names: relations.map(\.name))
            }
            monitor.begin(part: script.statements.count + index, of: script.statements.count + files.count)
            rows[file.output.name] = try copy("FROM \(relation.sql)", to: file, start: nil, on: connection)
        }
        return rows
    }

    private func returnsRows(
        _ statement: SQLScript.Statement,
        on connection: borrowing DuckDBConnection
    ) throws(MartletError) -> Bool {
        let kind = try perform(offset: statement.start) { () throws(DuckDBMessage) in
            try connection.kind(of: statement.text)
        }
        return switch kind {
        case .select: true
        case .composite: ["SELECT", "FROM", "WITH", "PIVOT"].contains(statement.keyword)
        case .other: false
        }
    }

    private func copy(
        _ query: String,
        to file: OutputFile,
        start: Int?,
        on connection: borrowing DuckDBConnection
    ) throws(MartletError) -> Int {
        let statement = file.copy(query)
        let offset = start.map { $0 - statement.prefixLength }
        return try perform(offset: offset) { () throws(DuckDBMessage) in
            if let rows = try connection.number(statement.sql) { return rows }
            // A composite statement returns the result of its first part, which is not the count.
            return try connection.number(file.written.countQuery) ?? 0
        }
    }

    /// The tables and views that the script made, temporary ones first, as those hide others of the same name.
    private func relations(
        on connection: borrowing DuckDBConnection
    ) throws(MartletError) -> [(name: String, sql: String)] {
        let rows = try perform(offset: nil) { () throws(DuckDBMessage) in
            try connection.rows(
                """
                SELECT database_name, name FROM (
                    SELECT database_name, schema_name, table_name AS name FROM duckdb_tables() WHERE NOT internal
                    UNION ALL
                    SELECT database_name, schema_name, view_name FROM duckdb_views() WHERE NOT internal
                ) WHERE database_name IN ('memory', 'temp') AND schema_name = 'main'
                ORDER BY database_name DESC, name
                """,
                columnCount: 2
            )
        }
        return rows.map { row in
            (name: row[1], sql: "\(SQLText.identifier(row[0])).main.\(SQLText.identifier(row[1]))")
        }
    }

    /// Counts the rows of the inputs.
    ///
    /// The script is done by then, so that an input that cannot be counted, such as a CSV file with a bad line that the
    /// script never reached, merely has no count.
    private func countRows(
        _ inputs: [(name: String, files: TableFiles)],
        on connection: borrowing DuckDBConnection
    ) throws(MartletError) -> [String: Int] {
        monitor.begin(part: 1, of: 1)
        var counts = [String: Int]()
        for input in inputs {
            try checkCancellation()
            counts[input.name] = try? connection.number(input.files.countQuery)
        }
        return counts
    }

    /// Calls DuckDB, and turns its message into an error of the script; without an `offset` of the text within the
    /// script the error has no place.
    private func perform<Value>(
        offset: Int?,
        _ body: () throws(DuckDBMessage) -> Value
    ) throws(MartletError) -> Value {
        try checkCancellation()
        do throws(DuckDBMessage) {
            return try body()
        } catch {
            try checkCancellation()
            var message = error
            if offset == nil { message.position = nil }
            throw errors.error(message, offset: offset ?? 0)
        }
    }

    private func checkCancellation() throws(MartletError) {
        if monitor.isCancelled { throw errors.cancelled }
    }
}
