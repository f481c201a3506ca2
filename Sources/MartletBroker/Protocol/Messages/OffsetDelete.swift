/// Deletes positions of a group in topics that it no longer reads (KIP-496).
struct OffsetDeleteRequest: WireRequest {
    typealias Response = OffsetDeleteResponse

    static let api = APIKey.offsetDelete

    /// The group.
    var groupID: String
    /// By topic.
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
    }
}

extension OffsetDeleteRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.array(topics, version)
        writer.endTags()
    }
}

extension OffsetDeleteRequest.Topic {
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

extension OffsetDeleteRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.endTags()
    }
}

/// Tells which positions were deleted.
struct OffsetDeleteResponse: WireResponse {
    static let api = APIKey.offsetDelete

    /// Why none was.
    var errorCode: KafkaError = .none
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
        /// Why it was not deleted.
        var errorCode: KafkaError = .none
    }
}

extension OffsetDeleteResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        throttleTimeMs = try reader.int32()
        topics = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.int32(throttleTimeMs)
        writer.array(topics, version)
        writer.endTags()
    }
}

extension OffsetDeleteResponse.Topic {
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

extension OffsetDeleteResponse.Partition {
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
