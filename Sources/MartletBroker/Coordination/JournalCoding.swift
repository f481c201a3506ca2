import MartletCore

internal import MartletCore

/// Why bytes are no record.
struct MalformedRecord: Error, Hashable {
    /// What is wrong with them.
    var reason: String

    /// Bytes that say something impossible.
    init(_ reason: String) { self.reason = reason }
}

/// Writes the parts of a record: numbers as LEB128, with zigzag where they may be negative; texts and bytes after their
/// length.
struct JournalWriter {
    /// What is written so far.
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func count(_ value: Int) { unsigned(UInt64(max(0, value))) }

    mutating func number(_ value: some SignedInteger & FixedWidthInteger) {
        let wide = Int64(value)
        unsigned(UInt64(bitPattern: wide << 1 ^ wide >> 63))
    }

    private mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func data(_ value: [UInt8]) {
        count(value.count)
        bytes += value
    }

    mutating func text(_ value: String) {
        count(value.utf8.count)
        bytes += value.utf8
    }

    /// 0 for nil, else 1 and the value.
    mutating func optional<Value>(_ value: Value?, _ write: (inout JournalWriter, Value) -> Void) {
        flag(value != nil)
        if let value { write(&self, value) }
    }

    mutating func list<Value>(_ values: [Value], _ write: (inout JournalWriter, Value) -> Void) {
        count(values.count)
        for value in values { write(&self, value) }
    }

    mutating func partition(_ value: TopicPartition) {
        text(value.topic)
        number(value.partition)
    }
}

/// Reads the parts of a record; whatever the bytes are, it throws rather than traps.
struct JournalReader {
    private var rest: ArraySlice<UInt8>

    /// Reads `bytes` from their start.
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func byte() throws(MalformedRecord) -> UInt8 {
        guard let value = rest.popFirst() else { throw MalformedRecord("it ends too early") }
        return value
    }

    mutating func flag() throws(MalformedRecord) -> Bool {
        let value = try byte()
        guard value < 2 else { throw MalformedRecord("a flag is neither 0 nor 1") }
        return value == 1
    }

    private mutating func unsigned() throws(MalformedRecord) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let byte = try byte()
            guard shift < 63 || byte < 2 else { break }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw MalformedRecord("a number is too large")
    }

    mutating func number<Value: SignedInteger & FixedWidthInteger>() throws(MalformedRecord) -> Value {
        let raw = try unsigned()
        guard let value = Value(exactly: Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)) else {
            throw MalformedRecord("a number is out of its range")
        }
        return value
    }

    /// A number of things of at least a byte each, so that no more are promised than can follow.
    mutating func count() throws(MalformedRecord) -> Int {
        let value = try unsigned()
        guard value <= UInt64(rest.count) else { throw MalformedRecord("it ends too early") }
        return Int(value)
    }

    mutating func data() throws(MalformedRecord) -> [UInt8] {
        let count = try count()
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func text() throws(MalformedRecord) -> String {
        let count = try count()
        guard let text = String(validating: rest.prefix(count), as: UTF8.self) else {
            throw MalformedRecord("a text is not UTF-8")
        }
        rest = rest.dropFirst(count)
        return text
    }

    mutating func optional<Value>(
        _ read: (inout JournalReader) throws(MalformedRecord) -> Value
    ) throws(MalformedRecord) -> Value? {
        try flag() ? try read(&self) : nil
    }

    mutating func list<Value>(
        _ read: (inout JournalReader) throws(MalformedRecord) -> Value
    ) throws(MalformedRecord) -> [Value] {
        var values: [Value] = []
        for _ in 0..<(try count()) { values.append(try read(&self)) }
        return values
    }

    mutating func partition() throws(MalformedRecord) -> TopicPartition {
        TopicPartition(try text(), try number())
    }

    /// Nothing may follow.
    func end() throws(MalformedRecord) {
        guard rest.isEmpty else { throw MalformedRecord("bytes follow its end") }
    }
}
