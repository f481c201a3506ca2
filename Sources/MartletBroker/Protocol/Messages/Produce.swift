/// Appends record batches to partitions.
///
/// With acks 0 there is no answer.
struct ProduceRequest: WireRequest {
    typealias Response = ProduceResponse

    static let api = APIKey.produce

    /// The transaction's id; nil outside of transactions.
    var transactionalID: String?
    /// Who must have the batches before the answer: 0 nobody, 1 the leader, -1 all replicas in sync.
    var acks: Int16
    /// How long to wait for replicas.
    var timeoutMs: Int32
    /// The batches.
    var topics: [Topic]

    /// The batches for one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// The batches by partition.
        var partitions: [Partition]
    }

    /// The batch for one partition.
    struct Partition: WireElement {
        /// The partition.
        var index: Int32
        /// Record batches as sent, a part of the frame; nil for none.
        var records: ArraySlice<UInt8>?
    }
}

extension ProduceRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalID = try reader.nullableString()
        acks = try reader.int16()
        timeoutMs = try reader.int32()
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.nullableString(transactionalID)
        writer.int16(acks)
        writer.int32(timeoutMs)
        writer.array(topics, version)
        writer.endTags()
    }
}

extension ProduceRequest.Topic {
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

extension ProduceRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        index = try reader.int32()
        records = try reader.records()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(index)
        writer.records(records)
        writer.endTags()
    }
}

/// Tells where batches were appended.
struct ProduceResponse: WireResponse {
    static let api = APIKey.produce

    /// What became of each batch.
    var topics: [Topic]
    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0

    /// What became of the batches for one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// What became of the batch for one partition.
    struct Partition: WireElement {
        /// The partition.
        var index: Int32
        /// Why it was not appended.
        var errorCode: KafkaError = .none
        /// The offset of the batch's first record.
        var baseOffset: Int64 = -1
        /// The time that the broker gave the records; -1 when they keep their own.
        var logAppendTimeMs: Int64 = -1
        /// The first offset of the log (from version 5).
        var logStartOffset: Int64 = -1
        /// The records because of which the batch was refused (from version 8).
        var recordErrors: [RecordError] = []
        /// What is wrong (from version 8).
        var errorMessage: String?
    }

    /// Why one record was refused.
    struct RecordError: WireElement {
        /// Its place in the batch, from 0.
        var batchIndex: Int32
        /// What is wrong with it.
        var message: String?
    }
}

extension ProduceResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        topics = try reader.array(version)
        throttleTimeMs = try reader.int32()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(topics, version)
        writer.int32(throttleTimeMs)
        writer.endTags()
    }
}

extension ProduceResponse.Topic {
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

extension ProduceResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        index = try reader.int32()
        errorCode = try reader.error()
        baseOffset = try reader.int64()
        logAppendTimeMs = try reader.int64()
        if version >= 5 { logStartOffset = try reader.int64() }
        if version >= 8 {
            recordErrors = try reader.array(version)
            errorMessage = try reader.nullableString()
        }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(index)
        writer.error(errorCode)
        writer.int64(baseOffset)
        writer.int64(logAppendTimeMs)
        if version >= 5 { writer.int64(logStartOffset) }
        if version >= 8 {
            writer.array(recordErrors, version)
            writer.nullableString(errorMessage)
        }
        writer.endTags()
    }
}

extension ProduceResponse.RecordError {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        batchIndex = try reader.int32()
        message = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(batchIndex)
        writer.nullableString(message)
        writer.endTags()
    }
}
