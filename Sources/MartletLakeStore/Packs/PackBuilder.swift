internal import MartletCore
internal import MartletLake

/// A pack that is being put together in memory; its owner lets one thread at a time change it.
final class PackBuilder: @unchecked Sendable {
    // Sendable: changed only under the lock of its `LakeWriter`, and not at all once it is sealed.
    /// What the pack is put together in; another may have it when this one is written and gone.
    let memory: MappedBuffer
    private(set) var used: Int
    private(set) var records: [PackRecord] = []
    private var positions: [ObjectID: Int] = [:]

    /// An empty pack, in memory that another one had; nil for new memory.
    init(in memory: MappedBuffer? = nil) throws(MartletError) {
        let memory =
            if let memory { memory } else { try MappedBuffer(count: Limits.packBytes + Limits.lakeObjectBytes) }
        self.memory = memory
        memory.bytes.copyBytes(from: PackFormat.header)
        used = PackFormat.header.count
    }

    /// The records so far.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory.bytes[..<used]) }

    /// Whether the pack is large enough to be closed.
    var isFull: Bool { used >= Limits.packBytes || records.count >= Limits.packObjects }

    func contains(_ id: ObjectID) -> Bool { positions[id] != nil }

    /// The stored bytes of an object added before; nil when it was not.
    func stored(_ id: ObjectID) -> (PackRecord, UnsafeRawBufferPointer)? {
        guard let position = positions[id] else { return nil }
        let record = records[position]
        let start = Int(record.offset) + PackFormat.recordHeaderBytes
        return (record, UnsafeRawBufferPointer(rebasing: bytes[start..<(start + Int(record.storedBytes))]))
    }

    /// Adds an object that is not there yet, with the bytes to be stored; it must fit, that is, not be above
    /// ``Limits/lakeObjectBytes``, and the pack not be full.
    func append(
        _ id: ObjectID,
        kind: UInt8,
        codec: PackRecord.Codec,
        rawBytes: Int,
        stored: UnsafeRawBufferPointer
    ) {
        let record = PackRecord(
            id: id,
            offset: UInt32(used),
            storedBytes: UInt32(stored.count),
            rawBytes: UInt32(rawBytes),
            kind: kind,
            codec: codec.rawValue
        )
        record.writeHeader(to: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[used...]))
        let start = used + PackFormat.recordHeaderBytes
        UnsafeMutableRawBufferPointer(rebasing: memory.bytes[start...]).copyMemory(from: stored)
        positions[id] = records.count
        records.append(record)
        used = start + stored.count
    }
}
