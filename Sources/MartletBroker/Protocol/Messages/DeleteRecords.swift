/// Moves the start of logs.
struct DeleteRecordsRequest: WireRequest {
    typealias Response = DeleteRecordsResponse

    static let api = APIKey.deleteRecords

    /// By topic.
    var topics: [Topic]
    /// How long to wait for it.
    var timeoutMs: Int32

    /// The new starts in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// The new start of one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// The first offset to keep; -1 for the high watermark.
        var offset: Int64
    }
}

extension DeleteRecordsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        topics = try reader.array(version)
        timeoutMs = try reader.int32()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(topics, version)
        writer.int32(timeoutMs)
        writer.endTags()
    }
}

extension DeleteRecordsRequest.Topic {
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

extension DeleteRecordsRequest.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        offset = try reader.int64()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.int64(offset)
        writer.endTags()
    }
}

/// Tells where logs start now.
struct DeleteRecordsResponse: WireResponse {
    static let api = APIKey.deleteRecords

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var topics: [Topic]

    /// The starts in one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// By partition.
        var partitions: [Partition]
    }

    /// The start of one partition.
    struct Partition: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// The first offset of the log.
        var lowWatermark: Int64 = -1
        /// Why it was not moved.
        var errorCode: KafkaError = .none
    }
}

extension DeleteRecordsResponse {
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

extension DeleteRecordsResponse.Topic {
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

extension DeleteRecordsResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        lowWatermark = try reader.int64()
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.int64(lowWatermark)
        writer.error(errorCode)
        writer.endTags()
    }
}
