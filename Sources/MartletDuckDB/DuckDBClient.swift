import CDuckDB
import Foundation

// Only the files DuckDB*.swift touch C. A handle has one owner, a noncopyable value, and goes when its owner does.

/// DuckDB's functions, loaded from a shared library.
///
/// `@unchecked Sendable`: it holds nothing but pointers to C functions, set once, and DuckDB lets any thread call them.
/// What must not be shared between threads are its handles, which noncopyable values below own.
struct DuckDBLibrary: @unchecked Sendable {
    let api: duckdb_api
    /// Makes a view of an Arrow stream; nil in a library that cannot.
    let arrowScan: cduckdb_arrow_scan?

    /// Loads the library at `path`: a path, or a bare name that the system's loader looks up.
    init(path: String) throws(LibraryFailure) {
        var reason = [CChar](repeating: 0, count: 1024)
        // The functions are never null, so that there is no empty set of them to hand to C.
        let loaded = withUnsafeTemporaryAllocation(of: duckdb_api.self, capacity: 1) { memory -> duckdb_api? in
            guard let api = memory.baseAddress, cduckdb_load(path, api, &reason, reason.count) else { return nil }
            return api.pointee
        }
        guard let loaded else {
            let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw LibraryFailure(path: path, reason: String(decoding: text, as: UTF8.self))
        }
        api = loaded
        arrowScan = cduckdb_find_arrow_scan(path)
    }

    /// The name and version, as in `DuckDB v1.4.1`.
    var description: String { "DuckDB " + text(api.library_version()) }

    /// A text that stays DuckDB's.
    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    /// A text that is ours to free; nil when there is none.
    func taken(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
        defer { api.free(pointer) }
        return pointer.map { String(cString: $0) }
    }
}

/// Why a library was not loaded.
struct LibraryFailure: Error, Hashable {
    var path: String
    var reason: String
}

/// A connection to an in-memory database that goes with it.
struct DuckDBConnection: ~Copyable {
    let library: DuckDBLibrary
    let connection: duckdb_connection
    private let database: duckdb_database

    /// Opens an empty database in memory.
    init(to library: DuckDBLibrary, options: [(name: String, value: String)]) throws(DuckDBMessage) {
        let api = library.api
        var config: duckdb_config?
        defer { api.destroy_config(&config) }
        guard api.create_config(&config) == CDUCKDB_SUCCESS else { throw DuckDBMessage("out of memory") }
        for (name, value) in options where api.set_config(config, name, value) != CDUCKDB_SUCCESS {
            throw DuckDBMessage("\(name) cannot be \(value)")
        }

        var opened: duckdb_database?
        var reason: UnsafeMutablePointer<CChar>?
        guard api.open_ext(nil, &opened, config, &reason) == CDUCKDB_SUCCESS, let opened else {
            defer { api.free(reason) }
            throw DuckDBMessage(library.text(reason))
        }
        var connected: duckdb_connection?
        guard api.connect(opened, &connected) == CDUCKDB_SUCCESS, let connected else {
            var closing: duckdb_database? = opened
            api.close(&closing)
            throw DuckDBMessage("the database accepts no connection")
        }
        self.library = library
        database = opened
        connection = connected
    }

    deinit {
        var disconnecting: duckdb_connection? = connection
        library.api.disconnect(&disconnecting)
        var closing: duckdb_database? = database
        library.api.close(&closing)
    }

    /// What other threads may do with the connection while it lives.
    var signals: DuckDBSignals { DuckDBSignals(library: library, connection: connection) }

    /// Makes a view called `name` of an Arrow C stream, which has to live until the connection closes.
    ///
    /// - Returns: whether DuckDB took it; why not is what the stream tells.
    func addView(_ name: String, of stream: UnsafeMutableRawPointer) -> Bool {
        guard let scan = library.arrowScan else { return false }
        return scan(connection, name, stream) == CDUCKDB_SUCCESS
    }

    /// Runs statements for what they do.
    func run(_ sql: String) throws(DuckDBMessage) { _ = try number(sql) }

    /// Runs statements and reads one 64-bit integer.
    ///
    /// - Returns: the first column of the first row of the first statement's result; nil when that has no rows. The
    ///   caller knows that the column is a BIGINT.
    func number(_ sql: String) throws(DuckDBMessage) -> Int? {
        try query(sql) { chunk -> Int64? in
            let column = library.api.data_chunk_get_vector(chunk, 0)
            return library.api.vector_get_data(column)?.assumingMemoryBound(to: Int64.self).pointee
        }.first.map { Int($0) }
    }

