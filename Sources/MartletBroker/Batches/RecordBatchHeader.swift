/// The 61 bytes that a record batch begins with, version 2 (KIP-98).
package struct RecordBatchHeader: Hashable, Sendable {
    /// Offset of the first record, as it was before compaction.
    package var baseOffset: Int64
    /// Bytes that follow this field.
    package var batchLength: Int32
    /// The leader's epoch at the time of the append.
    package var partitionLeaderEpoch: Int32
    /// The version of the format: 2.
    package var magic: Int8
    /// CRC-32C of all that follows it.
    package var crc: UInt32
    /// Codec and kind.
    package var attributes: BatchAttributes
    /// Offset of the last record, less the base offset.
    package var lastOffsetDelta: Int32
    /// The timestamp that those of the records are relative to, in milliseconds since 1970.
    package var baseTimestamp: Int64
    /// The latest timestamp of a record, in milliseconds since 1970.
    package var maxTimestamp: Int64
    /// The idempotent producer; -1 for others.
    package var producerID: Int64
    /// Which instance of that producer; -1 without one.
    package var producerEpoch: Int16
    /// The producer's number of the first record; -1 without one.
    package var baseSequence: Int32
    /// How many records follow.
    package var recordCount: Int32

    /// Length of the header.
    package static let byteCount = 61
    /// Bytes up to the field that the length counts from: offset and length.
    package static let overhead = 12
    /// From here on the checksum covers the batch.
    static let checkedFrom = 21
    /// The version that everything here is about.
    static let currentMagic: Int8 = 2

    /// Where fields stand in a batch.
    enum Field {
        static let baseOffset = 0
        static let batchLength = 8
        static let partitionLeaderEpoch = 12
        static let magic = 16
        static let crc = 17
        static let attributes = 21
        static let lastOffsetDelta = 23
        static let baseTimestamp = 27
        static let maxTimestamp = 35
        static let producerID = 43
        static let producerEpoch = 51
        static let baseSequence = 53
        static let recordCount = 57
    }

    /// The header that the bytes begin with; nil when there are fewer than 61.
    ///
    /// Nothing of it is checked.
    @inline(__always)
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount else { return nil }
        baseOffset = bytes.number(at: Field.baseOffset)
        batchLength = bytes.number(at: Field.batchLength)
        partitionLeaderEpoch = bytes.number(at: Field.partitionLeaderEpoch)
        magic = bytes.number(at: Field.magic)
        crc = bytes.number(at: Field.crc)
        attributes = BatchAttributes(rawValue: bytes.number(at: Field.attributes))
        lastOffsetDelta = bytes.number(at: Field.lastOffsetDelta)
        baseTimestamp = bytes.number(at: Field.baseTimestamp)
        maxTimestamp = bytes.number(at: Field.maxTimestamp)
        producerID = bytes.number(at: Field.producerID)
        producerEpoch = bytes.number(at: Field.producerEpoch)
        baseSequence = bytes.number(at: Field.baseSequence)
        recordCount = bytes.number(at: Field.recordCount)
    }

    /// Writes the header to memory that has room for its 61 bytes.
    func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.store(baseOffset, at: Field.baseOffset)
        bytes.store(batchLength, at: Field.batchLength)
        bytes.store(partitionLeaderEpoch, at: Field.partitionLeaderEpoch)
        bytes.store(magic, at: Field.magic)
        bytes.store(crc, at: Field.crc)
        bytes.store(attributes.rawValue, at: Field.attributes)
        bytes.store(lastOffsetDelta, at: Field.lastOffsetDelta)
        bytes.store(baseTimestamp, at: Field.baseTimestamp)
        bytes.store(maxTimestamp, at: Field.maxTimestamp)
        bytes.store(producerID, at: Field.producerID)
        bytes.store(producerEpoch, at: Field.producerEpoch)
        bytes.store(baseSequence, at: Field.baseSequence)
        bytes.store(recordCount, at: Field.recordCount)
    }

    /// Length of the whole batch.
    package var totalBytes: Int { Int(batchLength) + Self.overhead }

    /// Offset of the last record.
    package var lastOffset: Int64 { baseOffset &+ Int64(lastOffsetDelta) }

    /// The producer's number of the last record; numbers go on at 0 after 2^31 - 1.
    package var lastSequence: Int32 { Self.sequence(baseSequence, after: lastOffsetDelta) }

    /// Whether an idempotent producer wrote it.
    package var hasProducer: Bool { producerID >= 0 }

    /// The number `steps` after a sequence number.
    static func sequence(_ base: Int32, after steps: Int32) -> Int32 {
        base < 0 ? base : Int32(truncatingIfNeeded: (Int64(base) + Int64(steps)) & Int64(Int32.max))
    }

    /// Whether the length could be that of a batch, so that the bytes may be read and checked.
    var isPlausible: Bool {
        magic == Self.currentMagic && batchLength >= Int32(Self.byteCount - Self.overhead) && lastOffsetDelta >= 0
            && baseOffset >= 0 && baseOffset <= Int64.max - Int64(Int32.max)
    }
}
