import Foundation
import MartletCore

/// How a CSV file is written, and what its columns are.
struct CSVShape: Hashable {
    /// The argument of the functions that read the file.
    private let file: String
    /// The options that DuckDB found out.
    private let options: String
    /// The columns in their order.
    let names: [String]

    /// Looks at the first `sample` rows of the file at `path`, or at all of them when that is nil.
    ///
    /// To say that quotes are those of the standard (RFC 4180), and not to be found out, halves the time that takes.
    init?(
        ofFile path: String,
        compression: TableFiles.Compression?,
        rows sample: Int?,
        hasStandardQuotes: Bool,
        on connection: borrowing DuckDBConnection
    ) throws(StreamFailure) {
        file =
            SQLText.files([path]).dropFirst().dropLast()
            + (compression.map { ", compression = '\($0)'" } ?? "")
        var found: [String: SQLValue] = [:]
        let quotes = hasStandardQuotes ? ", quote = '\"', escape = '\"'" : ""
        try connection.stream("SELECT * FROM sniff_csv(\(file), sample_size = \(sample ?? -1)\(quotes))") { piece in
            for (column, value) in zip(piece.columns, piece.rows.first ?? []) { found[column.name] = value }
        }
        func text(_ name: String) -> String? {
            guard case .text(let text)? = found[name] else { return nil }
            return text == "(empty)" ? "" : text
        }
        guard let delimiter = text("Delimiter"), case .boolean(let hasHeader)? = found["HasHeader"],
            case .integer(let skipped)? = found["SkipRows"], case .list(let columns)? = found["Columns"],
            !columns.isEmpty
        else { return nil }
        // Rows that need no quotes tell nothing about those that do: then the standard's quotes are meant (RFC 4180).
        let quote = text("Quote").flatMap { $0.isEmpty ? nil : $0 } ?? "\""
        let escape = text("Escape").flatMap { $0.isEmpty ? nil : $0 } ?? quote
        var options = [
            "auto_detect = false", "delim = \(SQLText.string(delimiter))", "quote = \(SQLText.string(quote))",
            "escape = \(SQLText.string(escape))", "comment = \(SQLText.string(text("Comment") ?? ""))",
            "skip = \(skipped)", "header = \(hasHeader)",
        ]
        if let newLine = text("NewLineDelimiter"), newLine.hasPrefix("\\") {
            options.append("new_line = \(SQLText.string(newLine))")
        }
        if let format = text("DateFormat") { options.append("dateformat = \(SQLText.string(format))") }
        if let format = text("TimestampFormat") { options.append("timestampformat = \(SQLText.string(format))") }
        let types = columns.compactMap { column -> (name: String, type: String)? in
            guard case .structure(let members) = column, members.count == 2, case .text(let name) = members[0].value,
                case .text(let type) = members[1].value
            else { return nil }
            return (name, type)
        }
        guard types.count == columns.count else { return nil }
        names = types.map(\.name)
        let list = types.map { "\(SQLText.string($0.name)): \(SQLText.string($0.type))" }
        options.append("columns = {\(list.joined(separator: ", "))}")
        self.options = options.joined(separator: ", ")
    }

    /// The table function that reads the file so.
    var source: String { "read_csv(\(file), \(options))" }
}
