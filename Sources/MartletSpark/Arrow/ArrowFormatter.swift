import Foundation

/// Writes values as text and as JSON; for one thread at a time, since it keeps the zones that it has found.
package final class ArrowFormatter {
    private let zoneName: String?
    private var zones = [String: ArrowZone]()

    /// A formatter that shows timestamps in `zone`; nil for the zone that each column names, the session's.
    package init(zone: String? = nil) { zoneName = zone }

    private func offset(_ value: Int64, _ unit: ArrowTimeUnit, _ zone: String?) -> Int64? {
        guard let zone else { return nil }
        let name = zoneName ?? zone
        let found = zones[name] ?? ArrowZone(name)
        zones[name] = found
        return found.offset(at: value.floorDivided(by: unit.perSecond).quotient)
    }

    /// The value as Spark shows it in a table.
    package func text(_ value: ArrowValue) -> String {
        switch value {
        case .null: "NULL"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .float(let value): ArrowText.floating(value.description, magnitude: Double(value.magnitude))
        case .double(let value): ArrowText.floating(value.description, magnitude: value.magnitude)
        case .decimal(let value, let scale): ArrowText.decimal(value, scale: scale)
        case .text(let value): value
        case .binary(let bytes): "[" + bytes.map(Self.hex).joined(separator: " ") + "]"
        case .date(let days): ArrowText.date(days)
        case .time(let value, let unit): ArrowText.time(value, unit)
        case .timestamp(let value, let unit, let zone):
            ArrowText.timestamp(value, unit, offset: offset(value, unit, zone) ?? 0)
        case .duration(let value, let unit): ArrowText.duration(value, unit)
        case .interval(let months, let days, let nanoseconds):
            ArrowText.interval(months: months, days: days, nanoseconds: nanoseconds)
        case .months(let months): ArrowText.months(months)
        case .list(let values): "[" + values.map(text).joined(separator: ", ") + "]"
        case .structure(let members): "{" + members.map { text($0.value) }.joined(separator: ", ") + "}"
        case .map(let entries):
            "{" + entries.map { "\(text($0.key)) -> \(text($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }

    /// Appends the value as JSON: binary as base64, timestamps by RFC 3339 (those of no zone without an offset),
    /// decimals as numbers with all digits, maps as objects, numbers that JSON does not have as text.
    package func appendJSON(_ value: ArrowValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes += "null".utf8
        case .boolean, .integer, .unsigned, .decimal: bytes += text(value).utf8
        case .float(let number):
            if number.isFinite {
                bytes += number.description.utf8
            } else {
                Self.append(quoted: text(value), to: &bytes)
            }
        case .double(let number):
            if number.isFinite {
                bytes += number.description.utf8
            } else {
                Self.append(quoted: text(value), to: &bytes)
            }
        case .binary(let content): Self.append(quoted: Data(content).base64EncodedString(), to: &bytes)
        case .timestamp(let value, let unit, let zone):
            let offset = offset(value, unit, zone)
            let text = ArrowText.timestamp(value, unit, offset: offset ?? 0, separator: "T")
            Self.append(quoted: text + (offset.map(ArrowZone.text) ?? ""), to: &bytes)
        case .text, .date, .time, .duration, .interval, .months: Self.append(quoted: text(value), to: &bytes)
        case .list(let values):
            append(values, "[", "]", to: &bytes) { value, bytes in appendJSON(value, to: &bytes) }
        case .structure(let members):
            append(members, "{", "}", to: &bytes) { member, bytes in
                Self.append(quoted: member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                appendJSON(member.value, to: &bytes)
            }
        case .map(let entries):
            append(entries, "{", "}", to: &bytes) { entry, bytes in
                Self.append(quoted: text(entry.key), to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                appendJSON(entry.value, to: &bytes)
            }
        }
    }

    private func append<Part>(
        _ parts: [Part],
        _ opening: Unicode.Scalar,
        _ closing: Unicode.Scalar,
        to bytes: inout [UInt8],
        _ write: (Part, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: opening))
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(part, &bytes)
        }
        bytes.append(UInt8(ascii: closing))
    }

    /// Appends a JSON string.
    static func append(quoted text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case 0..<0x20: bytes += "\\u00\(hex(byte))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A row as one JSON object, without a line break.
    package func json(_ batch: ArrowBatch, row: Int) -> String {
        var bytes = [UInt8]()
        appendJSON(batch, row: row, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a row as one JSON object, without a line break.
    package func appendJSON(_ batch: ArrowBatch, row: Int, to bytes: inout [UInt8]) {
        append(batch.columns, "{", "}", to: &bytes) { column, bytes in
            Self.append(quoted: column.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            appendJSON(column.value(at: row), to: &bytes)
        }
    }

    /// Appends all rows as JSON objects, each with a line feed.
    package func appendJSONLines(_ batch: ArrowBatch, to bytes: inout [UInt8]) {
        for row in 0..<batch.rowCount {
            appendJSON(batch, row: row, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Appends the names of the columns as a line of CSV.
    package func appendCSVHeader(_ schema: ArrowSchema, to bytes: inout [UInt8]) {
        appendCSV(schema.fields.map(\.name), to: &bytes)
    }

    /// Appends all rows as lines of CSV (RFC 4180 with line feeds): a null is an empty field, an empty text `""`, lists,
    /// maps and structures are JSON, binary is base64.
    package func appendCSV(_ batch: ArrowBatch, to bytes: inout [UInt8]) {
        for row in 0..<batch.rowCount { appendCSV(batch.columns.map { csv($0.value(at: row)) }, to: &bytes) }
    }

    private func csv(_ value: ArrowValue) -> String? {
        switch value {
        case .null: return nil
        case .list, .structure, .map:
            var json = [UInt8]()
            appendJSON(value, to: &json)
            return String(decoding: json, as: UTF8.self)
        case .binary(let bytes): return Data(bytes).base64EncodedString()
        default: return text(value)
        }
    }

    private func appendCSV(_ fields: [String?], to bytes: inout [UInt8]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            guard let field else { continue }
            let isPlain = !field.isEmpty && !field.utf8.contains { Self.csvSpecial.contains($0) }
            if isPlain {
                bytes += field.utf8
            } else {
                bytes.append(UInt8(ascii: "\""))
                for byte in field.utf8 { bytes += byte == UInt8(ascii: "\"") ? [byte, byte] : [byte] }
                bytes.append(UInt8(ascii: "\""))
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static let csvSpecial = Array(",\"\r\n".utf8)
}
