internal import MartletCore
internal import MartletLake

/// Unpacks objects for one thread, into memory that is used again.
final class ObjectScratch {
    private let compressor = Compressor()
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    deinit { buffer.deallocate() }

    /// The object from its stored bytes, checked against its id; nil when it is damaged.
    ///
    /// Valid until the next call.
    func unpacked(_ record: PackRecord, _ stored: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let size = Int(record.rawBytes)
        guard size <= Limits.lakeObjectBytes else { return nil }
        var bytes = stored
        switch PackRecord.Codec(rawValue: record.codec) {
        case .plain?: guard stored.count == size else { return nil }
        case .zstd?:
            if buffer.count < size {
                buffer.deallocate()
                buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            }
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
            guard compressor.decompress(stored, into: target) else { return nil }
            bytes = UnsafeRawBufferPointer(target)
        case nil: return nil
        }
        return ObjectID(hashing: bytes) == record.id ? bytes : nil
    }
}
