internal import CCodecs
internal import CZstd
internal import MartletCore

/// Decompresses the records of batches into memory that is used again; for one thread at a time.
package final class BatchDecompressor {
    private var buffer = ccodecs_buffer()
    private var zstd: OpaquePointer?
    private let limit: Int

    /// A decompressor that gives up when the records of a batch become more than `limit` bytes.
    package init(limit: Int = Limits.decompressedBatchBytes) { self.limit = max(0, limit) }

    deinit {
        ccodecs_free(&buffer)
        ZSTD_freeDCtx(zstd)
    }

    /// The plain bytes, valid until the next call; those given when they are not compressed.
    ///
    /// - Throws: ``LogError`` 2 when they are not what the codec writes, 10 when they become too many.
    func decompress(
        _ bytes: UnsafeRawBufferPointer,
        _ codec: CompressionCodec
    ) throws(LogError) -> UnsafeRawBufferPointer {
        // One large batch must not hold its memory for ever.
        if buffer.capacity > Limits.keptDecompressionBytes { ccodecs_free(&buffer) }
        buffer.count = 0
        let result: Int32
        switch codec {
        case .none: return bytes
        case .gzip: result = ccodecs_gzip_read(&buffer, bytes.baseAddress, bytes.count, limit)
        case .snappy: result = readSnappy(bytes)
        case .lz4: result = ccodecs_lz4_read(&buffer, bytes.baseAddress, bytes.count, limit)
        case .zstd: result = readZstd(bytes)
        }
        guard result == Int32(CCODECS_OK) else { throw failure(result, codec) }
        return UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.count)
    }

    private func failure(_ result: Int32, _ codec: CompressionCodec) -> LogError {
        switch result {
        case Int32(CCODECS_TOO_LARGE): .messageTooLarge("the records are more than \(limit) bytes when decompressed")
        case Int32(CCODECS_NO_MEMORY): .messageTooLarge("there is no memory to decompress the records")
        default: .corruptMessage("the records are not what \(codec.name) writes")
        }
    }

    private func readSnappy(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard XerialFraming.isFramed(bytes) else {
            return ccodecs_snappy_read(&buffer, bytes.baseAddress, bytes.count, limit)
        }
        var blocks = XerialFraming(bytes)
        while let block = blocks.next() {
            let result = ccodecs_snappy_read(&buffer, block.baseAddress, block.count, limit)
            guard result == Int32(CCODECS_OK) else { return result }
        }
        return Int32(blocks.isWhole ? CCODECS_OK : CCODECS_CORRUPT)
    }

    /// Streams, since frames need not say how long their content is.
    private func readZstd(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        if zstd == nil { zstd = ZSTD_createDCtx() }
        guard let zstd else { return Int32(CCODECS_NO_MEMORY) }
        ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only)
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        guard input.size > 0 else { return Int32(CCODECS_CORRUPT) }
        while true {
            guard buffer.count <= limit else { return Int32(CCODECS_TOO_LARGE) }
            // One byte more than the limit shows that there is more to come.
            let wanted = min(limit - buffer.count + 1, ZSTD_DStreamOutSize())
            let reserved = ccodecs_reserve(&buffer, wanted)
            guard reserved == Int32(CCODECS_OK) else { return reserved }
            var output = ZSTD_outBuffer(dst: buffer.bytes + buffer.count, size: wanted, pos: 0)
            let left = ZSTD_decompressStream(zstd, &output, &input)
            guard ZSTD_isError(left) == 0 else { return Int32(CCODECS_CORRUPT) }
            buffer.count += output.pos
            if left == 0, input.pos == input.size {
                return Int32(buffer.count <= limit ? CCODECS_OK : CCODECS_TOO_LARGE)
            }
            // The input has ended within a frame.
            guard output.pos > 0 || input.pos < input.size else { return Int32(CCODECS_CORRUPT) }
        }
    }
}
