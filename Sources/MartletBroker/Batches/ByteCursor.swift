/// Reads bytes from front to back, and says nil when there are not enough.
struct ByteCursor {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    @inline(__always) var remaining: Int { bytes.count - position }

    @inline(__always)
    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        position += count
        return true
    }

    @inline(__always)
    mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        let start = position
        return skip(count) ? bytes.slice(start, position) : nil
    }

    @inline(__always)
    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
        let start = position
        return skip(MemoryLayout<Number>.size) ? bytes.number(at: start) : nil
    }

    /// A zigzag varint of at most 32 bits.
    @inline(__always)
    mutating func varint() -> Int? {
        guard let value = varlong(), let narrow = Int32(exactly: value) else { return nil }
        return Int(narrow)
    }

    /// A zigzag varint of at most 64 bits.
    @inline(__always)
    mutating func varlong() -> Int64? {
        guard position < bytes.count else { return nil }
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            return Self.signed(UInt64(first))
        }
        // Lengths and times of most records take two bytes.
        if position + 1 < bytes.count, bytes[position + 1] < 0x80 {
            let second = bytes[position + 1]
            position += 2
            return Self.signed(UInt64(first & 0x7f) | UInt64(second) << 7)
        }
        return longVarlong()
    }

    private mutating func longVarlong() -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            // The tenth byte has one bit left.
            guard shift < 63 || byte < 2 else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return Self.signed(value) }
            shift += 7
        }
        return nil
    }

    /// Bytes after their length, of which -1 says that they are null.
    ///
    /// False when they are cut.
    @inline(__always)
    mutating func nullable(_ result: inout UnsafeRawBufferPointer?) -> Bool {
        guard let length = varint(), length >= -1 else { return false }
        guard length >= 0 else {
            result = nil
            return true
        }
        result = bytes(length)
        return result != nil
    }

    @inline(__always)
    private static func signed(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
