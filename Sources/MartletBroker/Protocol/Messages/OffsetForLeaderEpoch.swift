/// Asks where the logs of leader epochs end, to find out whether a log was truncated (KIP-320).
struct OffsetForLeaderEpochRequest: WireRequest {
    typealias Response = OffsetForLeaderEpochResponse

    static let api = APIKey.offsetForLeaderEpoch

    /// The broker that asks; -1 for a consumer, -2 for a tool (from version 3).
    var replicaID: Int32 = -2
    /// By topic.
    var topics: [Topic]

    /// The epochs in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// The epoch in one partition.
    struct Partition: WireElement {
        /// The partition.
        var partition: Int32
        /// The leader epoch that the client knows; -1 for none.
        var currentLeaderEpoch: Int32 = -1
        /// The epoch whose end is asked for.
        var leaderEpoch: Int32
    }
}

extension OffsetForLeaderEpochRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 3 { replicaID = try reader.int32() }
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(replicaID) }
        writer.array(topics, version)
        writer.endTags()
    }
}

extension OffsetForLeaderEpochRequest.Topic {
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

extension OffsetForLeaderEpochRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partition = try reader.int32()
        currentLeaderEpoch = try reader.int32()
        leaderEpoch = try reader.int32()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partition)
        writer.int32(currentLeaderEpoch)
        writer.int32(leaderEpoch)
        writer.endTags()
    }
}

/// Tells where the logs of leader epochs end.
struct OffsetForLeaderEpochResponse: WireResponse {
    static let api = APIKey.offsetForLeaderEpoch

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var topics: [Topic]

    /// The ends in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// The end in one partition.
    struct Partition: WireElement {
        /// Why it is not told.
        var errorCode: KafkaError = .none
        /// The partition.
        var partition: Int32
        /// The largest epoch not above the one asked for.
        var leaderEpoch: Int32 = -1
        /// The offset behind its last record.
        var endOffset: Int64 = -1
    }
}

extension OffsetForLeaderEpochResponse {
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

extension OffsetForLeaderEpochResponse.Topic {
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

extension OffsetForLeaderEpochResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        partition = try reader.int32()
        leaderEpoch = try reader.int32()
        endOffset = try reader.int64()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.int32(partition)
        writer.int32(leaderEpoch)
        writer.int64(endOffset)
        writer.endTags()
    }
}
