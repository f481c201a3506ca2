/// Adds partitions to a transaction before it writes to them.
struct AddPartitionsToTxnRequest: WireRequest {
    typealias Response = AddPartitionsToTxnResponse

    static let api = APIKey.addPartitionsToTxn

    /// The transactional id.
    var transactionalID: String
    /// The producer.
    var producerID: Int64
    /// Its epoch.
    var producerEpoch: Int16
    /// By topic.
    var topics: [Topic]

    /// The partitions of one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// The partitions.
        var partitions: [Int32]
    }
}

extension AddPartitionsToTxnRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(transactionalID)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        writer.array(topics, version)
        writer.endTags()
    }
}

extension AddPartitionsToTxnRequest.Topic {
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

/// Tells which partitions were added.
struct AddPartitionsToTxnResponse: WireResponse {
    static let api = APIKey.addPartitionsToTxn

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var topics: [Topic]

    /// What became of the partitions of one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// What became of one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// Why it was not added.
        var errorCode: KafkaError = .none
    }
}

extension AddPartitionsToTxnResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(topics, version)
        writer.endTags()
    }
}

extension AddPartitionsToTxnResponse.Topic {
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

extension AddPartitionsToTxnResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.error(errorCode)
        writer.endTags()
    }
}
