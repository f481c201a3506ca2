import Foundation

/// Reads CSV files with a header (RFC 4180) into rows.
enum CSVRows {
    /// The rows in `data`, by the names in its first line.
    static func rows<Row: Decodable>(_ type: Row.Type, in data: Data, of path: String) throws(MartletError) -> [Row] {
        var records = records(in: data)[...]
        guard let header = records.popFirst() else { return [] }
        var rows: [Row] = []
        for record in records {
            do {
                rows.append(try Row(from: CSVRowDecoder(header: header.fields, fields: record.fields)))
            } catch {
                throw MartletError(
                    .syntaxInvalid,
                    "a row is not a \(Row.self)",
                    remedy: "make the type in Swift fit the columns \(header.fields.joined(separator: ", "))",
                    location: SourceLocation(file: path, line: record.line),
                    cause: String(describing: error)
                )
            }
        }
        return rows
    }

    /// The records in `data` with the lines they start on; lines without anything are left out.
    static func records(in data: Data) -> [(line: Int, fields: [String])] {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var previousWasQuote = false
        var line = 1
        var start = 1
        func endField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        func endRecord() {
            if field.last == 13 { field.removeLast() }
            if !(fields.isEmpty && field.isEmpty) {
                endField()
                records.append((start, fields))
            }
            fields = []
            start = line
        }
        // A byte order mark is not part of the first name.
        for byte in data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data {
            if byte == 10 { line += 1 }
            switch byte {
            case UInt8(ascii: "\""):
                // A quote right after a closing one is a quote in the text.
                if !isQuoted, previousWasQuote { field.append(byte) }
                isQuoted.toggle()
                previousWasQuote = !isQuoted
                continue
            case UInt8(ascii: ",") where !isQuoted: endField()
            case 10 where !isQuoted: endRecord()
            default: field.append(byte)
            }
            previousWasQuote = false
        }
        endRecord()
        return records
    }
}
