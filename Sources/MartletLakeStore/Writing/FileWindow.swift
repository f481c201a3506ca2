internal import MartletCore
internal import MartletLake

/// A part of a large file in memory, and where it is cut.
final class FileWindow: @unchecked Sendable {
    // Sendable: see `LargeFile`; each chunk's id is set by one job.
    let capacity: Int
    /// How many bytes were read.
    var count = 0
    private let memory: MappedBuffer
    /// Bytes before the window that belong to a chunk that the last one did not end.
    private var carried = 0
    /// Where chunks end, in the memory; plain memory, because jobs read what is there while more is found.
    private let ends: UnsafeMutableBufferPointer<Int>
    private var chunkCount = 0
    private let ids: UnsafeMutableBufferPointer<ObjectID>

    init(bytes capacity: Int) throws(MartletError) {
        self.capacity = capacity
        memory = try MappedBuffer(count: Chunker.mostBytes + capacity)
        let most = (capacity + Chunker.mostBytes) / Chunker.leastBytes + 2
        ids = .allocate(capacity: most)
        ids.initialize(repeating: .zero)
        ends = .allocate(capacity: most)
        ends.initialize(repeating: 0)
    }

    deinit {
        ids.deallocate()
        ends.deallocate()
    }

    /// Where the file is read to.
    var readable: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory.bytes[Chunker.mostBytes..<(Chunker.mostBytes + capacity)])
    }

    /// What was read.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: readable[..<count]) }

    /// What is left after the last chunk that ends here.
    var rest: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory.bytes[lastEnd..<(Chunker.mostBytes + count)])
    }

    /// The chunks that end here, with their ids.
    var chunks: [ChunkList.Chunk] {
        (0..<chunkCount).map { ChunkList.Chunk(id: ids[$0], size: chunkBytes($0).count) }
    }

    private var start: Int { Chunker.mostBytes - carried }
    private var lastEnd: Int { chunkCount == 0 ? start : ends[chunkCount - 1] }

    /// Puts what the window before had left in front of this one.
    func carry(_ bytes: UnsafeRawBufferPointer) {
        carried = bytes.count
        UnsafeMutableRawBufferPointer(rebasing: memory.bytes[start..<Chunker.mostBytes]).copyMemory(from: bytes)
    }

    /// Finds where chunks end, and hands them on in ranges of about `every` bytes.
    ///
    /// `isLast`: whether the file ends with this window, and with it a chunk.
    func cut(_ chunker: inout Chunker, isLast: Bool, every bytes: Int, _ found: (Range<Int>) -> Void) {
        chunkCount = 0
        var offset = Chunker.mostBytes
        var handed = 0
        var handedAt = start
        let end = Chunker.mostBytes + count
        while offset < end {
            guard let length = chunker.cut(in: UnsafeRawBufferPointer(rebasing: memory.bytes[offset..<end])) else {
                break
            }
            offset += length
            add(end: offset)
            if offset - handedAt >= bytes {
                found(handed..<chunkCount)
                (handed, handedAt) = (chunkCount, offset)
            }
        }
        if isLast, lastEnd < end { add(end: end) }
        if handed < chunkCount { found(handed..<chunkCount) }
    }

    private func add(end: Int) {
        ends[chunkCount] = end
        chunkCount += 1
    }

    /// The bytes of a chunk.
    func chunkBytes(_ index: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory.bytes[(index == 0 ? start : ends[index - 1])..<ends[index]])
    }

    /// Notes the id of a chunk.
    func set(_ id: ObjectID, of index: Int) { ids[index] = id }
}
