import MartletCore

/// What is said to a scoring program and what it answers: one line of JSON an event, each way.
enum ScorerLines {
    /// Adds the line for an event: key, value, topic, partition, offset, timestamp.
    ///
    /// A value that is JSON stands there as it is, with blanks for its line breaks; any other is a text. What is not
    /// UTF-8 is repaired.
    static func append(_ event: ScoredInput, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"key":"#.utf8)
        if let key = event.key { appendText(key, to: &bytes) } else { bytes.append(contentsOf: "null".utf8) }
        bytes.append(contentsOf: #","value":"#.utf8)
        if JSONScan.isValue(event.value) {
            // In JSON a bare line break is white space: inside strings it would have to be escaped.
            for byte in event.value { bytes.append(byte == 0x0a || byte == 0x0d ? 0x20 : byte) }
        } else {
            appendText(event.value, to: &bytes)
        }
        bytes.append(contentsOf: #","topic":"#.utf8)
        appendText(Array(event.partition.topic.utf8), to: &bytes)
        bytes.append(
            contentsOf: #","partition":\#(event.partition.partition),"offset":\#(event.offset)"#.utf8
        )
        bytes.append(contentsOf: #","timestamp":\#(event.timestamp)}"#.utf8)
        bytes.append(0x0a)
    }

    /// What a line says; nil when it is not JSON.
    ///
    /// An object with the one member `error` is a failure of the event; any other value is its score.
    static func answer(_ line: UnsafeRawBufferPointer) -> ScoreAnswer? {
        guard JSONScan.isValue(line) else { return nil }
        var trimmed = line[...]
        while let first = trimmed.first, isSpace(first) { trimmed.removeFirst() }
        while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
        let bytes = Array(trimmed)
        // Only what begins like such an object is taken apart.
        if bytes.first == UInt8(ascii: "{"), bytes.dropFirst().drop(while: isSpace).starts(with: #""error""#.utf8),
            case .object(let members)? = JSONValue(checkedText: String(decoding: bytes, as: UTF8.self)),
            members.count == 1, let error = members["error"]
        {
            return .failed(error.displayText)
        }
        return .json(bytes)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a }

    private static func appendText(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in String(decoding: text, as: UTF8.self).utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x0a: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0d: bytes.append(contentsOf: #"\r"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20: bytes.append(contentsOf: (byte < 16 ? #"\u000"# : #"\u00"#).utf8 + hex(byte))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hex(_ byte: UInt8) -> [UInt8] { Array(String(byte, radix: 16).utf8) }
}
