/// Goes through the records of a batch without copying or allocating.
package struct RecordReader {
    private let header: RecordBatchHeader
    private var cursor: ByteCursor
    private var remaining: Int32

    init(header: RecordBatchHeader, records: UnsafeRawBufferPointer) {
        self.header = header
        cursor = ByteCursor(records)
        remaining = header.recordCount
    }

    /// Bytes after the last record: there must be none.
    package var trailingBytes: Int { remaining > 0 ? 0 : cursor.remaining }

    /// The next record; nil after the last.
    ///
    /// - Throws: ``LogError`` 87 when the bytes are no record. Then there is no way on.
    package mutating func next() throws(LogError) -> RecordView? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        guard let length = cursor.varint(), length >= 0, let body = cursor.bytes(length),
            let record = RecordView(body, in: header)
        else {
            remaining = 0
            throw .invalidRecord("record \(header.recordCount - remaining) of the batch is damaged")
        }
        return record
    }
}

/// A record where it lies in memory: in the batch, or in what it was decompressed to.
package struct RecordView {
    /// The record's place in the partition.
    package let offset: Int64
    /// Milliseconds since 1970.
    package let timestamp: Int64
    /// The key; nil for none.
    package let key: UnsafeRawBufferPointer?
    /// The value; nil for a tombstone.
    package let value: UnsafeRawBufferPointer?
    /// How many headers it has.
    package let headerCount: Int
    private let headerBytes: UnsafeRawBufferPointer

    /// The record whose bytes, after its length, are these; nil when they are none.
    @inline(__always)
    fileprivate init?(_ bytes: UnsafeRawBufferPointer, in batch: RecordBatchHeader) {
        var cursor = ByteCursor(bytes)
        var key: UnsafeRawBufferPointer?
        var value: UnsafeRawBufferPointer?
        guard cursor.skip(1), let timestampDelta = cursor.varlong(), let offsetDelta = cursor.varint(),
            offsetDelta >= 0, offsetDelta <= batch.lastOffsetDelta,
            cursor.nullable(&key), cursor.nullable(&value),
            let headers = cursor.varint(), headers >= 0, headers <= cursor.remaining / 2
        else { return nil }
        self.key = key
        self.value = value
        offset = batch.baseOffset &+ Int64(offsetDelta)
        timestamp =
            batch.attributes.isLogAppendTime ? batch.maxTimestamp : batch.baseTimestamp &+ timestampDelta
        headerCount = headers
        headerBytes = bytes.slice(cursor.position, bytes.count)
        guard headers > 0 else {
            guard cursor.remaining == 0 else { return nil }
            return
        }
        // Checked here once, so that readers of headers need not.
        for _ in 0..<headers {
            var ignored: UnsafeRawBufferPointer?
            guard let length = cursor.varint(), length >= 0, cursor.skip(length), cursor.nullable(&ignored) else {
                return nil
            }
        }
        guard cursor.remaining == 0 else { return nil }
    }

    /// The headers in order; names may repeat.
    package var headers: RecordHeaders { RecordHeaders(count: headerCount, bytes: headerBytes) }
}

/// The headers of a record, where they lie.
package struct RecordHeaders: Sequence, IteratorProtocol {
    private var count: Int
    private var cursor: ByteCursor

    fileprivate init(count: Int, bytes: UnsafeRawBufferPointer) {
        self.count = count
        cursor = ByteCursor(bytes)
    }

    /// The next header: its name in UTF-8 and its value, which may be null.
    package mutating func next() -> (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)? {
        guard count > 0, let length = cursor.varint(), let name = cursor.bytes(length) else { return nil }
        var value: UnsafeRawBufferPointer?
        guard cursor.nullable(&value) else { return nil }
        count -= 1
        return (name, value)
    }
}
