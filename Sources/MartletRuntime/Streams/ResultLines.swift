import Foundation
import MartletCore

/// Results as lines of CSV (RFC 4180) or JSON.
struct ResultLines: Sendable {
    private let shape: ResultShape
    private let format: FileResultStore.Format
    private let json: ResultJSON

    init(shape: ResultShape, format: FileResultStore.Format) {
        self.shape = shape
        self.format = format
        json = ResultJSON(shape)
    }

    /// The line of names; empty for JSON.
    var header: [UInt8] {
        guard format == .csv else { return [] }
        let values = shape.values.map(\.name)
        let names =
            shape.hasWindows
            ? shape.key.map(\.name) + ["window_start", "window_end"] + values + ["pane"] : values + ["_time"]
        var bytes = [UInt8]()
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(44) }
            Self.append(name, to: &bytes)
        }
        return bytes + [10]
    }

    func append(_ pane: Pane, to bytes: inout [UInt8]) {
        switch format {
        case .json: json.append(pane, to: &bytes)
        case .csv:
            for value in pane.key { append(value, to: &bytes) }
            bytes.append(contentsOf: shape.windowText.text(pane.window.start).utf8)
            bytes.append(44)
            bytes.append(contentsOf: shape.windowText.text(pane.window.end).utf8)
            bytes.append(44)
            for value in pane.values { append(value, to: &bytes) }
            bytes.append(contentsOf: String(pane.index).utf8)
        }
        bytes.append(10)
    }

    func append(_ row: StreamRow, to bytes: inout [UInt8]) {
        switch format {
        case .json: json.append(row, to: &bytes)
        case .csv:
            for value in row.values { append(value, to: &bytes) }
            bytes.append(contentsOf: StreamTimeText().text(row.time).utf8)
        }
        bytes.append(10)
    }

    /// Bytes that are no text are written in base 64.
    private struct Rejected: Encodable {
        var topic: String
        var partition: Int32
        var offset: Int64
        var reason: String
        var detail: String
        var timestamp: Int64
        var key: String?
        var value: String?
        var keyBase64: String?
        var valueBase64: String?
    }

    func append(_ event: RejectedEvent, to bytes: inout [UInt8]) {
        let key = event.key.flatMap { String(validating: $0, as: UTF8.self) }
        let value = event.value.flatMap { String(validating: $0, as: UTF8.self) }
        let line = Rejected(
            topic: event.partition.topic,
            partition: event.partition.partition,
            offset: event.offset,
            reason: event.reason,
            detail: event.detail,
            timestamp: event.timestamp,
            key: key,
            value: value,
            keyBase64: key == nil ? event.key.map { Data($0).base64EncodedString() } : nil,
            valueBase64: value == nil ? event.value.map { Data($0).base64EncodedString() } : nil
        )
        bytes.append(contentsOf: JSONText.encode(line).utf8)
        bytes.append(10)
    }

    /// Appends a value and a comma; null is nothing, and an empty text is two quotes.
    private func append(_ value: StreamValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: break
        case .text(let text): Self.append(text, to: &bytes)
        case .double(let number): bytes.append(contentsOf: "\(number)".utf8)
        case .timestamp(let time): bytes.append(contentsOf: StreamTimeText().text(time).utf8)
        default: json.append(value, to: &bytes)
        }
        bytes.append(44)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        guard text.isEmpty || text.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else {
            return bytes.append(contentsOf: text.utf8)
        }
        bytes.append(34)
        for byte in text.utf8 {
            if byte == 34 { bytes.append(34) }
            bytes.append(byte)
        }
        bytes.append(34)
    }
}
