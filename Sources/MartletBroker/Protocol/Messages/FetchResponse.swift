/// Carries record batches.
struct FetchResponse: WireResponse {
    static let api = APIKey.fetch

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// Why nothing at all was read (from version 7).
    var errorCode: KafkaError = .none
    /// The fetch session; 0 declines one (from version 7).
    var sessionID: Int32 = 0
    /// What was read.
    var topics: [Topic]

    /// What was read of one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// Its partitions.
        var partitions: [Partition]
    }

    /// What was read of one partition.
    struct Partition: WireElement {
        /// The partition.
        var partition: Int32
        /// Why it was not read.
        var errorCode: KafkaError = .none
        /// The offset behind the last that may be read.
        var highWatermark: Int64 = -1
        /// The first offset of the oldest open transaction, else the high watermark.
        var lastStableOffset: Int64 = -1
        /// The first offset of the log (from version 5).
        var logStartOffset: Int64 = -1
        /// Transactions whose records are to be left out; nil unless only what is committed is read.
        var abortedTransactions: [AbortedTransaction]?
        /// The broker to read from in future; -1 for this one (from version 11).
        var preferredReadReplica: Int32 = -1
        /// Whole record batches, of which the first may begin before the offset asked for.
        var records: WireRecords?
    }

    /// A transaction that was aborted.
    struct AbortedTransaction: WireElement {
        /// Whose.
        var producerID: Int64
        /// Where it begins; it ends at the producer's next abort marker.
        var firstOffset: Int64
    }
}

extension FetchResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        if version >= 7 {
            errorCode = try reader.error()
            sessionID = try reader.int32()
        }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        if version >= 7 {
            writer.error(errorCode)
            writer.int32(sessionID)
        }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension FetchResponse.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        partitions = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.array(partitions, version)
        writer.endTags()
    }
}

extension FetchResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partition = try reader.int32()
        errorCode = try reader.error()
        highWatermark = try reader.int64()
        lastStableOffset = try reader.int64()
        if version >= 5 { logStartOffset = try reader.int64() }
        abortedTransactions = try reader.nullableArray(version)
        if version >= 11 { preferredReadReplica = try reader.int32() }
        records = try reader.records().map(WireRecords.memory)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partition)
        writer.error(errorCode)
        writer.int64(highWatermark)
        writer.int64(lastStableOffset)
        if version >= 5 { writer.int64(logStartOffset) }
        writer.nullableArray(abortedTransactions, version)
        if version >= 11 { writer.int32(preferredReadReplica) }
        writer.records(records)
        writer.endTags()
    }
}

extension FetchResponse.AbortedTransaction {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        producerID = try reader.int64()
        firstOffset = try reader.int64()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int64(producerID)
        writer.int64(firstOffset)
        writer.endTags()
    }
}
