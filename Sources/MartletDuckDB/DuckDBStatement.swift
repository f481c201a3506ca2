import CDuckDB
import MartletCore

extension DuckDBConnection {
    /// Runs the single statement in `sql` and gives its rows to `take` in pieces, in order.
    ///
    /// The rows are fetched while the query runs, so that memory stays flat.
    ///
    /// - Throws: `.failed` with the engine's message, `.taker` with what `take` throws, `.refused` for what is not one
    ///   statement that returns rows and does nothing else.
    func stream(
        _ sql: String,
        _ take: (SQLTable) throws(MartletError) -> Void
    ) throws(StreamFailure) {
        guard let columns = try streamReadable(sql, take) else { return }
        // The engine writes what cannot be read here; the names of the columns may not be usable in SQL.
        let names = columns.indices.map { "c\($0)" }
        let values = zip(names, columns).map { name, column in
            column.type.isReadable ? name : "CAST(\(name) AS VARCHAR)"
        }
        let described = try described(columns, of: sql)
        let list = values.joined(separator: ", ")
        try open("SELECT \(list) FROM (\(sql)\n) AS t(\(names.joined(separator: ", ")))").forEach(
            as: described,
            unread: Set(columns.indices.filter { !columns[$0].type.isReadable }),
            take
        )
    }

    /// Streams the rows if all columns can be read; if not, gives none and returns the columns.
    private func streamReadable(
        _ sql: String,
        _ take: (SQLTable) throws(MartletError) -> Void
    ) throws(StreamFailure) -> [DuckDBResult.Column]? {
        // A connection has one open result, which ends with this call.
        let result = try open(sql)
        let columns = result.columns
        guard columns.allSatisfy(\.type.isReadable) else { return columns }
        try result.forEach(
            as: columns.map { TableColumn(name: $0.name, type: $0.type.name, kind: $0.type.kind) },
            unread: [],
            take
        )
        return nil
    }

    /// The columns with the names of their types as the engine spells them.
    private func described(
        _ columns: [DuckDBResult.Column],
        of sql: String
    ) throws(StreamFailure) -> [TableColumn] {
        let types: [[String]]
        do throws(DuckDBMessage) {
            types = try rows("SELECT column_type FROM (DESCRIBE \(sql)\n)", columnCount: 1)
        } catch {
            throw .failed(error)
        }
        return columns.enumerated().map { index, column in
            let type = types.indices.contains(index) ? types[index][0] : column.type.name
            return TableColumn(name: column.name, type: type, kind: column.type.kind)
        }
    }

    private func open(_ sql: String) throws(StreamFailure) -> DuckDBResult {
        let statements = ExtractedStatements(of: sql, library, connection)
        if let error = statements.error { throw .failed(error) }
        guard statements.count == 1 else { throw .refused(count: statements.count) }
        let statement: PreparedStatement
        do throws(DuckDBMessage) { statement = try statements.prepareFirst() } catch { throw .failed(error) }
        guard statement.kind != .other else { throw .refused(count: 1) }
        do throws(DuckDBMessage) { return try DuckDBResult(of: statement, library) } catch { throw .failed(error) }
    }
}

/// Why the rows of a statement did not all come.
enum StreamFailure: Error {
    case failed(DuckDBMessage)
    /// It is not one statement, but so many, or it is one that does something else than return rows.
    case refused(count: Int)
    case taker(MartletError)
}

/// The rows of a running query.
struct DuckDBResult: ~Copyable {
    /// A column of a result.
    struct Column: Hashable {
        var name: String
        var type: DuckDBType
    }

    private let library: DuckDBLibrary
    private var result = duckdb_result()
    let columns: [Column]

    /// Starts the query.
    init(of statement: borrowing PreparedStatement, _ library: DuckDBLibrary) throws(DuckDBMessage) {
        let api = library.api
        self.library = library
        var pending: duckdb_pending_result?
        defer { api.destroy_pending(&pending) }
        guard api.pending_prepared_streaming(statement.handle, &pending) == CDUCKDB_SUCCESS else {
            throw DuckDBMessage(library.text(api.pending_error(pending)))
        }
        var started = duckdb_result()
        guard api.execute_pending(pending, &started) == CDUCKDB_SUCCESS else {
            defer { api.destroy_result(&started) }
            throw DuckDBMessage(library.text(api.result_error(&started)))
        }
        columns = (0..<api.column_count(&started)).map { index in
            var type = api.column_logical_type(&started, index)
            defer { api.destroy_logical_type(&type) }
            return Column(name: library.text(api.column_name(&started, index)), type: DuckDBType(type, library))
        }
        result = started
    }

    deinit {
        var destroyed = result
        library.api.destroy_result(&destroyed)
    }

    /// Gives all rows to `take`, as rows of `columns`, of which the engine wrote those in `unread` as text.
    ///
    /// Without any row it gives one empty piece.
    func forEach(
        as columns: [TableColumn],
        unread: Set<Int>,
        _ take: (SQLTable) throws(MartletError) -> Void
    ) throws(StreamFailure) {
        let api = library.api
        var isEmpty = true
        while let chunk = api.fetch_chunk(result) {
            var read: duckdb_data_chunk? = chunk
            defer { api.destroy_data_chunk(&read) }
            let count = Int(api.data_chunk_get_size(chunk))
            if count == 0 { continue }
            isEmpty = false
            let vectors = self.columns.enumerated().map { index, column in
                DuckDBVector(api.data_chunk_get_vector(chunk, duckdb_idx(index)), type: column.type, library)
            }
            let rows = (0..<count).map { row in
                vectors.enumerated().map { index, vector in
                    let value = vector.value(at: row)
                    guard case .text(let text) = value, unread.contains(index) else { return value }
                    return SQLValue.other(text)
                }
            }
            do throws(MartletError) {
                try take(SQLTable(columns: columns, rows: rows))
            } catch {
                throw .taker(error)
            }
        }
        // An error while the query runs ends the rows just as their end does.
        var ended = result
        if let error = api.result_error(&ended) { throw .failed(DuckDBMessage(String(cString: error))) }
        if isEmpty {
            do throws(MartletError) {
                try take(SQLTable(columns: columns, rows: []))
            } catch {
                throw .taker(error)
            }
        }
    }
}
