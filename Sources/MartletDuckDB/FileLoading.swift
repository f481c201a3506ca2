import Foundation
import MartletCore

/// Makes files readable as a table or view, so that queries over them cost little.
///
/// Finding out how a CSV file is written takes far longer than reading a small one. DuckDB does it anew for each query
/// over `read_csv`; here it is done once.
struct FileLoading {
    let name: String
    let files: TableFiles

    /// Rows that tell the types in a large file.
    ///
    /// More than DuckDB's own 20,480: where a later value does not fit, such as 5.5 in a column of whole numbers, DuckDB
    /// rounds it in silence. In a small file all rows tell.
    private static let sampledRows = 200_000
    /// Rows that tell the shape of a small file with a broken line.
    private static let firstRows = 2048
    /// The start of a file that is looked at for what is wrong with it.
    private static let headBytes = 1 << 20

    /// Makes them readable in the database behind `connection`.
    func load(on connection: borrowing DuckDBConnection) throws(StreamFailure) {
        guard files.format == .csv, files.paths.count == 1 else {
            return try define(as: files.source, on: connection)
        }
        let head = head()
        let quotes = head.map(Self.hasStandardQuotes) ?? false
        if quotes, files.isSmallText, isLoadedAtOnce(on: connection) { return }
        try define(as: try shape(head, quotes, on: connection)?.source ?? files.source, on: connection)
    }

    /// Loads a small file in one go, whose shape shows on the way; false when it does not look like a table.
    private func isLoadedAtOnce(on connection: borrowing DuckDBConnection) -> Bool {
        let source = "read_csv(\(SQLText.files(files.paths)), sample_size = -1, quote = '\"', escape = '\"')"
        var columns = 0
        do {
            try define(as: source, on: connection)
            try connection.stream("SELECT * FROM \(TableDatabase.relation(name)) LIMIT 0") { piece in
                columns = piece.columns.count
            }
        } catch {
            // What is wrong is found out below, in more detail.
            return false
        }
        return columns > 1
    }

    /// Whether nothing speaks against the quotes of the standard (RFC 4180).
    private static func hasStandardQuotes(_ head: Data) -> Bool {
        head.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return "'\\".utf8.allSatisfy { memchr(start, Int32($0), bytes.count) == nil }
        }
    }

    private func define(as source: String, on connection: borrowing DuckDBConnection) throws(StreamFailure) {
        let kind = files.isSmallText ? "TABLE" : "VIEW"
        do throws(DuckDBMessage) {
            try connection.run(
                "CREATE OR REPLACE \(kind) \(TableDatabase.relation(name)) AS SELECT * FROM \(source)"
            )
        } catch {
            throw .failed(error)
        }
    }

    private func shape(
        _ head: Data?,
        _ quotes: Bool,
        on connection: borrowing DuckDBConnection
    ) throws(StreamFailure) -> CSVShape? {
        let rows = files.isSmallText ? nil : Self.sampledRows
        if quotes, let shape = try? shape(of: rows, standardQuotes: true, on: connection), shape.names.count > 1 {
            return shape
        }
        let shape: CSVShape?
        do throws(StreamFailure) {
            shape = try self.shape(of: rows, standardQuotes: false, on: connection)
        } catch .failed {
            if let ragged = head.flatMap({ RaggedLine.first(in: $0) }) { throw .taker(error(ragged)) }
            // Of all rows at once DuckDB says only that they fit no shape; by the shape of the first ones, which line.
            shape = try self.shape(of: Self.firstRows, standardQuotes: false, on: connection)
        }
        if let shape, shape.names.count == 1, let ragged = head.flatMap({ RaggedLine.first(in: $0) }) {
            throw .taker(error(ragged))
        }
        return shape
    }

    private func shape(
        of rows: Int?,
        standardQuotes: Bool,
        on connection: borrowing DuckDBConnection
    ) throws(StreamFailure) -> CSVShape? {
        try CSVShape(
            ofFile: files.paths[0],
            compression: files.compression,
            rows: rows,
            hasStandardQuotes: standardQuotes,
            on: connection
        )
    }

    /// The start of the file; nil when it cannot be seen because it is compressed.
    private func head() -> Data? {
        guard files.compression == nil, let file = FileHandle(forReadingAtPath: files.paths[0]) else { return nil }
        defer { try? file.close() }
        return (try? file.read(upToCount: Self.headBytes)) ?? nil
    }

    private func error(_ line: RaggedLine) -> MartletError {
        MartletError(
            .sqlInputUnreadable,
            "input \(name) cannot be read as csv: \(files.paths[0]): line \(line.number) has \(line.fields) "
                + "field\(line.fields == 1 ? "" : "s")",
            reason: "the first line has \(line.expected)",
            remedy: "correct that line"
        )
    }
}
