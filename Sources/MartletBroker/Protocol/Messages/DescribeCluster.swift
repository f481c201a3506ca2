/// Asks for the brokers of the cluster.
struct DescribeClusterRequest: WireRequest {
    typealias Response = DescribeClusterResponse

    static let api = APIKey.describeCluster

    /// Whether to tell what the client may do.
    var includeClusterAuthorizedOperations: Bool
    /// 1 for brokers, 2 for controllers (from version 1).
    var endpointType: Int8 = 1
}

extension DescribeClusterRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        includeClusterAuthorizedOperations = try reader.bool()
        if version >= 1 { endpointType = try reader.int8() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.bool(includeClusterAuthorizedOperations)
        if version >= 1 { writer.int8(endpointType) }
        writer.endTags()
    }
}

/// Tells the brokers of the cluster.
struct DescribeClusterResponse: WireResponse {
    static let api = APIKey.describeCluster

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// Why they are not told.
    var errorCode: KafkaError = .none
    /// What is wrong.
    var errorMessage: String?
    /// 1 for brokers, 2 for controllers (from version 1).
    var endpointType: Int8 = 1
    /// The cluster.
    var clusterID: String
    /// The broker that is the controller.
    var controllerID: Int32 = -1
    /// The brokers.
    var brokers: [Broker]
    /// What the client may do, a bit for each; the smallest number when not asked for.
    var clusterAuthorizedOperations: Int32 = .min

    /// A broker.
    struct Broker: WireElement {
        /// Its number.
        var brokerID: Int32
        /// Where clients reach it.
        var host: String
        /// At which port.
        var port: Int32
        /// Where it stands.
        var rack: String?
    }
}

extension DescribeClusterResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        if version >= 1 { endpointType = try reader.int8() }
        clusterID = try reader.string()
        controllerID = try reader.int32()
        brokers = try reader.array(version)
        clusterAuthorizedOperations = try reader.int32()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        if version >= 1 { writer.int8(endpointType) }
        writer.string(clusterID)
        writer.int32(controllerID)
        writer.array(brokers, version)
        writer.int32(clusterAuthorizedOperations)
        writer.endTags()
    }
}

extension DescribeClusterResponse.Broker {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        brokerID = try reader.int32()
        host = try reader.string()
        port = try reader.int32()
        rack = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(brokerID)
        writer.string(host)
        writer.int32(port)
        writer.nullableString(rack)
        writer.endTags()
    }
}
