internal import Crypto
internal import MartletCore
internal import MartletLake

/// How a pack is laid out; numbers are little-endian.
///
/// ```
/// header   16 bytes: `martlet pack 1` and two newlines
/// records  48 bytes each, then the stored bytes:
///          `MLOB`, kind (1), codec (1), 0 (2), stored size (4), size (4), id (32)
/// index    256 counts (4 each): how many ids start with a byte up to this one
///          the ids in order (32 each)
///          for each id: offset of its record (4), stored size (4), size (4), kind (1), codec (1), 0 (2)
/// footer   64 bytes: `MLPKEND1`, number of objects (4), offset of the index (4), SHA-256 of the index (32),
///          the first 16 bytes of the SHA-256 of the 48 bytes before
/// ```
///
/// The SHA-256 of the index is the pack's name: it covers every id, so equal names are equal objects. Records carry all
/// that the index says, so a pack whose index is damaged can be read by going through them.
enum PackFormat {
    static let header = Array("martlet pack 1\n\n".utf8)
    static let recordMagic: UInt32 = 0x424f_4c4d
    static let recordHeaderBytes = 48
    static let fanoutBytes = 256 * 4
    static let indexEntryBytes = 16
    static let footerMagic = Array("MLPKEND1".utf8)
    static let footerBytes = 64
    static let fileExtension = ".pack"

    /// The size of an index of so many objects.
    static func indexBytes(of count: Int) -> Int { fanoutBytes + count * (ObjectID.byteCount + indexEntryBytes) }

    /// What a footer says, or nil when it is none.
    static func footer(_ bytes: UnsafeRawBufferPointer) -> (count: Int, indexOffset: Int, indexHash: ObjectID)? {
        guard bytes.count == footerBytes, bytes.starts(with: footerMagic) else { return nil }
        let check = ObjectID(hashing: UnsafeRawBufferPointer(rebasing: bytes[..<48]))
        guard check.withBytes({ $0.prefix(16).elementsEqual(bytes[48...]) }),
            let hash = ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[16..<48]))
        else { return nil }
        return (Int(bytes.word(at: 8)), Int(bytes.word(at: 12)), hash)
    }

    /// A footer's bytes.
    static func footer(count: Int, indexOffset: Int, indexHash: ObjectID) -> [UInt8] {
        var bytes = footerMagic
        withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(indexOffset).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: indexHash.bytes)
        bytes.append(contentsOf: ObjectID(hashing: bytes).bytes.prefix(16))
        return bytes
    }

    /// The index of these records, which are ordered by id.
    static func index(of records: [PackRecord]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: indexBytes(of: records.count)) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var next = 0
            for byte in 0..<256 {
                while next < records.count, records[next].id.prefix >> 56 <= byte { next += 1 }
                bytes.setWord(UInt32(next), at: byte * 4)
            }
            var idAt = fanoutBytes
            var entryAt = fanoutBytes + records.count * ObjectID.byteCount
            for record in records {
                record.id.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[idAt...]).copyMemory(from: $0) }
                bytes.setWord(record.offset, at: entryAt)
                bytes.setWord(record.storedBytes, at: entryAt + 4)
                bytes.setWord(record.rawBytes, at: entryAt + 8)
                bytes.setWord(UInt32(record.kind) | UInt32(record.codec) << 8, at: entryAt + 12)
                idAt += ObjectID.byteCount
                entryAt += indexEntryBytes
            }
            count = entryAt
        }
    }
}

/// Where one object is in a pack, and how.
struct PackRecord: Hashable, Sendable {
    var id: ObjectID
    /// Of the record's header.
    var offset: UInt32
    var storedBytes: UInt32
    var rawBytes: UInt32
    /// The raw value of an ``ObjectKind``; as it stands in the file, so perhaps none.
    var kind: UInt8
    /// The raw value of a ``Codec``; as it stands in the file, so perhaps none.
    var codec: UInt8

    /// How the bytes are stored.
    enum Codec: UInt8 {
        case plain = 0
        /// A zstd frame (RFC 8878).
        case zstd = 1
    }

    /// Of header and stored bytes together.
    var recordBytes: Int { PackFormat.recordHeaderBytes + Int(storedBytes) }

    /// Writes the record's header.
    func writeHeader(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.setWord(PackFormat.recordMagic, at: 0)
        bytes.setWord(UInt32(kind) | UInt32(codec) << 8, at: 4)
        bytes.setWord(storedBytes, at: 8)
        bytes.setWord(rawBytes, at: 12)
        id.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[16...]).copyMemory(from: $0) }
    }

    /// Reads the header of the record at `offset`; nil when there is none.
    init?(header bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset + PackFormat.recordHeaderBytes <= bytes.count, bytes.word(at: offset) == PackFormat.recordMagic,
            let id = ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[(offset + 16)..<(offset + 48)]))
        else { return nil }
        let flags = bytes.word(at: offset + 4)
        self.init(
            id: id,
            offset: UInt32(offset),
            storedBytes: bytes.word(at: offset + 8),
            rawBytes: bytes.word(at: offset + 12),
            kind: UInt8(truncatingIfNeeded: flags),
            codec: UInt8(truncatingIfNeeded: flags >> 8)
        )
    }

    init(id: ObjectID, offset: UInt32, storedBytes: UInt32, rawBytes: UInt32, kind: UInt8, codec: UInt8) {
        self.id = id
        self.offset = offset
        self.storedBytes = storedBytes
        self.rawBytes = rawBytes
        self.kind = kind
        self.codec = codec
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number of four bytes at `offset`.
    func word(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes a little-endian number of four bytes at `offset`.
    func setWord(_ value: UInt32, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
}
