internal import MartletCore

/// How a record stands in the journal.
///
/// | Bytes | Content |
/// |---|---|
/// | 4 | number of bytes of the content |
/// | 4 | CRC-32C of all that follows |
/// | 8 | the bytes of the file that were durable when this was written |
/// | rest | the content |
///
/// Numbers are little-endian. The third field tells a torn end from damage: a disk may keep later parts of what was
/// never made durable and lose earlier ones, but a record that says that a bad place was durable proves it damaged.
struct JournalFrame {
    /// The bytes before the content.
    static let headBytes = 16
    /// Bytes behind a bad place in which a whole record is looked for.
    private static let searchBytes = 64 << 10

    /// What was durable when it was written.
    let durable: Int
    /// The record.
    let content: ArraySlice<UInt8>

    /// Reads the frame at a position; nil when there is no whole one.
    init?(_ bytes: [UInt8], at position: Int) {
        let frame = bytes.withUnsafeBytes { Self.find(in: $0, at: position) }
        guard let frame else { return nil }
        durable = frame.durable
        content = bytes[frame.content]
    }

    private static func find(
        in bytes: UnsafeRawBufferPointer,
        at position: Int
    ) -> (durable: Int, content: Range<Int>)? {
        guard position >= 0, bytes.count - position > headBytes else { return nil }
        let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
        let start = position + headBytes
        guard count > 0, count <= Limits.coordinatorRecordBytes, count <= bytes.count - start else { return nil }
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
        let guarded = UnsafeRawBufferPointer(rebasing: bytes[position + 8..<start + count])
        guard JournalChecksum.of(guarded) == checksum else { return nil }
        let durable = UInt64(littleEndian: guarded.loadUnaligned(as: UInt64.self))
        // A number that does not fit is none of ours.
        return (Int(clamping: durable), start..<start + count)
    }

    /// Adds a frame.
    static func append(_ content: [UInt8], durable: Int, to bytes: inout [UInt8]) {
        var rest: [UInt8] = []
        withUnsafeBytes(of: UInt64(durable).littleEndian) { rest += $0 }
        rest += content
        withUnsafeBytes(of: UInt32(content.count).littleEndian) { bytes += $0 }
        withUnsafeBytes(of: JournalChecksum.of(rest).littleEndian) { bytes += $0 }
        bytes += rest
    }

    /// Whether a later record says that the bytes at a position, which are no record, were durable.
    static func wasDurable(_ bytes: [UInt8], at position: Int) -> Bool {
        guard position < bytes.count else { return false }
        let end = min(position + searchBytes, bytes.count)
        return bytes.withUnsafeBytes { bytes in
            (position + 1..<end + 1).contains { later in
                guard let frame = find(in: bytes, at: later) else { return false }
                return frame.durable > position && frame.durable <= later
            }
        }
    }
}
