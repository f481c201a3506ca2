internal import MartletCore
internal import MartletLake

/// One index over many packs, so that an object is found without asking each; a cache, made again when it is missing.
///
/// ```
/// header   `MLCOMB01`, number of packs (4), number of objects (4), first 16 bytes of the SHA-256 of the names
/// names    of the packs (32 each)
/// fanout   65,536 counts (4 each): how many ids start with two bytes up to these
/// ids      in order (32 each)
/// places   for each id: number of the pack (4), position in its index (4)
/// ```
///
/// It is checked where it is used: a place whose pack has another id there is not believed.
struct CombinedIndex: Sendable {
    static let magic = Array("MLCOMB01".utf8)
    static let headerBytes = 32
    static let fanoutBytes = 65_536 * 4

    /// The packs, by number.
    let packs: [ObjectID]
    /// How many objects it lists.
    let count: Int
    private let file: MappedFile

    /// Maps an index; nil when there is none or it is damaged.
    init?(_ path: String) {
        guard let file = MappedFile(path), file.bytes.count >= Self.headerBytes, file.bytes.starts(with: Self.magic)
        else { return nil }
        let bytes = file.bytes
        let packCount = Int(bytes.word(at: 8))
        count = Int(bytes.word(at: 12))
        let namesEnd = Self.headerBytes + packCount * ObjectID.byteCount
        guard bytes.count == namesEnd + Self.fanoutBytes + count * (ObjectID.byteCount + 8),
            ObjectID(hashing: UnsafeRawBufferPointer(rebasing: bytes[Self.headerBytes..<namesEnd])).withBytes({
                $0.prefix(16).elementsEqual(bytes[16..<32])
            })
        else { return nil }
        packs = (0..<packCount).compactMap { number in
            let start = Self.headerBytes + number * ObjectID.byteCount
            return ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + ObjectID.byteCount)]))
        }
        self.file = file
    }

    private var fanoutStart: Int { Self.headerBytes + packs.count * ObjectID.byteCount }
    private var idStart: Int { fanoutStart + Self.fanoutBytes }

    /// The places where an object may be.
    func places(of id: ObjectID) -> [(pack: Int, position: Int)] {
        var at = firstPosition(notBelow: id)
        var places: [(pack: Int, position: Int)] = []
        while at < count, self.id(at: at) == id {
            let start = idStart + count * ObjectID.byteCount + at * 8
            places.append((Int(file.bytes.word(at: start)), Int(file.bytes.word(at: start + 4))))
            at += 1
        }
        return places
    }

    /// The id at a position.
    func id(at position: Int) -> ObjectID {
        let start = idStart + position * ObjectID.byteCount
        // 32 bytes always make an id.
        return ObjectID(bytes: UnsafeRawBufferPointer(rebasing: file.bytes[start..<(start + ObjectID.byteCount)]))
            ?? .zero
    }

    private func firstPosition(notBelow id: ObjectID) -> Int {
        let bucket = Int(id.prefix >> 48)
        let bytes = file.bytes
        var low = bucket == 0 ? 0 : min(count, Int(bytes.word(at: fanoutStart + (bucket - 1) * 4)))
        var high = min(count, Int(bytes.word(at: fanoutStart + bucket * 4)))
        while low < high {
            let middle = (low + high) / 2
            if self.id(at: middle) < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
