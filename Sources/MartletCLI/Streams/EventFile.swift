import Foundation
import MartletCore

/// One event on its way to a topic.
struct ProducedEvent {
    var key: [UInt8]?
    var value: [UInt8]
    /// Milliseconds since 1970; nil for now.
    var timestamp: Int64?
}

/// The events in a file: the rows of a table as JSON objects, or the lines of a text.
struct EventFile {
    /// The column, or the member of each JSON object, that is the key.
    var key: String?
    /// The column, or the member, that is the time.
    var time: String?

    /// The events of a table, ordered by time if they have one.
    func events(of table: any TableSession) -> some AsyncSequence<[ProducedEvent], any Error> {
        TablePieces(session: table, sql: sql(table)).map { piece in piece.rows.map(Self.event) }
    }

    /// What the query has to give: value, key and milliseconds.
    ///
    /// Times are written as RFC 3339 in UTC, which definitions of streams read back exactly.
    private func sql(_ table: any TableSession) -> String {
        let members = table.columns.map { column in
            let name = Self.quoted(column.name)
            let value =
                switch column.kind {
                case .timestamp: "strftime(\(name), '%Y-%m-%dT%H:%M:%S.%fZ')"
                case .timestampWithZone: "strftime(\(name) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
                case .date: "strftime(\(name), '%Y-%m-%dT00:00:00Z')"
                default: name
                }
            return "\(Self.literal(column.name)), \(value)"
        }
        let key = self.key.map { "CAST(\(Self.quoted($0)) AS VARCHAR)" } ?? "NULL"
        let time = self.time.map { "epoch_ms(CAST(\(Self.quoted($0)) AS TIMESTAMP))" } ?? "NULL"
        let order = self.time.map { " ORDER BY \(Self.quoted($0)), __row" } ?? ""
        return """
            SELECT CAST(json_object(\(members.joined(separator: ", "))) AS VARCHAR), \(key), CAST(\(time) AS BIGINT)
            FROM (SELECT *, row_number() OVER () AS __row FROM \(table.relation))\(order)
            """
    }

    private static func event(_ row: [SQLValue]) -> ProducedEvent {
        func text(_ value: SQLValue) -> [UInt8]? { if case .text(let text) = value { Array(text.utf8) } else { nil } }
        var event = ProducedEvent(key: text(row[1]), value: text(row[0]) ?? [])
        if case .integer(let time) = row[2] { event.timestamp = time }
        return event
    }

    /// A line as an event; its members are looked at only when a key or a time is asked for.
    ///
    /// - Throws: ``MartletError`` MT1005 when the line is not the JSON object that has them.
    func event(line: [UInt8], number: Int) throws(MartletError) -> ProducedEvent {
        var event = ProducedEvent(value: line)
        guard key != nil || time != nil else { return event }
        guard case .object(let members)? = try? JSONText.decode(JSONValue.self, from: Data(line)) else {
            throw fault("line \(number) is no JSON object, so it has no \(key ?? time ?? "")")
        }
        if let key {
            guard let value = members[key] else { throw fault("line \(number) has no \"\(key)\"") }
            event.key = value == .null ? nil : Array((value.stringValue ?? value.jsonText).utf8)
        }
        if let time { event.timestamp = try milliseconds(members[time], time, number) }
        return event
    }

    private func milliseconds(_ value: JSONValue?, _ name: String, _ number: Int) throws(MartletError) -> Int64 {
        switch value {
        case .integer(let milliseconds): return Int64(milliseconds)
        case .string(let text):
            if let time = Timestamp(rfc3339: text) { return time.microseconds / 1_000 }
        default: break
        }
        throw fault("line \(number): \"\(name)\" is no time: neither milliseconds since 1970 nor RFC 3339")
    }

    private func fault(_ text: String) -> MartletError {
        MartletError(.valueInvalid, text, remedy: "correct the line; those before it have been sent")
    }

    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
    private static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

/// The lines of standard input or of a file, as bytes.
struct LineReader {
    /// Most bytes of a line: what a record may have.
    static let longest = 64 << 20

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    /// Lines of a file; nil for standard input.
    ///
    /// - Throws: ``MartletError`` MT1001 when the file cannot be read.
    init(_ path: String?) throws(MartletError) {
        guard let path else {
            handle = .standardInput
            return
        }
        guard let opened = FileHandle(forReadingAtPath: path) else {
            throw MartletError(.fileUnreadable, "\(path) cannot be read", remedy: "check that it is there")
        }
        handle = opened
    }

    /// The next line without its end; nil after the last.
    ///
    /// - Throws: ``MartletError`` MT1016 for a line without end.
    mutating func next() throws(MartletError) -> [UInt8]? {
        while true {
            if let end = buffer[position...].firstIndex(of: 0x0A) {
                defer { position = end + 1 }
                let isWide = end > position && buffer[end - 1] == 0x0D
                return Array(buffer[position..<(isWide ? end - 1 : end)])
            }
            if isAtEnd {
                guard position < buffer.count else { return nil }
                defer { position = buffer.count }
                return Array(buffer[position...])
            }
            buffer.removeFirst(position)
            position = 0
            if buffer.count > Self.longest {
                throw MartletError(.limitExceeded, "a line is longer than \(Self.longest >> 20) MiB")
            }
            let more = handle.availableData
            if more.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: more) }
        }
    }
}
