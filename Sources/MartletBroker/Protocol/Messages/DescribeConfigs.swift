/// Asks for the settings of topics and brokers.
struct DescribeConfigsRequest: WireRequest {
    typealias Response = DescribeConfigsResponse

    static let api = APIKey.describeConfigs

    /// Of which.
    var resources: [Resource]
    /// Whether to tell what a value overrides.
    var includeSynonyms: Bool = false
    /// Whether to tell what settings mean (from version 3).
    var includeDocumentation: Bool = false

    /// A topic or a broker.
    struct Resource: WireElement {
        /// 2 for a topic, 4 for a broker.
        var resourceType: Int8
        /// The topic's name or the broker's number.
        var resourceName: String
        /// Which settings; nil for all.
        var configurationKeys: [String]?
    }
}

extension DescribeConfigsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        resources = try reader.array(version)
        includeSynonyms = try reader.bool()
        if version >= 3 { includeDocumentation = try reader.bool() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(resources, version)
        writer.bool(includeSynonyms)
        if version >= 3 { writer.bool(includeDocumentation) }
        writer.endTags()
    }
}

extension DescribeConfigsRequest.Resource {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        resourceType = try reader.int8()
        resourceName = try reader.string()
        configurationKeys = try reader.nullableArray(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int8(resourceType)
        writer.string(resourceName)
        writer.nullableArray(configurationKeys, version)
        writer.endTags()
    }
}

/// Tells the settings of topics and brokers.
struct DescribeConfigsResponse: WireResponse {
    static let api = APIKey.describeConfigs

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By topic or broker.
    var results: [Result]

    /// The settings of one topic or broker.
    struct Result: WireElement {
        /// Why they are not told.
        var errorCode: KafkaError = .none
        /// What is wrong.
        var errorMessage: String?
        /// 2 for a topic, 4 for a broker.
        var resourceType: Int8
        /// The topic's name or the broker's number.
        var resourceName: String
        /// The settings.
        var configs: [Config]
    }

    /// A setting.
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
        /// The values from all sources, the one that counts first.
        var synonyms: [Synonym]
        /// What kind of value: 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password (from version 3).
        var configType: Int8 = 0
        /// What it means (from version 3).
        var documentation: String?
    }

    /// The value from one source.
    struct Synonym: WireElement {
        /// The name it has there.
        var name: String
        /// The value; nil when secret.
        var value: String?
        /// The source, as in ``Config/configSource``.
        var source: Int8
    }
}

extension DescribeConfigsResponse {
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

extension DescribeConfigsResponse.Result {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        resourceType = try reader.int8()
        resourceName = try reader.string()
        configs = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.int8(resourceType)
        writer.string(resourceName)
        writer.array(configs, version)
        writer.endTags()
    }
}

extension DescribeConfigsResponse.Config {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        value = try reader.nullableString()
        readOnly = try reader.bool()
        configSource = try reader.int8()
        isSensitive = try reader.bool()
        synonyms = try reader.array(version)
        if version >= 3 {
            configType = try reader.int8()
            documentation = try reader.nullableString()
        }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.nullableString(value)
        writer.bool(readOnly)
        writer.int8(configSource)
        writer.bool(isSensitive)
        writer.array(synonyms, version)
        if version >= 3 {
            writer.int8(configType)
            writer.nullableString(documentation)
        }
        writer.endTags()
    }
}

extension DescribeConfigsResponse.Synonym {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        value = try reader.nullableString()
        source = try reader.int8()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.nullableString(value)
        writer.int8(source)
        writer.endTags()
    }
}
