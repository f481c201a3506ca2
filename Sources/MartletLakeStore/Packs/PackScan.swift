internal import MartletCore

/// Finds the records of a pack without its index.
enum PackScan {
    /// An index of every record that starts where one could, in memory of its own.
    ///
    /// After damage the next record is found by its mark; that a mark in the middle of data is no record is noticed when
    /// the object is checked against its id.
    static func index(of bytes: UnsafeRawBufferPointer) -> PackIndex {
        var records: [PackRecord] = []
        var at = PackFormat.header.count
        while at + PackFormat.recordHeaderBytes <= bytes.count {
            if let record = PackRecord(header: bytes, at: at), isPlausible(record),
                at + record.recordBytes <= bytes.count
            {
                records.append(record)
                at += record.recordBytes
            } else {
                at += 1
            }
        }
        records.sort { $0.id < $1.id }
        return index(of: records)
    }

    /// An index in memory of its own.
    static func index(of records: [PackRecord]) -> PackIndex {
        let bytes = PackFormat.index(of: records)
        let memory = HeapBytes(bytes)
        // The size is right by construction.
        return PackIndex(memory.bytes, count: records.count, owner: memory) ?? empty
    }

    private static let empty = index(of: [])

    private static func isPlausible(_ record: PackRecord) -> Bool {
        PackRecord.Codec(rawValue: record.codec) != nil && record.rawBytes <= Limits.lakeObjectBytes
            && record.storedBytes <= max(record.rawBytes, 64)
    }
}

/// Bytes on the heap with an address that stays.
final class HeapBytes: @unchecked Sendable {
    // Sendable: nothing writes to the memory after `init`.
    let bytes: UnsafeRawBufferPointer

    init(_ source: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
        memory.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(memory)
    }

    deinit { bytes.deallocate() }
}
