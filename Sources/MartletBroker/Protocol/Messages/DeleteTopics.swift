/// Deletes topics.
struct DeleteTopicsRequest: WireRequest {
    typealias Response = DeleteTopicsResponse

    static let api = APIKey.deleteTopics

    /// The topics; before version 6 all have names.
    var topics: [Topic]
    /// How long to wait for it.
    var timeoutMs: Int32

    /// A topic to delete.
    struct Topic: WireElement {
        /// Its name; nil when its id is given.
        var name: String?
        /// Its id; zero when it is named (from version 6).
        var topicID: TopicID = .zero
    }
}

extension DeleteTopicsRequest {
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

extension DeleteTopicsRequest.Topic {
    /// Before version 6 the array holds names, without tagged fields of their own.
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 6 else {
            name = try reader.string()
            return
        }
        name = try reader.nullableString()
        topicID = try reader.topicID()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        guard version >= 6 else { return writer.string(name ?? "") }
        writer.nullableString(name)
        writer.topicID(topicID)
        writer.endTags()
    }
}

/// Tells which topics were deleted.
struct DeleteTopicsResponse: WireResponse {
    static let api = APIKey.deleteTopics

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic.
    var responses: [Topic]

    /// What became of one topic.
    struct Topic: WireElement {
        /// Its name; nil when its id is not known, where the version has null.
        var name: String?
        /// Its id (from version 6).
        var topicID: TopicID = .zero
        /// Why it was not deleted.
        var errorCode: KafkaError = .none
        /// What is wrong (from version 5).
        var errorMessage: String?
    }
}

extension DeleteTopicsResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        responses = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(responses, version)
        writer.endTags()
    }
}

extension DeleteTopicsResponse.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = version >= 6 ? try reader.nullableString() : try reader.string()
        if version >= 6 { topicID = try reader.topicID() }
        errorCode = try reader.error()
        if version >= 5 { errorMessage = try reader.nullableString() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name, isNullable: version >= 6)
        if version >= 6 { writer.topicID(topicID) }
        writer.error(errorCode)
        if version >= 5 { writer.nullableString(errorMessage) }
        writer.endTags()
    }
}
