internal import CCodecs
internal import CZstd

/// Compresses records for batches that are built here: control batches are not, tests and tools are.
enum BatchCompressor {
    /// The compressed bytes; nil when the library fails.
    static func compress(_ bytes: [UInt8], _ codec: CompressionCodec, isFramed: Bool = false) -> [UInt8]? {
        var buffer = ccodecs_buffer()
        defer { ccodecs_free(&buffer) }
        let result = bytes.withUnsafeBytes { plain in
            switch codec {
            case .none: Int32(CCODECS_OK)
            case .gzip: ccodecs_gzip_write(&buffer, plain.baseAddress, plain.count)
            case .snappy: ccodecs_snappy_write(&buffer, plain.baseAddress, plain.count)
            case .lz4: ccodecs_lz4_write(&buffer, plain.baseAddress, plain.count)
            case .zstd: zstd(plain, &buffer)
            }
        }
        guard result == Int32(CCODECS_OK) else { return nil }
        if codec == .none { return bytes }
        if codec == .snappy, isFramed { return framed(bytes) }
        return Array(UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.count))
    }

    private static func zstd(_ plain: UnsafeRawBufferPointer, _ buffer: inout ccodecs_buffer) -> Int32 {
        let bound = ZSTD_compressBound(plain.count)
        let reserved = ccodecs_reserve(&buffer, bound)
        guard reserved == Int32(CCODECS_OK) else { return reserved }
        let size = ZSTD_compress(buffer.bytes, bound, plain.baseAddress, plain.count, 3)
        guard ZSTD_isError(size) == 0 else { return Int32(CCODECS_CORRUPT) }
        buffer.count = size
        return Int32(CCODECS_OK)
    }

    private static func framed(_ bytes: [UInt8]) -> [UInt8]? {
        var result = XerialFraming.magic
        result.append(number: Int32(1))
        result.append(number: Int32(1))
        for start in stride(from: 0, to: bytes.count, by: XerialFraming.blockBytes) {
            let plain = Array(bytes[start..<min(bytes.count, start + XerialFraming.blockBytes)])
            guard let block = compress(plain, .snappy) else { return nil }
            result.append(number: Int32(block.count))
            result += block
        }
        return result
    }
}
