/// Finds where a file is cut into chunks: by its content, so that bytes put in somewhere move the cuts along with what
/// follows them.
///
/// A hash of the last 64 bytes (a gear hash: shift, and add a number that stands for the byte) tells where a chunk ends.
/// Up to the target length few hashes do, beyond it many, which brings lengths together (normalised chunking, Xia et al.,
/// USENIX ATC 2016). Bytes may be given in pieces of any length.
public struct Chunker: Sendable {
    /// Shortest chunk but for a file's last.
    public static let leastBytes = 8 << 10
    /// Length from which on a chunk ends at the next chance.
    public static let targetBytes = 32 << 10
    /// Longest chunk.
    public static let mostBytes = 128 << 10
    /// How many bytes decide: a byte is shifted out of a hash of 64 bits after as many steps.
    static let windowBytes = 64

    // The high bits depend on the whole window, the low ones only on its last bytes.
    private static let strictMask: UInt64 = ~0 << (64 - 17)
    private static let easyMask: UInt64 = ~0 << (64 - 13)

    private var hash: UInt64 = 0
    /// How many bytes the chunk has so far.
    private var length = 0

    /// Begins at the start of a file.
    public init() {}

    /// Looks through the bytes that come next.
    ///
    /// - Returns: how many of them belong to the current chunk, which ends there, and the next call begins with the byte
    ///   behind; nil when all of them do and the chunk goes on.
    public mutating func cut(in bytes: UnsafeRawBufferPointer) -> Int? {
        // No hash is needed where no chunk may end; it begins early enough to have a full window there.
        var position = min(max(Self.leastBytes - Self.windowBytes - length, 0), bytes.count)
        let isCut = GearTable.numbers.withUnsafeBufferPointer { gear in
            position = passed(Self.leastBytes - 1, from: position, bytes, gear)
            return ends(before: Self.targetBytes, mask: Self.strictMask, from: &position, bytes, gear)
                || ends(before: Self.mostBytes, mask: Self.easyMask, from: &position, bytes, gear)
        }
        if isCut || length + position == Self.mostBytes {
            hash = 0
            length = 0
            return position
        }
        length += bytes.count
        return nil
    }

    /// Takes bytes into the hash until the chunk has `limit` bytes.
    private mutating func passed(
        _ limit: Int,
        from start: Int,
        _ bytes: UnsafeRawBufferPointer,
        _ gear: UnsafeBufferPointer<UInt64>
    ) -> Int {
        let end = min(limit - length, bytes.count)
        guard start < end else { return start }
        for index in start..<end { hash = (hash << 1) &+ gear[Int(bytes[index])] }
        return end
    }

    /// Takes bytes into the hash until it ends the chunk, or the chunk has `limit` bytes.
    private mutating func ends(
        before limit: Int,
        mask: UInt64,
        from position: inout Int,
        _ bytes: UnsafeRawBufferPointer,
        _ gear: UnsafeBufferPointer<UInt64>
    ) -> Bool {
        let end = min(limit - length, bytes.count)
        var hash = hash
        var index = position
        defer {
            self.hash = hash
            position = index
        }
        while index < end {
            hash = (hash << 1) &+ gear[Int(bytes[index])]
            index += 1
            if hash & mask == 0 { return true }
        }
        return false
    }

    /// The chunks of bytes in memory, in order; they cover all of them.
    public static func chunks(of bytes: [UInt8]) -> [Range<Int>] {
        var chunker = Chunker()
        var chunks: [Range<Int>] = []
        var start = 0
        bytes.withUnsafeBytes { buffer in
            while start < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
                let end = start + (chunker.cut(in: rest) ?? rest.count)
                chunks.append(start..<end)
                start = end
            }
        }
        return chunks
    }
}
