/// Makes topics.
struct CreateTopicsRequest: WireRequest {
    typealias Response = CreateTopicsResponse

    static let api = APIKey.createTopics

    /// The topics.
    var topics: [Topic]
    /// How long to wait for the topics.
    var timeoutMs: Int32 = 60_000
    /// Whether only to check.
    var validateOnly: Bool = false

    /// A topic to make.
    struct Topic: WireElement {
        /// Its name.
        var name: String
        /// How many partitions; -1 for the broker's default (from version 4), or with ``assignments``.
        var numPartitions: Int32 = -1
        /// How many replicas; -1 for the broker's default (from version 4), or with ``assignments``.
        var replicationFactor: Int16 = -1
        /// Where the replicas go; empty to let the broker choose.
        var assignments: [Assignment] = []
        /// Settings that differ from the broker's.
        var configs: [Config] = []
    }

    /// Where the replicas of one partition go.
    struct Assignment: WireElement {
        /// The partition.
        var partitionIndex: Int32
        /// The brokers.
        var brokerIDs: [Int32]
    }

    /// A setting.
    struct Config: WireElement {
        /// Its name.
        var name: String
        /// Its value.
        var value: String?
    }
}

extension CreateTopicsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        topics = try reader.array(version)
        timeoutMs = try reader.int32()
        validateOnly = try reader.bool()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(topics, version)
        writer.int32(timeoutMs)
        writer.bool(validateOnly)
        writer.endTags()
    }
}

extension CreateTopicsRequest.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        numPartitions = try reader.int32()
        replicationFactor = try reader.int16()
        assignments = try reader.array(version)
        configs = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.int32(numPartitions)
        writer.int16(replicationFactor)
        writer.array(assignments, version)
        writer.array(configs, version)
        writer.endTags()
    }
}

extension CreateTopicsRequest.Assignment {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        partitionIndex = try reader.int32()
        brokerIDs = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.array(brokerIDs, version)
        writer.endTags()
    }
}

extension CreateTopicsRequest.Config {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        value = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.nullableString(value)
        writer.endTags()
    }
}

/// Tells which topics were made.
struct CreateTopicsResponse: WireResponse {
    static let api = APIKey.createTopics

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var topics: [Topic]

    /// What became of one topic.
    struct Topic: WireElement {
        /// Its name.
        var name: String
        /// Its id (from version 7).
        var topicID: TopicID = .zero
        /// Why it was not made.
        var errorCode: KafkaError = .none
        /// What is wrong.
        var errorMessage: String?
        /// How many partitions it has; -1 when not told (from version 5).
        var numPartitions: Int32 = -1
        /// How many replicas; -1 when not told (from version 5).
        var replicationFactor: Int16 = -1
        /// All its settings; nil when not told (from version 5).
        var configs: [Config]?
    }

    /// A setting of the topic.
    struct Config: WireElement {
        /// Its name.
        var name: String
        /// Its value; nil when secret.
        var value: String?
        /// Whether it cannot be changed.
        var readOnly: Bool
        /// Where it comes from: 1 the topic, 4 the broker's file, 5 the default.
        var configSource: Int8 = -1
        /// Whether it is secret.
        var isSensitive: Bool
    }
}

extension CreateTopicsResponse {
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

extension CreateTopicsResponse.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        if version >= 7 { topicID = try reader.topicID() }
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        if version >= 5 {
            numPartitions = try reader.int32()
            replicationFactor = try reader.int16()
            configs = try reader.nullableArray(version)
        }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        if version >= 7 { writer.topicID(topicID) }
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        if version >= 5 {
            writer.int32(numPartitions)
            writer.int16(replicationFactor)
            writer.nullableArray(configs, version)
        }
        writer.endTags()
    }
}

extension CreateTopicsResponse.Config {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        value = try reader.nullableString()
        readOnly = try reader.bool()
        configSource = try reader.int8()
        isSensitive = try reader.bool()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.nullableString(value)
        writer.bool(readOnly)
        writer.int8(configSource)
        writer.bool(isSensitive)
        writer.endTags()
    }
}
