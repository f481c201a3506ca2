/// Adds partitions to topics.
struct CreatePartitionsRequest: WireRequest {
    typealias Response = CreatePartitionsResponse

    static let api = APIKey.createPartitions

    /// The topics.
    var topics: [Topic]
    /// How long to wait for it.
    var timeoutMs: Int32
    /// Whether only to check.
    var validateOnly: Bool

    /// A topic that grows.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// How many partitions it has afterwards.
        var count: Int32
        /// Where the replicas of the new ones go; nil to let the broker choose.
        var assignments: [Assignment]?
    }

    /// Where the replicas of one new partition go.
    struct Assignment: WireElement {
        /// The brokers.
        var brokerIDs: [Int32]
    }
}

extension CreatePartitionsRequest {
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

extension CreatePartitionsRequest.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        count = try reader.int32()
        assignments = try reader.nullableArray(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.int32(count)
        writer.nullableArray(assignments, version)
        writer.endTags()
    }
}

extension CreatePartitionsRequest.Assignment {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        brokerIDs = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(brokerIDs, version)
        writer.endTags()
    }
}

/// Tells which topics have grown.
struct CreatePartitionsResponse: WireResponse {
    static let api = APIKey.createPartitions

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var results: [Result]

    /// The outcome for one topic.
    struct Result: WireElement {
        /// The topic.
        var name: String
        /// Why it has not grown.
        var errorCode: KafkaError = .none
        /// What is wrong.
        var errorMessage: String?
    }
}

extension CreatePartitionsResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        results = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(results, version)
        writer.endTags()
    }
}

extension CreatePartitionsResponse.Result {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.endTags()
    }
}
