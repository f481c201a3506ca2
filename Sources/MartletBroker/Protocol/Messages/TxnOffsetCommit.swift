/// Stores how far a group has read, should the transaction be committed.
struct TxnOffsetCommitRequest: WireRequest {
    typealias Response = TxnOffsetCommitResponse

    static let api = APIKey.txnOffsetCommit

    /// The transactional id.
    var transactionalID: String
    /// The group.
    var groupID: String
    /// The producer.
    var producerID: Int64
    /// Its epoch.
    var producerEpoch: Int16
    /// The group's generation; -1 for none (from version 3).
    var generationID: Int32 = -1
    /// The member that has read (from version 3).
    var memberID: String = ""
    /// The static member's name (from version 3).
    var groupInstanceID: String?
    /// The positions.
    var topics: [Topic]

    /// The positions in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// The position in one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// The offset of the next record to read.
        var committedOffset: Int64
        /// The leader epoch of the last record read; -1 when not known (from version 2).
        var committedLeaderEpoch: Int32 = -1
        /// A text of the client's.
        var committedMetadata: String?
    }
}

extension TxnOffsetCommitRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalID = try reader.string()
        groupID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        if version >= 3 {
            generationID = try reader.int32()
            memberID = try reader.string()
            groupInstanceID = try reader.nullableString()
        }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(transactionalID)
        writer.string(groupID)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        if version >= 3 {
            writer.int32(generationID)
            writer.string(memberID)
            writer.nullableString(groupInstanceID)
        }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension TxnOffsetCommitRequest.Topic {
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

extension TxnOffsetCommitRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        committedOffset = try reader.int64()
        if version >= 2 { committedLeaderEpoch = try reader.int32() }
        committedMetadata = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.int64(committedOffset)
        if version >= 2 { writer.int32(committedLeaderEpoch) }
        writer.nullableString(committedMetadata)
        writer.endTags()
    }
}

/// Tells which positions were taken into the transaction.
struct TxnOffsetCommitResponse: WireResponse {
    static let api = APIKey.txnOffsetCommit

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var topics: [Topic]

    /// The outcome for one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// The outcome for one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// Why the position was not taken.
        var errorCode: KafkaError = .none
    }
}

extension TxnOffsetCommitResponse {
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

extension TxnOffsetCommitResponse.Topic {
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

extension TxnOffsetCommitResponse.Partition {
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
