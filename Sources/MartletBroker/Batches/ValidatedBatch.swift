/// A batch that may be appended: exactly one, whole, with the checksum that it says, and within the rules of its topic.
///
/// Valid as long as its bytes are.
package struct ValidatedBatch {
    /// What the batch begins with; offset, epoch and perhaps timestamp become the broker's.
    package private(set) var header: RecordBatchHeader
    /// The batch as it came.
    let bytes: UnsafeRawBufferPointer

    /// Checks the bytes that a client wants appended to one partition.
    ///
    /// - Throws: ``LogError`` with 2, 10, 32, 76 or 87, as section "Produce" of Kafka's protocol has them.
    package init(
        _ bytes: UnsafeRawBufferPointer,
        rules: BatchRules,
        using decompressor: BatchDecompressor
    ) throws(LogError) {
        header = try Self.frame(bytes, rules)
        self.bytes = bytes
        guard let view = RecordBatchView(bytes) else { throw .corruptMessage("the batch is cut") }
        guard view.isIntact else { throw .corruptMessage("the checksum of the batch is not that of its bytes") }
        try Self.check(header, rules)
        let isPlain = header.attributes.codec == CompressionCodec.none
        if rules.needsKeys || rules.recordChecks == .all || (rules.recordChecks == .plain && isPlain) {
            try Self.checkRecords(of: view, rules, decompressor)
        }
    }

    /// Whether there is one batch of the right version and length.
    private static func frame(
        _ bytes: UnsafeRawBufferPointer,
        _ rules: BatchRules
    ) throws(LogError) -> RecordBatchHeader {
        guard bytes.count > RecordBatchHeader.Field.magic else { throw .corruptMessage("there is no batch") }
        let magic: Int8 = bytes.number(at: RecordBatchHeader.Field.magic)
        guard magic == RecordBatchHeader.currentMagic else {
            throw .invalidRecord("the batch has version \(magic); only version 2 is stored")
        }
        guard let header = RecordBatchHeader(bytes), header.batchLength >= 0, header.totalBytes <= bytes.count,
            header.totalBytes >= RecordBatchHeader.byteCount
        else { throw .corruptMessage("the batch is cut, or its length is wrong") }
        guard header.totalBytes == bytes.count else {
            throw .invalidRecord("there is more than one batch for one partition")
        }
        guard bytes.count <= rules.maxMessageBytes else {
            throw .messageTooLarge("the batch has \(bytes.count) bytes, and \(rules.maxMessageBytes) are allowed")
        }
        return header
    }

    private static func check(_ header: RecordBatchHeader, _ rules: BatchRules) throws(LogError) {
        guard header.recordCount > 0, header.lastOffsetDelta == header.recordCount - 1 else {
            throw .invalidRecord("the batch says \(header.recordCount) records over \(header.lastOffsetDelta) offsets")
        }
        guard let codec = header.attributes.codec, codec != .zstd || rules.allowsZstd else {
            throw .unsupportedCompression("the codec is unknown, or newer than the version of the request")
        }
        let kind = header.attributes
        guard !kind.isControl || rules.origin == .broker else {
            throw .invalidRecord("clients cannot write control batches")
        }
        guard !kind.isControl || (kind.isTransactional && header.hasProducer && header.recordCount == 1) else {
            throw .invalidRecord("a control batch ends the transaction of one producer")
        }
        if header.hasProducer {
            guard header.producerEpoch >= 0, header.baseSequence >= 0 || kind.isControl else {
                throw .invalidRecord("a producer without epoch or sequence number")
            }
        } else if kind.isTransactional {
            throw .invalidRecord("a transaction without a producer")
        }
        if let latest = rules.latestTimestamp, header.maxTimestamp > latest {
            throw .invalidTimestamp("the batch is from \(header.maxTimestamp), and \(latest) is the latest allowed")
        }
    }

    private static func checkRecords(
        of view: RecordBatchView,
        _ rules: BatchRules,
        _ decompressor: BatchDecompressor
    ) throws(LogError) {
        var records = try view.records(using: decompressor)
        var expected = view.header.baseOffset
        while let record = try records.next() {
            guard record.offset == expected else {
                throw .invalidRecord("the offsets within the batch do not follow one another")
            }
            guard record.key != nil || !rules.needsKeys || view.header.attributes.isControl else {
                throw .invalidRecord("a record without key on a compacted topic")
            }
            expected &+= 1
        }
        guard records.trailingBytes == 0 else { throw .invalidRecord("bytes after the last record") }
    }

    /// Gives the batch its place; the checksum does not cover these fields.
    mutating func assign(baseOffset: Int64, leaderEpoch: Int32) {
        header.baseOffset = baseOffset
        header.partitionLeaderEpoch = leaderEpoch
    }

    /// Makes `time` the timestamp of all its records, and the checksum right again.
    mutating func assign(logAppendTime time: Int64) {
        header.attributes.rawValue |= BatchAttributes.logAppendTime
        header.maxTimestamp = time
        seal()
    }

    /// Says that the records' own timestamps count, where a client set the bit that is the broker's.
    mutating func assignCreateTime() {
        guard header.attributes.isLogAppendTime else { return }
        header.attributes.rawValue &= ~BatchAttributes.logAppendTime
        seal()
    }

    private mutating func seal() {
        let begun = withHeaderBytes { Checksum.crc32c($0.slice(RecordBatchHeader.checkedFrom, $0.count)) }
        header.crc = Checksum.crc32c(records, from: begun)
    }

    /// The bytes after the header, which are stored as they came.
    var records: UnsafeRawBufferPointer { bytes.slice(RecordBatchHeader.byteCount, bytes.count) }

    /// The 61 bytes that the batch begins with from now on, in memory of their own: those that came stay as they are, so
    /// that nobody who has them as well makes a copy necessary.
    func withHeaderBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: RecordBatchHeader.byteCount, alignment: 8) { room in
            header.write(to: room)
            return body(UnsafeRawBufferPointer(room))
        }
    }
}
