/// Builds a record batch: for markers of transactions, compaction, tests and tools.
///
/// Clients build their own.
package struct RecordBatchBuilder {
    /// Who writes a batch, and its place among what he writes.
    package struct Producer: Hashable, Sendable {
        /// The producer's id.
        package var id: Int64
        /// Which instance of it.
        package var epoch: Int16
        /// The number of the first record; -1 for markers.
        package var baseSequence: Int32

        /// A producer and its place.
        package init(id: Int64, epoch: Int16, baseSequence: Int32) {
            self.id = id
            self.epoch = epoch
            self.baseSequence = baseSequence
        }

        /// Nobody in particular.
        package static let none = Self(id: -1, epoch: -1, baseSequence: -1)
    }

    /// A record's header: its name and its value, which may be null.
    package typealias Header = (name: String, value: [UInt8]?)

    private let attributes: BatchAttributes
    private let producer: Producer
    private let isFramed: Bool
    private let baseOffset: Int64
    private var records: [UInt8] = []
    private var baseTimestamp: Int64?
    private var maxTimestamp = Int64.min
    private var count: Int32 = 0
    private var lastOffsetDelta: Int32 = -1

    /// A batch without records.
    ///
    /// `hasFramedSnappy`: whether snappy gets the framing of snappy-java.
    package init(
        attributes: BatchAttributes = BatchAttributes(codec: .none),
        producer: Producer = .none,
        baseOffset: Int64 = 0,
        baseTimestamp: Int64? = nil,
        hasFramedSnappy: Bool = false
    ) {
        self.attributes = attributes
        self.producer = producer
        self.baseOffset = baseOffset
        self.baseTimestamp = baseTimestamp
        isFramed = hasFramedSnappy
    }

    /// How many records it has.
    package var recordCount: Int { Int(count) }

    /// Appends a record, at the next offset.
    package mutating func append(timestamp: Int64, key: [UInt8]?, value: [UInt8]?, headers: [Header] = []) {
        var body: [UInt8] = [0]
        body.append(varint: timestamp &- startTimestamp(timestamp))
        body.append(varint: Int64(lastOffsetDelta) + 1)
        body.append(nullable: key)
        body.append(nullable: value)
        body.append(varint: Int64(headers.count))
        for header in headers {
            body.append(nullable: Array(header.name.utf8))
            body.append(nullable: header.value)
        }
        append(body, timestamp, offsetDelta: lastOffsetDelta + 1)
    }

    /// Appends a record of another batch, at the offset that it has.
    mutating func append(_ record: RecordView) {
        guard let delta = Int32(exactly: record.offset - baseOffset) else { return }
        var body: [UInt8] = [0]
        body.append(varint: record.timestamp &- startTimestamp(record.timestamp))
        body.append(varint: Int64(delta))
        body.append(nullable: record.key)
        body.append(nullable: record.value)
        body.append(varint: Int64(record.headerCount))
        for header in record.headers {
            body.append(nullable: header.name)
            body.append(nullable: header.value)
        }
        append(body, record.timestamp, offsetDelta: delta)
    }

    private mutating func startTimestamp(_ timestamp: Int64) -> Int64 {
        if baseTimestamp == nil { baseTimestamp = timestamp }
        return baseTimestamp ?? timestamp
    }

    private mutating func append(_ body: [UInt8], _ timestamp: Int64, offsetDelta: Int32) {
        records.append(varint: Int64(body.count))
        records += body
        count += 1
        lastOffsetDelta = offsetDelta
        maxTimestamp = max(maxTimestamp, timestamp)
    }

    /// The batch.
    ///
    /// `lastOffsetDelta`: the place of the last record when later ones are gone; that of the last one here otherwise.
    /// `leaderEpoch`: the epoch that is written into it.
    ///
    /// - Throws: ``LogError`` 76 when the codec cannot be used.
    package func build(lastOffsetDelta: Int32? = nil, leaderEpoch: Int32 = -1) throws(LogError) -> [UInt8] {
        guard let codec = attributes.codec, let stored = BatchCompressor.compress(records, codec, isFramed: isFramed)
        else { throw .unsupportedCompression("the records cannot be compressed") }
        var checked: [UInt8] = []
        checked.reserveCapacity(stored.count + RecordBatchHeader.byteCount)
        checked.append(number: attributes.rawValue)
        checked.append(number: lastOffsetDelta ?? self.lastOffsetDelta)
        checked.append(number: baseTimestamp ?? -1)
        checked.append(number: count > 0 ? maxTimestamp : -1)
        checked.append(number: producer.id)
        checked.append(number: producer.epoch)
        checked.append(number: producer.baseSequence)
        checked.append(number: count)
        checked += stored
        guard let length = Int32(exactly: checked.count + 9) else {
            throw .messageTooLarge("the batch would be longer than its length can say")
        }
        var batch: [UInt8] = []
        batch.reserveCapacity(checked.count + RecordBatchHeader.checkedFrom)
        batch.append(number: baseOffset)
        batch.append(number: length)
        batch.append(number: leaderEpoch)
        batch.append(number: RecordBatchHeader.currentMagic)
        batch.append(number: checked.withUnsafeBytes { Checksum.crc32c($0) })
        return batch + checked
    }
}

extension [UInt8] {
    fileprivate mutating func append(nullable bytes: (some Collection<UInt8>)?) {
        append(varint: Int64(bytes?.count ?? -1))
        if let bytes { append(contentsOf: bytes) }
    }
}
