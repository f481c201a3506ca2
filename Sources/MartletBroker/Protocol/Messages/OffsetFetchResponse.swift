/// Tells how far groups have read.
struct OffsetFetchResponse: WireResponse {
    static let api = APIKey.offsetFetch

    /// How long the client must be quiet for its quota (from version 3).
    var throttleTimeMs: Int32 = 0
    /// The groups; before version 8 there is one.
    var groups: [Group]

    /// How far one group has read.
    struct Group: WireElement {
        /// The group; before version 8 it is not told.
        var groupID: String = ""
        /// By topic.
        var topics: [Topic]
        /// Why nothing is told (from version 2).
        var errorCode: KafkaError = .none
    }

    /// How far a group has read one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// How far a group has read one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// The offset of the next record to read; -1 when there is no position.
        var committedOffset: Int64 = -1
        /// The leader epoch of the last record read; -1 when not known (from version 5).
        var committedLeaderEpoch: Int32 = -1
        /// A text of the client's.
        var metadata: String?
        /// Why it is not told.
        var errorCode: KafkaError = .none
    }
}

extension OffsetFetchResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 3 { throttleTimeMs = try reader.int32() }
        if version >= 8 {
            groups = try reader.array(version)
        } else {
            var only = Group(topics: try reader.array(version))
            if version >= 2 { only.errorCode = try reader.error() }
            groups = [only]
        }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(throttleTimeMs) }
        if version >= 8 {
            writer.array(groups, version)
        } else {
            writer.array(groups.first?.topics ?? [], version)
            if version >= 2 { writer.error(groups.first?.errorCode ?? .none) }
        }
        writer.endTags()
    }
}

extension OffsetFetchResponse.Group {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        topics = try reader.array(version)
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.array(topics, version)
        writer.error(errorCode)
        writer.endTags()
    }
}

extension OffsetFetchResponse.Topic {
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

extension OffsetFetchResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        committedOffset = try reader.int64()
        if version >= 5 { committedLeaderEpoch = try reader.int32() }
        metadata = try reader.nullableString()
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.int64(committedOffset)
        if version >= 5 { writer.int32(committedLeaderEpoch) }
        writer.nullableString(metadata)
        writer.error(errorCode)
        writer.endTags()
    }
}
