/// Asks for brokers and topics.
struct MetadataRequest: WireRequest {
    typealias Response = MetadataResponse

    static let api = APIKey.metadata

    /// Which topics; nil for all, empty for none.
    var topics: [Topic]?
    /// Whether the broker may make topics that do not exist (from version 4).
    var allowAutoTopicCreation: Bool = true
    /// Whether to tell what the client may do to the cluster (versions 8 to 10).
    var includeClusterAuthorizedOperations: Bool = false
    /// Whether to tell what the client may do to the topics (from version 8).
    var includeTopicAuthorizedOperations: Bool = false

    /// A topic to tell of.
    struct Topic: WireElement {
        /// Its id; zero when it is named (from version 10).
        var topicID: TopicID = .zero
        /// Its name; nil when its id is given.
        var name: String?
    }
}

extension MetadataRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        topics = try reader.nullableArray(version)
        // Version 0 has no null; there no names mean all.
        if version == 0, topics?.isEmpty == true { topics = nil }
        if version >= 4 { allowAutoTopicCreation = try reader.bool() }
        if version >= 8, version <= 10 { includeClusterAuthorizedOperations = try reader.bool() }
        if version >= 8 { includeTopicAuthorizedOperations = try reader.bool() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.nullableArray(version == 0 ? topics ?? [] : topics, version)
        if version >= 4 { writer.bool(allowAutoTopicCreation) }
        if version >= 8, version <= 10 { writer.bool(includeClusterAuthorizedOperations) }
        if version >= 8 { writer.bool(includeTopicAuthorizedOperations) }
        writer.endTags()
    }
}

extension MetadataRequest.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 10 { topicID = try reader.topicID() }
        name = version >= 10 ? try reader.nullableString() : try reader.string()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 10 { writer.topicID(topicID) }
        writer.string(name, isNullable: version >= 10)
        writer.endTags()
    }
}

/// Tells brokers and topics.
struct MetadataResponse: WireResponse {
    static let api = APIKey.metadata

    /// How long the client must be quiet for its quota (from version 3).
    var throttleTimeMs: Int32 = 0
    /// The brokers.
    var brokers: [Broker]
    /// The cluster (from version 2).
    var clusterID: String?
    /// The broker that is the controller (from version 1).
    var controllerID: Int32 = -1
    /// The topics.
    var topics: [Topic]
    /// What the client may do to the cluster, a bit for each; the smallest number when not asked for (versions 8 to 10).
    var clusterAuthorizedOperations: Int32 = .min

    /// A broker.
    struct Broker: WireElement {
        /// Its number.
        var nodeID: Int32
        /// Where clients reach it.
        var host: String
        /// At which port.
        var port: Int32
        /// Where it stands (from version 1).
        var rack: String?
    }

    /// A topic.
    struct Topic: WireElement {
        /// Why it is not told.
        var errorCode: KafkaError = .none
        /// Its name; nil when its id is not known, where the version has null.
        var name: String?
        /// Its id (from version 10).
        var topicID: TopicID = .zero
        /// Whether it is one of the broker's own (from version 1).
        var isInternal: Bool = false
        /// Its partitions.
        var partitions: [Partition]
        /// What the client may do, a bit for each; the smallest number when not asked for (from version 8).
        var topicAuthorizedOperations: Int32 = .min
    }

    /// A partition.
    struct Partition: WireElement {
        /// What is wrong with it.
        var errorCode: KafkaError = .none
        /// Its number.
        var partitionIndex: Int32
        /// The broker that leads it; -1 for none.
        var leaderID: Int32
        /// How often the leader has changed (from version 7).
        var leaderEpoch: Int32 = -1
        /// The brokers that hold it.
        var replicaNodes: [Int32]
        /// Those of them that are in sync.
        var isrNodes: [Int32]
        /// Those of them that are away (from version 5).
        var offlineReplicas: [Int32] = []
    }
}

extension MetadataResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 3 { throttleTimeMs = try reader.int32() }
        brokers = try reader.array(version)
        if version >= 2 { clusterID = try reader.nullableString() }
        if version >= 1 { controllerID = try reader.int32() }
        topics = try reader.array(version)
        if version >= 8, version <= 10 { clusterAuthorizedOperations = try reader.int32() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(throttleTimeMs) }
        writer.array(brokers, version)
        if version >= 2 { writer.nullableString(clusterID) }
        if version >= 1 { writer.int32(controllerID) }
        writer.array(topics, version)
        if version >= 8, version <= 10 { writer.int32(clusterAuthorizedOperations) }
        writer.endTags()
    }
}

extension MetadataResponse.Broker {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        nodeID = try reader.int32()
        host = try reader.string()
        port = try reader.int32()
        if version >= 1 { rack = try reader.nullableString() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(nodeID)
        writer.string(host)
        writer.int32(port)
        if version >= 1 { writer.nullableString(rack) }
        writer.endTags()
    }
}

extension MetadataResponse.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        name = version >= 12 ? try reader.nullableString() : try reader.string()
        if version >= 10 { topicID = try reader.topicID() }
        if version >= 1 { isInternal = try reader.bool() }
        partitions = try reader.array(version)
        if version >= 8 { topicAuthorizedOperations = try reader.int32() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.string(name, isNullable: version >= 12)
        if version >= 10 { writer.topicID(topicID) }
        if version >= 1 { writer.bool(isInternal) }
        writer.array(partitions, version)
        if version >= 8 { writer.int32(topicAuthorizedOperations) }
        writer.endTags()
    }
}

extension MetadataResponse.Partition {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        partitionIndex = try reader.int32()
        leaderID = try reader.int32()
        if version >= 7 { leaderEpoch = try reader.int32() }
        replicaNodes = try reader.array(version)
        isrNodes = try reader.array(version)
        if version >= 5 { offlineReplicas = try reader.array(version) }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.int32(partitionIndex)
        writer.int32(leaderID)
        if version >= 7 { writer.int32(leaderEpoch) }
        writer.array(replicaNodes, version)
        writer.array(isrNodes, version)
        if version >= 5 { writer.array(offlineReplicas, version) }
        writer.endTags()
    }
}
