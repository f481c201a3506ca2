internal import Foundation
internal import MartletCore
internal import MartletLake

extension CombinedIndex {
    /// Writes an index over all packs of a set; memory is in proportion to one part in 256 of them.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005; the old index stays then.
    static func build(over set: PackSet, at path: String, in folder: String) throws(MartletError) {
        let packs = set.packs.values.compactMap { $0.opened() }.sorted { $0.name < $1.name }
        let count = packs.reduce(0) { $0 + $1.index.count }
        let names = packs.flatMap(\.name.bytes)
        let temporary = "\(folder)/\(Folder.temporaryPrefix)\(TemporaryName.next())"
        guard let file = Descriptor.creating(temporary) else { throw Failure.writing(path, errno) }
        let writer = IndexWriter(file.number)
        writer.append(magic)
        writer.append(UInt32(packs.count))
        writer.append(UInt32(count))
        writer.append(ObjectID(hashing: names).bytes.prefix(16))
        writer.append(names)
        // Ids, counts and places stand apart in the file, so that it is gone through three times.
        var counts = [UInt32](repeating: 0, count: 65_536)
        forEachBucket(of: packs) { bucket in
            for item in bucket { counts[Int(item.id.prefix >> 48)] += 1 }
        }
        var sum: UInt32 = 0
        for number in counts.indices {
            sum += counts[number]
            writer.append(sum)
        }
        forEachBucket(of: packs) { bucket in
            for item in bucket { item.id.withBytes { writer.append($0) } }
        }
        forEachBucket(of: packs) { bucket in
            for item in bucket {
                writer.append(item.pack)
                writer.append(item.position)
            }
        }
        var error = writer.finish()
        if error == 0, rename(temporary, path) != 0 { error = errno }
        if error != 0 {
            unlink(temporary)
            throw Failure.writing(path, error)
        }
    }

    private struct Item {
        var id: ObjectID
        var pack: UInt32
        var position: UInt32
    }

    /// Calls `body` with the objects whose ids start with each byte, in order of their ids.
    private static func forEachBucket(of packs: [PackFile], _ body: ([Item]) -> Void) {
        var next = Array(repeating: 0, count: packs.count)
        for byte in UInt64(0)..<256 {
            var bucket: [Item] = []
            for (number, pack) in packs.enumerated() {
                while next[number] < pack.index.count {
                    let id = pack.index.id(at: next[number])
                    guard id.prefix >> 56 <= byte else { break }
                    bucket.append(Item(id: id, pack: UInt32(number), position: UInt32(next[number])))
                    next[number] += 1
                }
            }
            bucket.sort { ($0.id, $0.pack) < ($1.id, $1.pack) }
            body(bucket)
        }
    }
}

/// Appends to a file in large pieces.
private final class IndexWriter {
    private let file: Int32
    private var pending: [UInt8] = []
    private var error: Int32 = 0

    init(_ file: Int32) {
        self.file = file
        pending.reserveCapacity(1 << 20)
    }

    func append(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
        if pending.count >= (1 << 20) - 64 { flush() }
    }

    func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { append($0) } }

    /// Writes what is left, and gives the errno of whatever failed.
    func finish() -> Int32 {
        flush()
        return error
    }

    private func flush() {
        if error == 0 { error = pending.withUnsafeBytes { Descriptor.writeAll(file, $0) } }
        pending.removeAll(keepingCapacity: true)
    }
}
