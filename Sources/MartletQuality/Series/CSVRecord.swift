/// A record of a CSV file: where it ends, and where the two fields stand that a series is made of.
struct CSVRecord {
    /// A field's bytes; those of a quoted one without its quotes.
    struct Field {
        var start = 0
        var end = 0
        /// Whether quotes in it are doubled.
        var hasEscapes = false

        var count: Int { end - start }
    }

    /// How many fields the record has.
    var fields = 0
    var time = Field()
    var value = Field()
    /// The place after the record and its line break.
    var end = 0
    /// Whether there is nothing at all on the line.
    var isBlank = false
}

/// Reads the records of a CSV file (RFC 4180) from its bytes.
///
/// Lines end in CRLF, LF or CR; a quoted field may hold all of these. A quote in the middle of a field that does not
/// begin with one stands for itself.
struct CSVScanner {
    enum Step {
        case record(CSVRecord)
        /// The bytes end before the record does.
        case incomplete
        /// A quoted field goes on after its closing quote.
        case textAfterQuote(field: Int)
    }

    let delimiter: UInt8
    /// Which fields to keep, from 0; -1 for none.
    var timeColumn = -1
    var valueColumn = -1

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriage = UInt8(ascii: "\r")

    /// The record that begins at `start`; when nothing follows these bytes, their end also ends the record.
    @inline(__always)
    func record(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool) -> Step {
        var record = CSVRecord()
        let count = bytes.count
        var at = start
        while true {
            var field = CSVRecord.Field(start: at, end: at)
            if at < count, bytes[at] == Self.quote {
                at += 1
                field.start = at
                while true {
                    while at < count, bytes[at] != Self.quote { at += 1 }
                    // Whether the quote is doubled shows by the next byte only.
                    if at >= count || (at + 1 >= count && !isLast) { return .incomplete }
                    guard at + 1 < count, bytes[at + 1] == Self.quote else {
                        break
                    }
                    field.hasEscapes = true
                    at += 2
                }
                field.end = at
                at += 1
                if at < count, bytes[at] != delimiter, bytes[at] != Self.newline, bytes[at] != Self.carriage {
                    return .textAfterQuote(field: record.fields)
                }
            } else {
                while at < count {
                    let byte = bytes[at]
                    if byte == delimiter || byte == Self.newline || byte == Self.carriage { break }
                    at += 1
                }
                field.end = at
            }
            if record.fields == timeColumn { record.time = field }
            if record.fields == valueColumn { record.value = field }
            record.fields += 1
            if at >= count {
                guard isLast else { return .incomplete }
                record.end = at
                record.isBlank = at == start
                return .record(record)
            }
            if bytes[at] == delimiter {
                at += 1
                continue
            }
            record.isBlank = at == start
            if bytes[at] == Self.carriage {
                if at + 1 >= count, !isLast { return .incomplete }
                if at + 1 < count, bytes[at + 1] == Self.newline { at += 1 }
            }
            record.end = at + 1
            return .record(record)
        }
    }

    /// The texts of all fields of a record.
    func texts(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool, count: Int) -> [String] {
        (0..<count).map { column in
            var scanner = self
            scanner.valueColumn = column
            guard case .record(let record) = scanner.record(in: bytes, from: start, isLast: isLast) else { return "" }
            return Self.text(record.value, in: bytes)
        }
    }

    /// A field as text; bytes that are not UTF-8 are replaced.
    static func text(_ field: CSVRecord.Field, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[field.start..<field.end]), as: UTF8.self)
        return field.hasEscapes ? text.replacing("\"\"", with: "\"") : text
    }

    /// The delimiter that the first line uses most, outside quotes: a comma, a semicolon, a tab or a bar.
    static func delimiter(of bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == newline || byte == carriage { break }
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        let best = counts.indices.max { counts[$0] < counts[$1] || (counts[$0] == counts[$1] && $0 > $1) } ?? 0
        return candidates[best]
    }
}
