internal import CCodecs
internal import Foundation
internal import MartletCore

/// A log of blocks that are decompressed one at a time.
class BlockEventInput: EventLogInput {
    fileprivate var plain = ccodecs_buffer()
    private var given = 0
    private var isDone = false

    deinit { ccodecs_free(&plain) }

    /// Decompresses the next block that is not empty into `plain`; false at the end.
    fileprivate func nextBlock() -> Bool { false }

    fileprivate func fail(at place: Int) -> Bool {
        if end == .whole { end = .corrupt(at: place) }
        return false
    }

    fileprivate func breakOff() -> Bool {
        if end == .whole { end = .truncated }
        return false
    }

    override final func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        while given == plain.count {
            if isDone { return 0 }
            given = 0
            plain.count = 0
            if !nextBlock() {
                isDone = true
                plain.count = 0
                return 0
            }
        }
        let count = min(target.count, plain.count - given)
        target.copyMemory(from: UnsafeRawBufferPointer(start: plain.bytes + given, count: count))
        given += count
        return count
    }
}

/// A log in the block format of Java's lz4 library, which Spark uses: `LZ4Block`, the method, both lengths, a checksum.
///
/// Layout after `net.jpountz.lz4.LZ4BlockOutputStream`: 8 bytes of magic, 1 byte with the method in its upper half, then
/// compressed length, plain length and checksum of 4 bytes each, little-endian; an empty block ends a stream, and another
/// stream may follow.
final class LZ4EventInput: BlockEventInput {
    private var header: [UInt8] = []
    private var body: [UInt8] = []
    private var frame: [UInt8] = []

    /// The header of a frame of independent blocks of up to 4 MiB without checksums, whose own check byte is known.
    private static let frameHeader: [UInt8] = [0x04, 0x22, 0x4D, 0x18, 0x60, 0x70, 0x73]

    override fileprivate func nextBlock() -> Bool {
        while true {
            let start = position
            guard readFile(21, into: &header) else { return header.isEmpty ? false : breakOff() }
            let compressed = number(9)
            let plainCount = number(13)
            let method = header[8] & 0xF0
            guard header.starts(with: "LZ4Block".utf8), compressed <= Limits.sparkEventBlockBytes,
                plainCount <= Limits.sparkEventBlockBytes, method == 0x10 || method == 0x20
            else { return fail(at: start) }
            guard readFile(compressed, into: &body) else { return breakOff() }
            if plainCount == 0 { continue }
            guard decode(method == 0x10, plainCount) else { return fail(at: start) }
            let sum = XXHash32.hash(UnsafeRawBufferPointer(start: plain.bytes, count: plain.count), seed: 0x9747_B28C)
            // Java's checksum keeps 28 of the 32 bits.
            guard sum & 0xFFF_FFFF == UInt32(truncatingIfNeeded: number(17)) else { return fail(at: start) }
            return true
        }
    }

    private func decode(_ isRaw: Bool, _ count: Int) -> Bool {
        if isRaw {
            guard body.count == count, ccodecs_reserve(&plain, count) == Int32(CCODECS_OK) else { return false }
            body.withUnsafeBufferPointer {
                if let base = $0.baseAddress { plain.bytes.update(from: base, count: count) }
            }
            plain.count = count
            return true
        }
        frame.removeAll(keepingCapacity: true)
        frame.append(contentsOf: Self.frameHeader)
        withUnsafeBytes(of: UInt32(body.count).littleEndian) { frame.append(contentsOf: $0) }
        frame.append(contentsOf: body)
        frame.append(contentsOf: [0, 0, 0, 0])
        let result = frame.withUnsafeBytes { ccodecs_lz4_read(&plain, $0.baseAddress, $0.count, count) }
        return result == Int32(CCODECS_OK) && plain.count == count
    }

    private func number(_ at: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(header[at + $1]) << (8 * $1) }
    }
}

/// A log in the format of Java's snappy library: a header of 16 bytes, then blocks after their length (big-endian).
final class SnappyEventInput: BlockEventInput {
    static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    private var header: [UInt8] = []
    private var body: [UInt8] = []

    override fileprivate func nextBlock() -> Bool {
        while true {
            let start = position
            guard readFile(4, into: &header) else { return header.isEmpty ? false : breakOff() }
            if header[...] == Self.magic[..<4] {
                // The beginning of a stream, of which there may be several: the rest of the magic and two versions.
                guard readFile(12, into: &body) else { return breakOff() }
                guard body.starts(with: Self.magic[4...]) else { return fail(at: start) }
                continue
            }
            let count = header.reduce(0) { $0 << 8 | Int($1) }
            guard position > 4, count <= Limits.sparkEventBlockBytes else { return fail(at: start) }
            if count == 0 { continue }
            guard readFile(count, into: &body) else { return breakOff() }
            let limit = Limits.sparkEventBlockBytes
            let result = body.withUnsafeBytes { ccodecs_snappy_read(&plain, $0.baseAddress, $0.count, limit) }
            guard result == Int32(CCODECS_OK) else { return fail(at: start) }
            if plain.count > 0 { return true }
        }
    }
}
