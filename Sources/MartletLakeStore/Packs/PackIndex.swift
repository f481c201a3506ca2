internal import MartletCore
internal import MartletLake

/// The index of a pack, wherever it is in memory: see ``PackFormat``.
struct PackIndex: @unchecked Sendable {
    // Sendable: the memory is only read, and `owner` keeps it alive.
    private let bytes: UnsafeRawBufferPointer
    private let owner: any AnyObject & Sendable
    /// How many objects the pack has.
    let count: Int

    /// The index in these bytes, which `owner` keeps; nil when they are too few for `count` objects.
    init?(_ bytes: UnsafeRawBufferPointer, count: Int, owner: any AnyObject & Sendable) {
        guard count >= 0, bytes.count == PackFormat.indexBytes(of: count) else { return nil }
        self.bytes = bytes
        self.owner = owner
        self.count = count
    }

    /// Whether the bytes are those that the pack's name was made of.
    func matches(_ hash: ObjectID) -> Bool { ObjectID(hashing: bytes) == hash }

    /// The bytes, in memory of their own.
    var copy: [UInt8] { Array(bytes) }

    /// The id at a position; positions are in the order of ids.
    func id(at position: Int) -> ObjectID {
        let start = PackFormat.fanoutBytes + position * ObjectID.byteCount
        // 32 bytes always make an id.
        return ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + ObjectID.byteCount)])) ?? .zero
    }

    /// The record at a position.
    func record(at position: Int) -> PackRecord {
        let start =
            PackFormat.fanoutBytes + count * ObjectID.byteCount + position * PackFormat.indexEntryBytes
        let flags = bytes.word(at: start + 12)
        return PackRecord(
            id: id(at: position),
            offset: bytes.word(at: start),
            storedBytes: bytes.word(at: start + 4),
            rawBytes: bytes.word(at: start + 8),
            kind: UInt8(truncatingIfNeeded: flags),
            codec: UInt8(truncatingIfNeeded: flags >> 8)
        )
    }

    /// The kind of the object at a position; nil when it is none that we know.
    func kind(at position: Int) -> ObjectKind? {
        let start =
            PackFormat.fanoutBytes + count * ObjectID.byteCount + position * PackFormat.indexEntryBytes
        return ObjectKind(rawValue: bytes[start + 12])
    }

    /// The position of an id; nil when the pack does not have it.
    func position(of id: ObjectID) -> Int? {
        let at = firstPosition(notBelow: id)
        return at < count && self.id(at: at) == id ? at : nil
    }

    /// The first position whose id is not below `id`; ``count`` when all are.
    func firstPosition(notBelow id: ObjectID) -> Int {
        let byte = Int(id.prefix >> 56)
        // A damaged count must not lead out of the index.
        var low = byte == 0 ? 0 : min(count, Int(bytes.word(at: (byte - 1) * 4)))
        var high = min(count, Int(bytes.word(at: byte * 4)))
        let wanted = id.prefix
        while low < high {
            let middle = (low + high) / 2
            let start = PackFormat.fanoutBytes + middle * ObjectID.byteCount
            let found = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            if found < wanted || (found == wanted && self.id(at: middle) < id) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
