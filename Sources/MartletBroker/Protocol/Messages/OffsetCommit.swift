/// Stores how far a group has read.
struct OffsetCommitRequest: WireRequest {
    typealias Response = OffsetCommitResponse

    static let api = APIKey.offsetCommit

    /// The group.
    var groupID: String
    /// The generation; -1 from a client outside of the group's membership.
    var generationID: Int32 = -1
    /// The member; empty outside of membership.
    var memberID: String = ""
    /// The static member's name (KIP-345, from version 7).
    var groupInstanceID: String?
    /// How long to keep the positions; -1 for the broker's rule (up to version 4).
    var retentionTimeMs: Int64 = -1
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
        /// The leader epoch of the last record read; -1 when not known (from version 6).
        var committedLeaderEpoch: Int32 = -1
        /// A text of the client's.
        var committedMetadata: String?
    }
}

extension OffsetCommitRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        generationID = try reader.int32()
        memberID = try reader.string()
        if version >= 7 { groupInstanceID = try reader.nullableString() }
        if version <= 4 { retentionTimeMs = try reader.int64() }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.int32(generationID)
        writer.string(memberID)
        if version >= 7 { writer.nullableString(groupInstanceID) }
        if version <= 4 { writer.int64(retentionTimeMs) }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension OffsetCommitRequest.Topic {
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

extension OffsetCommitRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        committedOffset = try reader.int64()
        if version >= 6 { committedLeaderEpoch = try reader.int32() }
        committedMetadata = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.int64(committedOffset)
        if version >= 6 { writer.int32(committedLeaderEpoch) }
        writer.nullableString(committedMetadata)
        writer.endTags()
    }
}

/// Tells which positions were stored.
struct OffsetCommitResponse: WireResponse {
    static let api = APIKey.offsetCommit

    /// How long the client must be quiet for its quota (from version 3).
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
        /// Why the position was not stored.
        var errorCode: KafkaError = .none
    }
}

extension OffsetCommitResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 3 { throttleTimeMs = try reader.int32() }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(throttleTimeMs) }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension OffsetCommitResponse.Topic {
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

extension OffsetCommitResponse.Partition {
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
