package import MartletCore

/// A checkpoint: one cut of source offsets, watermarks, state and timers.
///
/// Format, version 1: `MSTREAM1`, the definition's SHA-256, the counters, the watermarks, the identities seen, the open windows, then for
/// each of the 128 key groups its length and its state, and CRC-32C of all before. Timers are not written: they follow
/// from windows and sessions. Numbers are little-endian, lengths LEB128.
extension StreamTask {
    private static let magic = Array("MSTREAM1".utf8)

    /// Writes everything that the task knows.
    package func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(raw: Self.magic)
        writer.write(counted: plan.fingerprint)
        writer.write(isBackfill)
        for count in [
            counters.records, counters.filtered, counters.late, counters.invalid, counters.replayed,
            counters.repeated, counters.panes,
        ] {
            writer.write(count)
        }
        watermarks.encode(into: &writer)
        seen?.encode(into: &writer)
        switch store {
        case .none: break
        case .slices(let store): store.encode(into: &writer)
        case .sessions(let store): store.encode(into: &writer)
        }
        let checksum = writer.bytes.withUnsafeBytes { CRC32C.of($0) }
        writer.write(checksum)
        return writer.bytes
    }

    /// The task that a checkpoint was written of, or the part of it that some key groups are.
    ///
    /// - Throws: ``MartletError`` MT6040 when the bytes are broken or of another version, MT6041 when they were written
    ///   by another definition.
    package convenience init(
        _ plan: StreamPlan,
        restoring bytes: [UInt8],
        keyGroups: Range<Int> = 0..<Limits.keyGroups
    ) throws(MartletError) {
        try self.init(plan, restoring: [bytes], keyGroups: keyGroups)
    }

    /// The task of these key groups, from the checkpoints of several tasks that shared the work.
    ///
    /// - Throws: ``MartletError`` MT6040 when the bytes are broken, of another version, or not of one cut; MT6041 when
    ///   they were written by another definition.
    package convenience init(
        _ plan: StreamPlan,
        restoring parts: [[UInt8]],
        keyGroups: Range<Int> = 0..<Limits.keyGroups
    ) throws(MartletError) {
        self.init(plan, keyGroups: keyGroups)
        for (index, bytes) in parts.enumerated() {
            do throws(SnapshotFault) {
                try restore(bytes, isFirst: index == 0)
            } catch {
                throw MartletError(
                    .streamSnapshotUnreadable,
                    "the checkpoint of stream \(plan.definition.name) cannot be read",
                    reason: "\(error.reason), at byte \(error.offset) of \(bytes.count)",
                    remedy: "restore an older checkpoint, or start the stream from the beginning"
                )
            }
            if !isRestored {
                throw MartletError(
                    .streamDefinitionChanged,
                    "the checkpoint of stream \(plan.definition.name) was written by another definition of it",
                    reason: "its windows, keys, aggregates or source have changed, and its state does not fit them",
                    remedy: "give the new definition another name, or start it from the beginning of its input"
                )
            }
        }
    }

    private func restore(_ bytes: [UInt8], isFirst: Bool) throws(SnapshotFault) {
        isRestored = false
        guard bytes.starts(with: Self.magic) else {
            throw SnapshotFault(reason: "it is not a checkpoint of this version", offset: 0)
        }
        var trailer = ByteReader(bytes, from: max(0, bytes.count - 4))
        let expected: UInt32 = try trailer.read()
        let checksum = bytes.withUnsafeBytes { CRC32C.of(UnsafeRawBufferPointer(rebasing: $0.dropLast(4))) }
        guard checksum == expected else {
            throw SnapshotFault(reason: "its checksum is wrong", offset: bytes.count - 4)
        }
        var reader = ByteReader(bytes, from: Self.magic.count, to: bytes.count - 4)
        guard try reader.readCounted().elementsEqual(plan.fingerprint) else { return }
        isRestored = true
        isBackfill = try reader.readTruth()
        try restoreCounters(&reader, isFirst: isFirst)
        let before = watermarks
        try watermarks.decode(from: &reader)
        if !isFirst, watermarks != before { throw reader.fault("it is of another cut than the one before") }
        // All tasks that share the work know all identities.
        if let seen {
            if isFirst { try seen.decode(from: &reader) } else { try SeenKeys(span: 0, tail: 0).decode(from: &reader) }
        }
        switch store {
        case .none: break
        case .slices(let store):
            try store.decode(from: &reader, keyGroups)
            store.watermark = watermarks.watermark
        case .sessions(let store):
            try store.decode(from: &reader, keyGroups)
            store.watermark = watermarks.watermark
        }
        guard reader.remaining == 0 else { throw reader.fault("there are bytes after the end") }
    }

    /// The counts of the first part, which are of all records, and the sums of those that each task has of its own.
    private func restoreCounters(_ reader: inout ByteReader, isFirst: Bool) throws(SnapshotFault) {
        var part = StreamCounters()
        part.records = try reader.read()
        part.filtered = try reader.read()
        part.late = try reader.read()
        part.invalid = try reader.read()
        part.replayed = try reader.read()
        part.repeated = try reader.read()
        part.panes = try reader.read()
        if isFirst {
            counters = part
        } else {
            counters.late &+= part.late
            counters.invalid &+= part.invalid
            counters.panes &+= part.panes
        }
    }
}

extension WatermarkBook {
    func encode(into writer: inout ByteWriter) {
        writer.write(watermark)
        writer.write(count: partitions.count)
        for (number, known) in partitions.sorted(by: { $0.key < $1.key }) {
            writer.write(number)
            writer.write(known.highest != nil)
            writer.write(known.highest ?? 0)
            writer.write(known.lastActive)
            writer.write(known.nextOffset)
            writer.write(known.highWatermark != nil)
            writer.write(known.highWatermark ?? 0)
            writer.write(known.isIdle)
        }
    }

    mutating func decode(from reader: inout ByteReader) throws(SnapshotFault) {
        let watermark: Int64 = try reader.read()
        var restored = [Int32: Partition]()
        for _ in 0..<(try reader.readCount(width: 39)) {
            let number: Int32 = try reader.read()
            let hasTime = try reader.readTruth()
            let highest: Int64 = try reader.read()
            let lastActive: Int64 = try reader.read()
            let nextOffset: Int64 = try reader.read()
            let hasEnd = try reader.readTruth()
            let end: Int64 = try reader.read()
            restored[number] = Partition(
                highest: hasTime ? highest : nil,
                lastActive: lastActive,
                nextOffset: nextOffset,
                highWatermark: hasEnd ? end : nil,
                isIdle: try reader.readTruth()
            )
        }
        restore(restored, watermark: watermark)
    }
}
