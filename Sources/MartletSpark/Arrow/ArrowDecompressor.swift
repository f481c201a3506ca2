internal import CCodecs
internal import CZstd
import MartletCore

/// Decompresses the buffers of a stream, and counts the memory that it takes beside its bytes.
final class ArrowDecompressor {
    /// Codecs of buffers, by their numbers in the format.
    enum Codec: Int8 { case lz4Frame, zstd }

    private var zstd: OpaquePointer?
    private let budget: Int
    private var remaining: Int

    /// A decompressor for one stream, whose buffers may take so many bytes of memory of their own.
    init(budget: Int = Limits.arrowDecompressedBytes) {
        self.budget = budget
        remaining = budget
    }

    deinit { ZSTD_freeDCtx(zstd) }

    /// The plain bytes of a compressed buffer: an i64 with their count, or -1 when they follow as they are.
    ///
    /// - Returns: the bytes, and the memory that they are in unless it is that of `buffer`.
    /// - Throws: `.arrowMalformed`, `.arrowTooLarge`.
    func plain(
        _ buffer: UnsafeRawBufferPointer,
        _ codec: Codec
    ) throws(MartletError) -> (UnsafeRawBufferPointer, ArrowMemory?) {
        if buffer.count == 0 { return (buffer, nil) }
        guard buffer.count >= 8 else { throw Self.malformed }
        let declared = Int64(littleEndian: buffer.loadUnaligned(as: Int64.self))
        let packed = UnsafeRawBufferPointer(rebasing: buffer[8...])
        if declared == -1 { return (packed, nil) }
        guard declared >= 0 else { throw Self.malformed }
        guard let count = Int(exactly: declared) else { throw Self.malformed }
        try charge(count, "its compressed buffers stand for too many bytes")
        let memory: ArrowMemory
        switch codec {
        case .zstd: memory = try unpackZstd(packed, count)
        case .lz4Frame: memory = try unpackLZ4(packed, count)
        }
        return (UnsafeRawBufferPointer(rebasing: memory.bytes[..<count]), memory)
    }

    /// Counts a buffer that gets memory of its own: many of them may name the same bytes of a stream.
    ///
    /// - Throws: `.arrowTooLarge` when the buffers before have left too little.
    func charge(_ count: Int, _ reason: String) throws(MartletError) {
        guard count <= remaining else { throw ArrowFailure.tooLarge(reason, limit: budget) }
        remaining -= count
    }

    private static var malformed: MartletError { ArrowFailure.malformed("a compressed buffer is not what it says") }

    private func unpackZstd(_ packed: UnsafeRawBufferPointer, _ count: Int) throws(MartletError) -> ArrowMemory {
        if zstd == nil { zstd = ZSTD_createDCtx() }
        let memory = ArrowMemory(byteCount: count)
        let written = ZSTD_decompressDCtx(zstd, memory.bytes.baseAddress, count, packed.baseAddress, packed.count)
        guard ZSTD_isError(written) == 0, written == count else { throw Self.malformed }
        return memory
    }

    private func unpackLZ4(_ packed: UnsafeRawBufferPointer, _ count: Int) throws(MartletError) -> ArrowMemory {
        // A byte of lz4 stands for at most 255; a count beyond that would only make us allocate.
        guard count / 255 <= packed.count else { throw Self.malformed }
        var buffer = ccodecs_buffer()
        defer { ccodecs_free(&buffer) }
        // One byte more, with which the codec finds out that nothing more comes.
        guard ccodecs_reserve(&buffer, count + 1) == CCODECS_OK,
            ccodecs_lz4_read(&buffer, packed.baseAddress, packed.count, count) == CCODECS_OK, buffer.count == count
        else { throw Self.malformed }
        let memory = ArrowMemory(byteCount: count)
        memory.bytes.copyMemory(from: UnsafeRawBufferPointer(start: buffer.bytes, count: count))
        return memory
    }
}
