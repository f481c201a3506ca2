import MartletCore

/// Writes the fields of one message into a frame; the counterpart of ``WireReader``.
///
/// Sections of tagged fields are always empty: librdkafka before 2.2 misreads those it does not know. Large records
/// are not copied; ``pieces`` gives the frame with them in their places.
struct WireWriter: Sendable {
    /// What has been written, without the records that lie elsewhere.
    private(set) var bytes: [UInt8]
    /// Whether lengths are variable and structures end in tagged fields.
    var isFlexible = false
    /// Whether large records in memory are sent from where they lie.
    var splicesRecords: Bool
    private var splices: [Splice] = []
    private var splicedBytes = 0

    private struct Splice {
        /// Where in ``bytes`` it belongs.
        var position: Int
        var records: WireRecords
    }

    /// A writer with room for `capacity` bytes.
    init(capacity: Int = 256, splicesRecords: Bool = false) {
        bytes = []
        bytes.reserveCapacity(capacity)
        self.splicesRecords = splicesRecords
    }

    /// How many bytes the frame has, those that lie elsewhere included.
    var count: Int { bytes.count + splicedBytes }

    /// Adds what a number consists of.
    @inline(__always)
    private mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Overwrites four bytes that were written before; does nothing when there are none.
    mutating func patch(_ value: Int32, at position: Int) {
        guard position >= 0, position <= bytes.count - 4 else { return }
        withUnsafeBytes(of: value.bigEndian) { new in
            for (index, byte) in new.enumerated() { bytes[position + index] = byte }
        }
    }
}

// Numbers.
extension WireWriter {
    /// One byte.
    mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// One byte with a sign.
    mutating func int8(_ value: Int8) { bytes.append(UInt8(bitPattern: value)) }

    /// Two bytes.
    mutating func int16(_ value: Int16) { append(value) }

    /// Four bytes.
    mutating func int32(_ value: Int32) { append(value) }

    /// Eight bytes.
    mutating func int64(_ value: Int64) { append(value) }

    /// Seven bits to a byte, the lowest first.
    mutating func unsignedVarint(_ value: Int) {
        var rest = UInt32(clamping: value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Sixteen bytes.
    mutating func topicID(_ value: TopicID) {
        append(value.high)
        append(value.low)
    }

    /// The code of an error.
    mutating func error(_ value: KafkaError) { append(value.rawValue) }
}

// Strings and bytes.
extension WireWriter {
    /// A length or count, or null.
    private mutating func length<T: FixedWidthInteger>(_ count: Int?, _ fixed: T.Type) {
        if isFlexible { unsignedVarint((count ?? -1) + 1) } else { append(T(clamping: count ?? -1)) }
    }

    /// A string or null.
    ///
    /// What goes beyond ``Limits/wireStringBytes`` is cut off.
    mutating func nullableString(_ value: String?) {
        guard let value else { return length(nil, Int16.self) }
        let text = value.utf8
        guard text.count > Limits.wireStringBytes else {
            length(text.count, Int16.self)
            bytes.append(contentsOf: text)
            return
        }
        var end = text.index(text.startIndex, offsetBy: Limits.wireStringBytes)
        // Back to the first byte of a character.
        while end > text.startIndex, text[end] & 0xC0 == 0x80 { end = text.index(before: end) }
        let kept = text[..<end]
        length(kept.count, Int16.self)
        bytes.append(contentsOf: kept)
    }

    /// A string.
    mutating func string(_ value: String) { nullableString(value) }

    /// A string where some versions have no null: those get an empty one.
    mutating func string(_ value: String?, isNullable: Bool) {
        nullableString(isNullable ? value : value ?? "")
    }

    /// A string with a 16-bit length whatever the version.
    mutating func headerString(_ value: String?) {
        let wasFlexible = isFlexible
        isFlexible = false
        nullableString(value)
        isFlexible = wasFlexible
    }

    /// Bytes.
    mutating func data(_ value: [UInt8]) {
        length(value.count, Int32.self)
        bytes.append(contentsOf: value)
    }

    /// Records in memory, or null.
    mutating func records(_ value: ArraySlice<UInt8>?) { records(value.map(WireRecords.memory)) }

    /// Records, or null; large ones and those that lie elsewhere are not copied.
    mutating func records(_ value: WireRecords?) {
        length(value?.count, Int32.self)
        switch value {
        case nil: break
        case .memory(let records) where !splicesRecords || records.count < Limits.wireSpliceBytes:
            bytes.append(contentsOf: records)
        case .some(let records):
            splices.append(Splice(position: bytes.count, records: records))
            splicedBytes += records.count
        }
    }
}

// Structures.
extension WireWriter {
    /// An array or null.
    mutating func nullableArray<Element: WireElement>(_ elements: [Element]?, _ version: Int16) {
        length(elements?.count, Int32.self)
        for element in elements ?? [] { element.write(to: &self, version: version) }
    }

    /// An array.
    mutating func array<Element: WireElement>(_ elements: [Element], _ version: Int16) {
        nullableArray(elements, version)
    }

    /// The end of a structure: no tagged fields.
    mutating func endTags() {
        if isFlexible { bytes.append(0) }
    }
}

// The frame.
extension WireWriter {
    /// What was written, in order: bytes, and the records between them.
    var pieces: [WireRecords] {
        guard !splices.isEmpty else { return [.memory(bytes[...])] }
        var pieces: [WireRecords] = []
        pieces.reserveCapacity(splices.count * 2 + 1)
        var start = 0
        for splice in splices {
            if start < splice.position { pieces.append(.memory(bytes[start..<splice.position])) }
            pieces.append(splice.records)
            start = splice.position
        }
        if start < bytes.count { pieces.append(.memory(bytes[start...])) }
        return pieces
    }
}
