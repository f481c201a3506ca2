import Foundation
public import MartletCore

/// A small table as a test compares it: texts, with numbers equal however they are written.
public struct RowTable: Hashable, Sendable {
    /// The columns, in order.
    public var columns: [String]
    /// The values of each row, in the order of the columns; empty text where there is none.
    public var rows: [[String]]

    /// A table with these columns and rows.
    public init(columns: [String], rows: [[String]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The table of a fixture's rows.
    public init(_ fixture: FixtureRows) {
        self.init(columns: fixture.columns, rows: fixture.rows.map { $0.map { $0 == .null ? "" : $0.displayText } })
    }

    /// Reads CSV (RFC 4180) whose first line names the columns; a line break may be LF or CR LF.
    ///
    /// - Throws: ``MartletError`` MT1055 for a row of another length than the header, and for a quote without end.
    public init(csv bytes: some Sequence<UInt8>) throws(MartletError) {
        var records = try CSVRecords.read(bytes)
        if records.isEmpty { throw MartletError(.rowsUnreadable, "the file has no header") }
        let header = records.removeFirst()
        for (index, record) in records.enumerated() where record.count != header.count {
            throw MartletError(
                .rowsUnreadable,
                "row \(index + 1) has \(record.count) values; the header has \(header.count)"
            )
        }
        self.init(columns: header, rows: records)
    }

    /// Reads JSON lines, each an object; columns are ordered by name.
    ///
    /// - Throws: ``MartletError`` MT1055 for a line that is no object.
    public init(jsonLines bytes: some Sequence<UInt8>) throws(MartletError) {
        var objects: [[String: JSONValue]] = []
        for (index, line) in Array(bytes).split(separator: UInt8(ascii: "\n")).enumerated() {
            if line.allSatisfy({ [32, 9, 13].contains($0) }) { continue }
            guard case .object(let members)? = try? JSONText.decode(JSONValue.self, from: Data(line)) else {
                throw MartletError(.rowsUnreadable, "line \(index + 1) is no JSON object")
            }
            objects.append(members)
        }
        let columns = Set(objects.flatMap(\.keys)).sorted()
        self.init(
            columns: columns,
            rows: objects.map { object in
                columns.map { object[$0].map { $0 == .null ? "" : $0.displayText } ?? "" }
            }
        )
    }
}

/// Cuts CSV into records.
private enum CSVRecords {
    static func read(_ bytes: some Sequence<UInt8>) throws(MartletError) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var pendingQuote = false
        func endField() {
            record.append(String(decoding: field, as: UTF8.self))
            field = []
            wasQuoted = false
        }
        func endRecord() {
            // An empty line is no record, unless it is an empty text in quotes.
            if record.isEmpty, field.isEmpty, !wasQuoted { return }
            endField()
            records.append(record)
            record = []
        }
        for byte in bytes {
            if pendingQuote {
                pendingQuote = false
                if byte == UInt8(ascii: "\"") {
                    field.append(byte)
                    continue
                }
                isQuoted = false
            } else if isQuoted {
                if byte == UInt8(ascii: "\"") { pendingQuote = true } else { field.append(byte) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted:
                isQuoted = true
                wasQuoted = true
            case UInt8(ascii: ","): endField()
            case UInt8(ascii: "\n"): endRecord()
            case UInt8(ascii: "\r"): break
            default: field.append(byte)
            }
        }
        if isQuoted, !pendingQuote { throw MartletError(.rowsUnreadable, "a quote in the file has no end") }
        endRecord()
        return records
    }
}
