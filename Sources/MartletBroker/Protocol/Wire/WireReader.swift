import MartletCore

/// Reads the fields of one message from a frame.
///
/// Every length is checked against what is left before anything is read or allocated; no input traps. Fields come in
/// the two encodings of the protocol: with lengths of 16 or 32 bits, or, in flexible versions (KIP-482), with
/// variable-length ones plus a section of tagged fields at the end of every structure. Numbers are big-endian.
struct WireReader: Sendable {
    /// The frame without its length.
    let bytes: ArraySlice<UInt8>
    /// The index in ``bytes`` of the next byte.
    private(set) var position: Int
    /// Whether lengths are variable and structures end in tagged fields.
    var isFlexible = false
    private var elementsLeft = Limits.wireElements

    /// Reads `bytes` from their start.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Reads `bytes` from their start.
    init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// How many bytes are left.
    var remaining: Int { bytes.endIndex - position }

    /// How many bytes have been read.
    var offset: Int { position - bytes.startIndex }

    private func error(_ reason: WireError.Reason) -> WireError { WireError(reason: reason, offset: offset) }

    @inline(__always)
    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(WireError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw error(.truncated(needed: size, available: remaining)) }
        let start = offset
        position += size
        return T(bigEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: T.self) })
    }

    /// The next `count` bytes, without a copy.
    private mutating func slice(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw error(.truncated(needed: count, available: remaining)) }
        let start = position
        position += count
        return bytes[start..<position]
    }
}

// Numbers.
extension WireReader {
    /// One byte, zero for false and anything else for true.
    mutating func bool() throws(WireError) -> Bool { try integer(UInt8.self) != 0 }

    /// One byte with a sign.
    mutating func int8() throws(WireError) -> Int8 { try integer(Int8.self) }

    /// Two bytes.
    mutating func int16() throws(WireError) -> Int16 { try integer(Int16.self) }

    /// Four bytes.
    mutating func int32() throws(WireError) -> Int32 { try integer(Int32.self) }

    /// Eight bytes.
    mutating func int64() throws(WireError) -> Int64 { try integer(Int64.self) }

    /// A number of up to 32 bits, seven to a byte, the lowest first; a set top bit means that more follow.
    mutating func unsignedVarint() throws(WireError) -> Int {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            let byte = try integer(UInt8.self)
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else {
                guard value <= UInt64(UInt32.max) else { throw WireError(reason: .varintTooLong, offset: start) }
                return Int(value)
            }
        }
        throw WireError(reason: .varintTooLong, offset: start)
    }

    /// A UUID: sixteen bytes.
    mutating func topicID() throws(WireError) -> TopicID {
        TopicID(high: try integer(UInt64.self), low: try integer(UInt64.self))
    }

    /// An error code; one that is not known reads as ``KafkaError/unknownServerError``, as clients take it.
    mutating func error() throws(WireError) -> KafkaError {
        KafkaError(rawValue: try int16()) ?? .unknownServerError
    }
}

// Strings and bytes.
extension WireReader {
    /// The length or count in front of a field: 16 or 32 bits, or variable and one more; nil for null.
    private mutating func length<T: FixedWidthInteger>(_ fixed: T.Type) throws(WireError) -> Int? {
        let start = offset
        let length = isFlexible ? try unsignedVarint() - 1 : Int(try integer(fixed))
        guard length >= -1 else { throw WireError(reason: .negativeLength(length), offset: start) }
        return length == -1 ? nil : length
    }

    /// UTF-8; what is not valid becomes U+FFFD, as in Kafka.
    private mutating func text(_ count: Int) throws(WireError) -> String {
        guard count <= Limits.wireStringBytes else { throw error(.stringTooLong(count)) }
        return String(decoding: try slice(count), as: UTF8.self)
    }

    /// A string that may be null.
    mutating func nullableString() throws(WireError) -> String? {
        guard let count = try length(Int16.self) else { return nil }
        return try text(count)
    }

    /// A string that may not be null.
    mutating func string() throws(WireError) -> String {
        let start = offset
        guard let string = try nullableString() else { throw WireError(reason: .null, offset: start) }
        return string
    }

    /// A string with a 16-bit length whatever the version, as the client id in every request header.
    mutating func headerString() throws(WireError) -> String? {
        let wasFlexible = isFlexible
        isFlexible = false
        defer { isFlexible = wasFlexible }
        return try nullableString()
    }

    /// Records, or null: a part of the frame, not a copy of it.
    mutating func records() throws(WireError) -> ArraySlice<UInt8>? {
        guard let count = try length(Int32.self) else { return nil }
        return try slice(count)
    }

    /// Bytes that may not be null, copied so that they do not keep the frame alive.
    mutating func data() throws(WireError) -> [UInt8] {
        let start = offset
        guard let bytes = try records() else { throw WireError(reason: .null, offset: start) }
        return Array(bytes)
    }
}

// Structures.
extension WireReader {
    /// An array that may be null.
    mutating func nullableArray<Element: WireElement>(_ version: Int16) throws(WireError) -> [Element]? {
        let start = offset
        guard let count = try length(Int32.self) else { return nil }
        // Every element takes at least one byte.
        guard count <= remaining, count <= elementsLeft else {
            throw WireError(reason: .tooManyElements(count), offset: start)
        }
        elementsLeft -= count
        var elements: [Element] = []
        elements.reserveCapacity(min(count, Limits.wireReservedElements))
        for _ in 0..<count { elements.append(try Element(from: &self, version: version)) }
        return elements
    }

    /// An array that may not be null.
    mutating func array<Element: WireElement>(_ version: Int16) throws(WireError) -> [Element] {
        let start = offset
        guard let elements: [Element] = try nullableArray(version) else {
            throw WireError(reason: .null, offset: start)
        }
        return elements
    }

    /// The tagged fields that end a structure in flexible versions; all of them are skipped.
    mutating func skipTags() throws(WireError) {
        guard isFlexible else { return }
        let start = offset
        let count = try unsignedVarint()
        guard count <= remaining else { throw WireError(reason: .tooManyElements(count), offset: start) }
        for _ in 0..<count {
            _ = try unsignedVarint()
            let size = try unsignedVarint()
            _ = try slice(size)
        }
    }
}
