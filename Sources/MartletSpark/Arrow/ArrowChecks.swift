/// Checks of whole buffers, in loops that the compiler turns into vector instructions.
enum ArrowChecks {
    /// How many of the first `count` bits are set; the bytes hold as many.
    static func setBits(_ bytes: UnsafeRawBufferPointer, count: Int) -> Int {
        let whole = count / 64
        var total = 0
        for index in 0..<whole {
            total += bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self).nonzeroBitCount
        }
        for bit in (whole * 64)..<count where bytes[bit >> 3] & (1 << UInt8(bit & 7)) != 0 { total += 1 }
        return total
    }

    /// The last of `length` + 1 offsets if they begin at 0 or above and never fall; nil if not.
    ///
    /// The bytes begin at a multiple of 8.
    static func lastOffset<Offset: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer,
        _ length: Int,
        as type: Offset.Type
    ) -> Int? {
        guard bytes.count / MemoryLayout<Offset>.size > length, let base = bytes.baseAddress else { return nil }
        let offsets = base.assumingMemoryBound(to: Offset.self)
        guard offsets[0] >= 0 else { return nil }
        var falls: Offset = 0
        var index = 0
        while index < length {
            // A mark and no branch, so that the loop has no early end.
            falls |= offsets[index &+ 1] < offsets[index] ? 1 : 0
            index &+= 1
        }
        return falls == 0 ? Int(exactly: offsets[length]) : nil
    }

    /// Whether all bytes are ASCII.
    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let step = 64
        var position = 0
        var seen: UInt64 = 0
        while position + step <= bytes.count {
            for word in 0..<8 {
                seen |= bytes.loadUnaligned(fromByteOffset: position &+ word &* 8, as: UInt64.self)
            }
            if seen & 0x8080_8080_8080_8080 != 0 { return false }
            position += step
        }
        while position < bytes.count {
            if bytes[position] >= 0x80 { return false }
            position += 1
        }
        return true
    }

    /// Whether the bytes are UTF-8 (RFC 3629, section 4).
    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        let count = bytes.count
        while position < count {
            let first = bytes[position]
            if first < 0x80 {
                position += 1
                continue
            }
            // The length of the sequence, and the range of its second byte.
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch first {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return false
            }
            guard count - position >= length, second.contains(bytes[position + 1]) else { return false }
            for index in 2..<max(length, 2) where bytes[position + index] & 0xC0 != 0x80 { return false }
            position += length
        }
        return true
    }
}
