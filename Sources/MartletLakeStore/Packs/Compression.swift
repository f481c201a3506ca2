internal import CZstd

/// Whether and how an object's bytes are compressed in a pack (RFC 8878).
enum Compression {
    /// The version of the library, for `martlet doctor`.
    static var libraryVersion: String { String(cString: ZSTD_versionString()) }

    /// Level 1 keeps up with the disk; what it leaves is small beside what chunks save.
    static let level: Int32 = 1
    /// A compressed object is kept compressed when it is smaller by one part in so many.
    static let leastGain = 20
    /// So many bytes tell whether compressing pays, where what came before makes that doubtful.
    static let sampleBytes = 4 << 10
}

/// Compresses and decompresses for one thread at a time, with memory that is used again.
final class Compressor: @unchecked Sendable {
    // Sendable: whoever has one uses it from one thread at a time; `CompressorPool` hands it from one to the next.
    private let writer = ZSTD_createCCtx()
    private let reader = ZSTD_createDCtx()
    private var scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    /// Whether the last object did not get smaller.
    private var isDense = false

    deinit {
        ZSTD_freeCCtx(writer)
        ZSTD_freeDCtx(reader)
        scratch.deallocate()
    }

    /// The bytes compressed, in memory that the next call overwrites; nil when that does not pay.
    ///
    /// After an object that it did not pay for, a sample decides first: bytes that are dense already, as in pictures and
    /// archives, take as long to compress as to hash.
    func compressed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if isDense, bytes.count >= 4 * Compression.sampleBytes {
            let middle = bytes.count / 2
            let sample = UnsafeRawBufferPointer(rebasing: bytes[middle..<(middle + Compression.sampleBytes)])
            guard frame(of: sample) != nil else { return nil }
        }
        let frame = frame(of: bytes)
        isDense = frame == nil
        return frame
    }

    private func frame(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        // A frame has at least 9 bytes of its own.
        guard bytes.count >= 64 else { return nil }
        grow(to: ZSTD_compressBound(bytes.count))
        let size = ZSTD_compressCCtx(
            writer,
            scratch.baseAddress,
            scratch.count,
            bytes.baseAddress,
            bytes.count,
            Compression.level
        )
        guard ZSTD_isError(size) == 0, size <= bytes.count - bytes.count / Compression.leastGain else { return nil }
        return UnsafeRawBufferPointer(rebasing: scratch[..<size])
    }

    /// Decompresses one frame into `target`, which it must fill.
    func decompress(_ frame: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        ZSTD_decompressDCtx(reader, target.baseAddress, target.count, frame.baseAddress, frame.count) == target.count
    }

    private func grow(to count: Int) {
        guard scratch.count < count else { return }
        scratch.deallocate()
        scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    }
}
