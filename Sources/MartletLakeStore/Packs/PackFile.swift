internal import Foundation
internal import MartletCore
internal import MartletLake

/// A pack on disk, mapped into memory.
final class PackFile: Sendable {
    /// The name without its extension: the SHA-256 of the index.
    let name: ObjectID
    let path: String
    let index: PackIndex
    /// Whether the index on disk is damaged, and this one was made from the records.
    let isRecovered: Bool
    private let file: MappedFile

    /// Opens a pack; nil when there is no such file.
    ///
    /// A pack without a usable footer or index is gone through record by record, so that whatever is whole can be read.
    init?(name: ObjectID, path: String) {
        guard let file = MappedFile(path) else { return nil }
        self.name = name
        self.path = path
        self.file = file
        if let index = Self.index(in: file) {
            self.index = index
            isRecovered = false
        } else {
            index = PackScan.index(of: file.bytes)
            isRecovered = true
        }
    }

    /// The size of the file in bytes.
    var bytes: Int { file.bytes.count }

    /// The bytes of the index in the file; nil when it is damaged.
    static func index(in file: MappedFile) -> PackIndex? {
        let bytes = file.bytes
        guard bytes.count >= PackFormat.header.count + PackFormat.footerBytes, bytes.starts(with: PackFormat.header),
            let footer = PackFormat.footer(
                UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - PackFormat.footerBytes)...])
            ),
            footer.indexOffset + PackFormat.indexBytes(of: footer.count) + PackFormat.footerBytes == bytes.count
        else { return nil }
        let range = footer.indexOffset..<(bytes.count - PackFormat.footerBytes)
        return PackIndex(UnsafeRawBufferPointer(rebasing: bytes[range]), count: footer.count, owner: file)
    }

    /// The stored bytes of a record; nil when the pack does not hold what the index says.
    func stored(_ record: PackRecord) -> UnsafeRawBufferPointer? {
        let start = Int(record.offset) + PackFormat.recordHeaderBytes
        guard start + Int(record.storedBytes) <= file.bytes.count,
            PackRecord(header: file.bytes, at: Int(record.offset)) == record
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: file.bytes[start..<(start + Int(record.storedBytes))])
    }

    /// A record with its header, as it is copied from one pack to another; nil when it is damaged.
    func wholeRecord(_ record: PackRecord) -> UnsafeRawBufferPointer? {
        guard stored(record) != nil else { return nil }
        let start = Int(record.offset)
        return UnsafeRawBufferPointer(rebasing: file.bytes[start..<(start + record.recordBytes)])
    }

    /// The object at a position, checked against its id; nil when it is damaged.
    func object(at position: Int) -> [UInt8]? {
        let record = index.record(at: position)
        guard let stored = stored(record) else { return nil }
        return record.unpacked(stored)
    }

    /// Calls `body` with the object at a position, checked against its id.
    ///
    /// - Returns: false when it is damaged, and `body` was not called.
    func withObject(
        at position: Int,
        _ scratch: ObjectScratch,
        _ body: (UnsafeRawBufferPointer) throws(MartletError) -> Void
    ) throws(MartletError) -> Bool {
        let record = index.record(at: position)
        guard let stored = stored(record), let bytes = scratch.unpacked(record, stored) else { return false }
        try body(bytes)
        return true
    }
}

extension PackRecord {
    /// The object from its stored bytes, checked against its id; nil when it is damaged.
    func unpacked(_ stored: UnsafeRawBufferPointer) -> [UInt8]? {
        guard rawBytes <= Limits.lakeObjectBytes else { return nil }
        let bytes: [UInt8]
        switch Codec(rawValue: codec) {
        case .plain?:
            guard storedBytes == rawBytes else { return nil }
            bytes = [UInt8](stored)
        case .zstd?:
            var isWhole = false
            bytes = [UInt8](unsafeUninitializedCapacity: Int(rawBytes)) { buffer, count in
                isWhole = CompressorPool.with {
                    $0.decompress(
                        stored,
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(buffer)[..<Int(rawBytes)]
                        )
                    )
                }
                count = isWhole ? Int(rawBytes) : 0
            }
            guard isWhole else { return nil }
        case nil: return nil
        }
        return ObjectID(hashing: bytes) == id ? bytes : nil
    }
}
