/// Reads record batches from partitions.
struct FetchRequest: WireRequest {
    typealias Response = FetchResponse

    static let api = APIKey.fetch

    /// The broker that copies the log; -1 for a consumer.
    var replicaID: Int32 = -1
    /// How long to wait for ``minBytes``.
    var maxWaitMs: Int32
    /// How many bytes to wait for.
    var minBytes: Int32
    /// How many bytes to answer with at most; the first batch is sent even when it is larger (KIP-74).
    var maxBytes: Int32 = 0x7FFF_FFFF
    /// 0 to read everything, 1 to read what is committed.
    var isolationLevel: Int8 = 0
    /// The fetch session; 0 for none (from version 7).
    var sessionID: Int32 = 0
    /// The request's place in the session; -1 outside of sessions (from version 7).
    var sessionEpoch: Int32 = -1
    /// What to read.
    var topics: [Topic]
    /// What to leave out of the session from now on (from version 7).
    var forgottenTopics: [ForgottenTopic] = []
    /// Where the client stands (from version 11).
    var rackID: String = ""

    /// What to read of one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// Its partitions.
        var partitions: [Partition]
    }

    /// What to read of one partition.
    struct Partition: WireElement {
        /// The partition.
        var partition: Int32
        /// The leader epoch that the client knows; -1 for none (from version 9).
        var currentLeaderEpoch: Int32 = -1
        /// The first offset to read.
        var fetchOffset: Int64
        /// The leader epoch of the last record read; -1 for none (from version 12).
        var lastFetchedEpoch: Int32 = -1
        /// The first offset of a follower's log; -1 from consumers (from version 5).
        var logStartOffset: Int64 = -1
        /// How many bytes of this partition at most.
        var partitionMaxBytes: Int32
    }

    /// Partitions of a topic that leave the session.
    struct ForgottenTopic: WireElement {
        /// The topic.
        var name: String
        /// The partitions.
        var partitions: [Int32]
    }
}

extension FetchRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        replicaID = try reader.int32()
        maxWaitMs = try reader.int32()
        minBytes = try reader.int32()
        maxBytes = try reader.int32()
        isolationLevel = try reader.int8()
        if version >= 7 {
            sessionID = try reader.int32()
            sessionEpoch = try reader.int32()
        }
        topics = try reader.array(version)
        if version >= 7 { forgottenTopics = try reader.array(version) }
        if version >= 11 { rackID = try reader.string() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(replicaID)
        writer.int32(maxWaitMs)
        writer.int32(minBytes)
        writer.int32(maxBytes)
        writer.int8(isolationLevel)
        if version >= 7 {
            writer.int32(sessionID)
            writer.int32(sessionEpoch)
        }
        writer.array(topics, version)
        if version >= 7 { writer.array(forgottenTopics, version) }
        if version >= 11 { writer.string(rackID) }
        writer.endTags()
    }
}

extension FetchRequest.Topic {
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

extension FetchRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partition = try reader.int32()
        if version >= 9 { currentLeaderEpoch = try reader.int32() }
        fetchOffset = try reader.int64()
        if version >= 12 { lastFetchedEpoch = try reader.int32() }
        if version >= 5 { logStartOffset = try reader.int64() }
        partitionMaxBytes = try reader.int32()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partition)
        if version >= 9 { writer.int32(currentLeaderEpoch) }
        writer.int64(fetchOffset)
        if version >= 12 { writer.int32(lastFetchedEpoch) }
        if version >= 5 { writer.int64(logStartOffset) }
        writer.int32(partitionMaxBytes)
        writer.endTags()
    }
}

extension FetchRequest.ForgottenTopic {
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
