package import MartletCore

/// Why the bytes of a snapshot cannot be read.
package struct SnapshotFault: Error, Hashable, Sendable {
    /// What is wrong.
    package let reason: String
    /// Where, in bytes from the start.
    package let offset: Int
}

/// Reads what ``ByteWriter`` wrote, and never beyond the end.
package struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private let end: Int
    /// Where the next value starts.
    package private(set) var offset: Int

    /// Reads from `bytes[start..<end]`.
    package init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.end = min(max(0, end ?? bytes.count), bytes.count)
        offset = min(max(0, start), self.end)
    }

    /// How many bytes are left.
    package var remaining: Int { end - offset }

    /// A fault at this place.
    package func fault(_ reason: String) -> SnapshotFault { SnapshotFault(reason: reason, offset: offset) }

    /// Reads a fixed-width number.
    ///
    /// - Throws: ``SnapshotFault`` when the bytes end before it does.
    package mutating func read<Number: FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(SnapshotFault)
        -> Number
    {
        let size = MemoryLayout<Number>.size
        guard remaining >= size else { throw fault("the snapshot ends inside a number") }
        var value = Number.zero
        // Copied byte for byte, as nothing is aligned.
        withUnsafeMutableBytes(of: &value) { target in
            bytes.withUnsafeBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + size]))
            }
        }
        offset += size
        return Number(littleEndian: value)
    }

    /// Reads a floating-point number.
    ///
    /// - Throws: ``SnapshotFault`` when the bytes end before it does.
    package mutating func readDouble() throws(SnapshotFault) -> Double { Double(bitPattern: try read()) }

    /// Reads a truth value.
    ///
    /// - Throws: ``SnapshotFault`` when it is neither 0 nor 1.
    package mutating func readTruth() throws(SnapshotFault) -> Bool {
        let byte: UInt8 = try read()
        guard byte <= 1 else { throw fault("\(byte) is not a truth value") }
        return byte == 1
    }

    /// Reads a number of things that need at least `width` bytes each.
    ///
    /// - Throws: ``SnapshotFault`` when so many cannot follow, so that nothing is allocated for them.
    package mutating func readCount(width: Int = 1) throws(SnapshotFault) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte: UInt8 = try read()
            guard shift < 56 else { throw fault("a length is out of range") }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        guard value <= UInt64(remaining / max(1, width)) else {
            throw fault("the snapshot tells of \(value) entries and has \(remaining) bytes left")
        }
        return Int(value)
    }

    /// Reads bytes with their length before them.
    ///
    /// - Throws: ``SnapshotFault`` when there are fewer.
    package mutating func readCounted() throws(SnapshotFault) -> ArraySlice<UInt8> {
        try readRaw(try readCount())
    }

    /// Reads so many bytes.
    ///
    /// - Throws: ``SnapshotFault`` when there are fewer.
    package mutating func readRaw(_ count: Int) throws(SnapshotFault) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw fault("the snapshot ends inside \(count) bytes") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// Reads a value with its type.
    ///
    /// - Throws: ``SnapshotFault`` when there is no such type.
    package mutating func readValue() throws(SnapshotFault) -> StreamValue {
        let tag: UInt8 = try read()
        switch tag {
        case 0: return .null
        case 1: return .integer(try read())
        case 2: return .double(try readDouble())
        case 3: return .text(String(decoding: try readCounted(), as: UTF8.self))
        case 4: return .boolean(false)
        case 5: return .boolean(true)
        case 6: return .timestamp(try read())
        default: throw fault("\(tag) is not a type of value")
        }
    }

    /// Reads values with their number before them.
    ///
    /// - Throws: ``SnapshotFault`` when one of them is broken.
    package mutating func readValues() throws(SnapshotFault) -> [StreamValue] {
        var values = [StreamValue]()
        for _ in 0..<(try readCount()) { values.append(try readValue()) }
        return values
    }

    /// Reads so many fixed-width numbers.
    ///
    /// - Throws: ``SnapshotFault`` when there are fewer.
    mutating func readNumbers<Number: FixedWidthInteger>(
        _ count: Int,
        of: Number.Type = Number.self
    )
        throws(SnapshotFault) -> [Number]
    {
        guard count <= remaining / MemoryLayout<Number>.size else { throw fault("the snapshot ends inside numbers") }
        var numbers = [Number]()
        numbers.reserveCapacity(count)
        for _ in 0..<count { numbers.append(try read()) }
        return numbers
    }
}
