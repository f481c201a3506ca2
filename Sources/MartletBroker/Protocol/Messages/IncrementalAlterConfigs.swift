/// Changes single settings of topics and brokers (KIP-339).
struct IncrementalAlterConfigsRequest: WireRequest {
    typealias Response = IncrementalAlterConfigsResponse

    static let api = APIKey.incrementalAlterConfigs

    /// By topic or broker.
    var resources: [Resource]
    /// Whether only to check.
    var validateOnly: Bool

    /// The changes for one topic or broker.
    struct Resource: WireElement {
        /// 2 for a topic, 4 for a broker.
        var resourceType: Int8
        /// The topic's name or the broker's number.
        var resourceName: String
        /// The changes.
        var configs: [Config]
    }

    /// A change of one setting.
    struct Config: WireElement {
        /// Its name.
        var name: String
        /// 0 sets it, 1 resets it, 2 adds to a list, 3 takes from a list.
        var configOperation: Int8
        /// What to set, add or take.
        var value: String?
    }
}

extension IncrementalAlterConfigsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        resources = try reader.array(version)
        validateOnly = try reader.bool()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(resources, version)
        writer.bool(validateOnly)
        writer.endTags()
    }
}

extension IncrementalAlterConfigsRequest.Resource {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        resourceType = try reader.int8()
        resourceName = try reader.string()
        configs = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int8(resourceType)
        writer.string(resourceName)
        writer.array(configs, version)
        writer.endTags()
    }
}

extension IncrementalAlterConfigsRequest.Config {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        configOperation = try reader.int8()
        value = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.int8(configOperation)
        writer.nullableString(value)
        writer.endTags()
    }
}

/// Tells which settings were changed.
struct IncrementalAlterConfigsResponse: WireResponse {
    static let api = APIKey.incrementalAlterConfigs

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic or broker.
    var responses: [ResourceResponse]

    /// The outcome for one topic or broker.
    struct ResourceResponse: WireElement {
        /// Why they were not.
        var errorCode: KafkaError = .none
        /// What is wrong.
        var errorMessage: String?
        /// 2 for a topic, 4 for a broker.
        var resourceType: Int8
        /// The topic's name or the broker's number.
        var resourceName: String
    }
}

extension IncrementalAlterConfigsResponse {
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

extension IncrementalAlterConfigsResponse.ResourceResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        resourceType = try reader.int8()
        resourceName = try reader.string()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.int8(resourceType)
        writer.string(resourceName)
        writer.endTags()
    }
}
