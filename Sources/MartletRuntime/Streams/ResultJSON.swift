import MartletCore

/// Writes results as JSON (RFC 8259), straight into bytes.
struct ResultJSON: Sendable {
    private let shape: ResultShape
    private let valueText = StreamTimeText()
    /// The names with their quotes and colons.
    private let keyNames: [[UInt8]]
    private let valueNames: [[UInt8]]

    init(_ shape: ResultShape) {
        self.shape = shape
        keyNames = shape.key.map { Self.name($0.name) }
        valueNames = shape.values.map { Self.name($0.name) }
    }

    private static func name(_ text: String) -> [UInt8] {
        var bytes = [UInt8]()
        append(text, to: &bytes)
        bytes.append(58)
        return bytes
    }

    /// Appends a pane: key, window, values and which pane of its window it is.
    func append(_ pane: Pane, to bytes: inout [UInt8]) {
        bytes.append(123)
        for (name, value) in zip(keyNames, pane.key) {
            bytes.append(contentsOf: name)
            append(value, to: &bytes)
            bytes.append(44)
        }
        bytes.append(contentsOf: "\"window_start\":\"".utf8)
        bytes.append(contentsOf: shape.windowText.text(pane.window.start).utf8)
        bytes.append(contentsOf: "\",\"window_end\":\"".utf8)
        bytes.append(contentsOf: shape.windowText.text(pane.window.end).utf8)
        bytes.append(contentsOf: "\",".utf8)
        for (name, value) in zip(valueNames, pane.values) {
            bytes.append(contentsOf: name)
            append(value, to: &bytes)
            bytes.append(44)
        }
        bytes.append(contentsOf: "\"pane\":\(pane.index)}".utf8)
    }

    /// Appends a record with its time.
    func append(_ row: StreamRow, to bytes: inout [UInt8]) {
        bytes.append(123)
        for (name, value) in zip(valueNames, row.values) {
            bytes.append(contentsOf: name)
            append(value, to: &bytes)
            bytes.append(44)
        }
        bytes.append(contentsOf: "\"_time\":\"\(valueText.text(row.time))\"}".utf8)
    }

    /// Appends what tells a pane from others: its key and the start of its window, as a JSON array.
    ///
    /// A session that grows keeps neither bound, so both are in it.
    func appendKey(_ pane: Pane, to bytes: inout [UInt8]) {
        bytes.append(91)
        for value in pane.key {
            append(value, to: &bytes)
            bytes.append(44)
        }
        bytes.append(contentsOf: "\"\(shape.windowText.text(pane.window.start))\",".utf8)
        bytes.append(contentsOf: "\"\(shape.windowText.text(pane.window.end))\"]".utf8)
    }

    /// Appends a value; what JSON has no number for is null.
    func append(_ value: StreamValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .double(let number): bytes.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
        case .boolean(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .timestamp(let time): Self.append(valueText.text(time), to: &bytes)
        case .text(let text): Self.append(text, to: &bytes)
        }
    }

    /// Appends a text in quotes.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(34)
        for byte in text.utf8 {
            switch byte {
            case 34, 92: bytes.append(contentsOf: [92, byte])
            case 10: bytes.append(contentsOf: "\\n".utf8)
            case 13: bytes.append(contentsOf: "\\r".utf8)
            case 9: bytes.append(contentsOf: "\\t".utf8)
            case 0..<32:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append("0123456789abcdef".utf8.dropFirst(Int(byte >> 4)).first ?? 48)
                bytes.append("0123456789abcdef".utf8.dropFirst(Int(byte & 15)).first ?? 48)
            default: bytes.append(byte)
            }
        }
        bytes.append(34)
    }
}
