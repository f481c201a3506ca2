internal import MartletCore
internal import MartletLake

/// Puts records of packs into new packs, as they are stored.
struct RecordCopier {
    private let folder: String
    private var builder: PackBuilder?
    /// The packs written.
    private(set) var packs: [ObjectID] = []
    private(set) var bytes = 0

    /// Writes into a folder.
    init(into folder: String) { self.folder = folder }

    /// Copies a record, unless one of that id was copied into the current pack.
    ///
    /// - Returns: whether the record is whole; its bytes are checked against its id.
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    mutating func copy(
        _ record: PackRecord,
        from pack: PackFile,
        _ scratch: ObjectScratch
    ) throws(MartletError) -> Bool {
        guard let stored = pack.stored(record), scratch.unpacked(record, stored) != nil,
            let codec = PackRecord.Codec(rawValue: record.codec)
        else { return false }
        let target: PackBuilder
        if let builder { target = builder } else { target = try PackBuilder() }
        builder = target
        guard !target.contains(record.id) else { return true }
        target.append(record.id, kind: record.kind, codec: codec, rawBytes: Int(record.rawBytes), stored: stored)
        if target.isFull { try close() }
        return true
    }

    /// Writes what is left, and makes the names of the packs durable.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    mutating func finish() throws(MartletError) {
        try close()
        if !packs.isEmpty { try Folder.sync(folder) }
    }

    private mutating func close() throws(MartletError) {
        guard let full = builder else { return }
        builder = nil
        let (name, size) = try full.seal(into: folder)
        packs.append(name)
        bytes += size
    }
}
