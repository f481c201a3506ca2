/// Finds offsets by time.
struct ListOffsetsRequest: WireRequest {
    typealias Response = ListOffsetsResponse

    static let api = APIKey.listOffsets

    /// The broker that asks; -1 for a client.
    var replicaID: Int32 = -1
    /// 0 to count everything, 1 to count what is committed (from version 2).
    var isolationLevel: Int8 = 0
    /// What to look up.
    var topics: [Topic]

    /// What to look up in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// Its partitions.
        var partitions: [Partition]
    }

    /// What to look up in one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// The leader epoch that the client knows; -1 for none (from version 4).
        var currentLeaderEpoch: Int32 = -1
        /// Milliseconds since 1970, or -1 for the end, -2 for the start, -3 for the record of the latest time (from version 7).
        var timestamp: Int64
    }
}

extension ListOffsetsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        replicaID = try reader.int32()
        if version >= 2 { isolationLevel = try reader.int8() }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(replicaID)
        if version >= 2 { writer.int8(isolationLevel) }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension ListOffsetsRequest.Topic {
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

extension ListOffsetsRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        if version >= 4 { currentLeaderEpoch = try reader.int32() }
        timestamp = try reader.int64()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        if version >= 4 { writer.int32(currentLeaderEpoch) }
        writer.int64(timestamp)
        writer.endTags()
    }
}

/// Tells offsets.
struct ListOffsetsResponse: WireResponse {
    static let api = APIKey.listOffsets

    /// How long the client must be quiet for its quota (from version 2).
    var throttleTimeMs: Int32 = 0
    /// What was found.
    var topics: [Topic]

    /// What was found in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// Its partitions.
        var partitions: [Partition]
    }

    /// What was found in one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// Why nothing was looked up.
        var errorCode: KafkaError = .none
        /// The time of the record found; -1 when none was or an end was asked for.
        var timestamp: Int64 = -1
        /// The offset; -1 when there is no record so late.
        var offset: Int64 = -1
        /// The leader epoch of the record (from version 4).
        var leaderEpoch: Int32 = -1
    }
}

extension ListOffsetsResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 2 { throttleTimeMs = try reader.int32() }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 2 { writer.int32(throttleTimeMs) }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension ListOffsetsResponse.Topic {
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

extension ListOffsetsResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        errorCode = try reader.error()
        timestamp = try reader.int64()
        offset = try reader.int64()
        if version >= 4 { leaderEpoch = try reader.int32() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.error(errorCode)
        writer.int64(timestamp)
        writer.int64(offset)
        if version >= 4 { writer.int32(leaderEpoch) }
        writer.endTags()
    }
}