    /// Runs a query whose `columnCount` columns are all VARCHAR NOT NULL.
    func rows(_ sql: String, columnCount: Int) throws(DuckDBMessage) -> [[String]] {
        try query(sql) { chunk in
            (0..<Int(library.api.data_chunk_get_size(chunk))).map { row in
                (0..<columnCount).map { column in
                    let vector = library.api.data_chunk_get_vector(chunk, duckdb_idx(column))
                    guard let data = library.api.vector_get_data(vector) else { return "" }
                    let cell = data.assumingMemoryBound(to: duckdb_string.self) + row
                    let length = Int(library.api.string_t_length(cell.pointee))
                    // A short text lives inside the cell itself, so that the bytes are read before the chunk goes.
                    guard let start = library.api.string_t_data(cell) else { return "" }
                    let bytes = UnsafeRawBufferPointer(start: start, count: length)
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
        }.flatMap(\.self)
    }

    /// Counts the statements in `sql`.
    ///
    /// - Throws: the message of the parser.
    func statementCount(_ sql: String) throws(DuckDBMessage) -> Int {
        let statements = ExtractedStatements(of: sql, library, connection)
        if let error = statements.error { throw error }
        return statements.count
    }

    /// Prepares the single statement in `sql` and tells what it does.
    ///
    /// - Throws: the message of the parser or binder.
    func kind(of sql: String) throws(DuckDBMessage) -> StatementKind {
        let statements = ExtractedStatements(of: sql, library, connection)
        if let error = statements.error { throw error }
        // From 2.0 on a PIVOT over unknown values is one statement of many parts; before it was many statements.
        return statements.count == 1 ? try statements.prepareFirst().kind : .composite
    }

    private func query<Value>(
        _ sql: String,
        _ read: (duckdb_data_chunk) -> Value?
    ) throws(DuckDBMessage) -> [Value] {
        let api = library.api
        var result = duckdb_result()
        defer { api.destroy_result(&result) }
        guard api.query(connection, sql, &result) == CDUCKDB_SUCCESS else {
            throw DuckDBMessage(library.text(api.result_error(&result)))
        }
        var values = [Value]()
        while let chunk = api.fetch_chunk(result) {
            if api.data_chunk_get_size(chunk) > 0, let value = read(chunk) { values.append(value) }
            var read: duckdb_data_chunk? = chunk
            api.destroy_data_chunk(&read)
        }
        return values
    }
}

/// What a statement does, as far as Martlet cares.
enum StatementKind: Hashable {
    /// It returns rows and does nothing else.
    case select
    /// It stands for several statements, of which DuckDB does not tell the kind.
    case composite
    /// Anything else.
    case other
}

/// The statements of a script, parsed.
struct ExtractedStatements: ~Copyable {
    let library: DuckDBLibrary
    let connection: duckdb_connection
    let handle: duckdb_extracted_statements?
    let count: Int

    init(of sql: String, _ library: DuckDBLibrary, _ connection: duckdb_connection) {
        self.library = library
        self.connection = connection
        var extracted: duckdb_extracted_statements?
        count = Int(library.api.extract_statements(connection, sql, &extracted))
        handle = extracted
    }

    deinit {
        var destroyed = handle
        library.api.destroy_extracted(&destroyed)
    }

    var error: DuckDBMessage? {
        guard count == 0, let handle, let text = library.api.extract_statements_error(handle) else { return nil }
        return DuckDBMessage(String(cString: text))
    }

    /// Binds the first statement.
    func prepareFirst() throws(DuckDBMessage) -> PreparedStatement {
        var statement: duckdb_prepared_statement?
        guard library.api.prepare_extracted_statement(connection, handle, 0, &statement) == CDUCKDB_SUCCESS else {
            defer { library.api.destroy_prepare(&statement) }
            throw DuckDBMessage(library.text(library.api.prepare_error(statement)))
        }
        return PreparedStatement(library: library, handle: statement)
    }
}

/// A statement that is ready to run.
struct PreparedStatement: ~Copyable {
    let library: DuckDBLibrary
    let handle: duckdb_prepared_statement?

    init(library: DuckDBLibrary, handle: duckdb_prepared_statement?) {
        self.library = library
        self.handle = handle
    }

    deinit {
        var destroyed = handle
        library.api.destroy_prepare(&destroyed)
    }

    /// What it does.
    var kind: StatementKind {
        switch library.api.prepared_statement_type(handle) {
        case CDUCKDB_STATEMENT_SELECT: .select
        case CDUCKDB_STATEMENT_MULTI: .composite
        default: .other
        }
    }
}

/// What other threads may do with a connection that is busy.
///
/// `@unchecked Sendable`: both functions are documented to be called while a query runs on another thread. The holder,
/// `QueryMonitor`, lets go of the value before the connection closes.
struct DuckDBSignals: @unchecked Sendable {
    fileprivate let library: DuckDBLibrary
    fileprivate let connection: duckdb_connection

    /// Stops the running query, if there is one.
    func interrupt() { library.api.interrupt(connection) }

    /// How much of the running query is done, from 0 to 1, when DuckDB knows.
    var progress: Double? {
        let percentage = library.api.query_progress(connection).percentage
        return percentage < 0 ? nil : min(percentage / 100, 1)
    }
}
