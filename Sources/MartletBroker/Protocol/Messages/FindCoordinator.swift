/// Asks which broker looks after groups or transactions.
struct FindCoordinatorRequest: WireRequest {
    typealias Response = FindCoordinatorResponse

    static let api = APIKey.findCoordinator

    /// 0 for groups, 1 for transactions (from version 1).
    var keyType: Int8 = 0
    /// The groups or transactional ids; before version 4 there is one.
    var keys: [String]
}

extension FindCoordinatorRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        keys = version >= 4 ? [] : [try reader.string()]
        if version >= 1 { keyType = try reader.int8() }
        if version >= 4 { keys = try reader.array(version) }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version < 4 { writer.string(keys.first ?? "") }
        if version >= 1 { writer.int8(keyType) }
        if version >= 4 { writer.array(keys, version) }
        writer.endTags()
    }
}

/// Tells which broker looks after groups or transactions.
struct FindCoordinatorResponse: WireResponse {
    static let api = APIKey.findCoordinator

    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0
    /// The broker of each key; before version 4 there is one.
    var coordinators: [Coordinator]

    /// The broker of one key.
    struct Coordinator: WireElement {
        /// The group or transactional id; before version 4 it is not told.
        var key: String = ""
        /// The broker; -1 for none.
        var nodeID: Int32 = -1
        /// Where clients reach it.
        var host: String = ""
        /// At which port; -1 for none.
        var port: Int32 = -1
        /// Why there is none.
        var errorCode: KafkaError = .none
        /// What is wrong (from version 1).
        var errorMessage: String?
    }
}

extension FindCoordinatorResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 1 { throttleTimeMs = try reader.int32() }
        coordinators =
            version >= 4
            ? try reader.array(version) : [try Coordinator(fromSingle: &reader, version: version)]
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        if version >= 4 {
            writer.array(coordinators, version)
        } else {
            let only = coordinators.first ?? Coordinator(errorCode: .coordinatorNotAvailable)
            only.writeSingle(to: &writer, version: version)
        }
        writer.endTags()
    }
}

extension FindCoordinatorResponse.Coordinator {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        key = try reader.string()
        nodeID = try reader.int32()
        host = try reader.string()
        port = try reader.int32()
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(key)
        writer.int32(nodeID)
        writer.string(host)
        writer.int32(port)
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.endTags()
    }

    /// Before version 4 the fields stand in the response itself, in another order.
    fileprivate init(fromSingle reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        if version >= 1 { errorMessage = try reader.nullableString() }
        nodeID = try reader.int32()
        host = try reader.string()
        port = try reader.int32()
    }

    fileprivate func writeSingle(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        if version >= 1 { writer.nullableString(errorMessage) }
        writer.int32(nodeID)
        writer.string(host)
        writer.int32(port)
    }
}
