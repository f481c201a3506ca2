/// Replaces the settings of topics and brokers: what is not named goes back to its default.
struct AlterConfigsRequest: WireRequest {
    typealias Response = AlterConfigsResponse

    static let api = APIKey.alterConfigs

    /// By topic or broker.
    var resources: [Resource]
    /// Whether only to check.
    var validateOnly: Bool

    /// The settings of one topic or broker.
    struct Resource: WireElement {
        /// 2 for a topic, 4 for a broker.
        var resourceType: Int8
        /// The topic's name or the broker's number.
        var resourceName: String
        /// All settings that are not to have their default.
        var configs: [Config]
    }

    /// A setting.
    struct Config: WireElement {
        /// Its name.
        var name: String
        /// Its value.
        var value: String?
    }
}

extension AlterConfigsRequest {
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

extension AlterConfigsRequest.Resource {
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

extension AlterConfigsRequest.Config {
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

/// Tells which settings were replaced.
struct AlterConfigsResponse: WireResponse {
    static let api = APIKey.alterConfigs

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

extension AlterConfigsResponse {
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

extension AlterConfigsResponse.ResourceResponse {
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
