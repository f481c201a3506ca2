/// Asks which groups there are.
struct ListGroupsRequest: WireRequest {
    typealias Response = ListGroupsResponse

    static let api = APIKey.listGroups

    /// Only groups in these states; empty for all (from version 4).
    var statesFilter: [String] = []
    /// Only groups of these types; empty for all (from version 5).
    var typesFilter: [String] = []
}

extension ListGroupsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 4 { statesFilter = try reader.array(version) }
        if version >= 5 { typesFilter = try reader.array(version) }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 4 { writer.array(statesFilter, version) }
        if version >= 5 { writer.array(typesFilter, version) }
        writer.endTags()
    }
}

/// Tells which groups there are.
struct ListGroupsResponse: WireResponse {
    static let api = APIKey.listGroups

    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0
    /// Why they are not told.
    var errorCode: KafkaError = .none
    /// The groups.
    var groups: [Group]

    /// One group.
    struct Group: WireElement {
        /// The group.
        var groupID: String
        /// What kind of group it is.
        var protocolType: String
        /// Its state (from version 4).
        var groupState: String = ""
        /// Its type: "classic" or "consumer" (from version 5).
        var groupType: String = ""
    }
}

extension ListGroupsResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 1 { throttleTimeMs = try reader.int32() }
        errorCode = try reader.error()
        groups = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        writer.array(groups, version)
        writer.endTags()
    }
}

extension ListGroupsResponse.Group {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        protocolType = try reader.string()
        if version >= 4 { groupState = try reader.string() }
        if version >= 5 { groupType = try reader.string() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.string(protocolType)
        if version >= 4 { writer.string(groupState) }
        if version >= 5 { writer.string(groupType) }
        writer.endTags()
    }
}
