/// Asks for state and members of groups.
struct DescribeGroupsRequest: WireRequest {
    typealias Response = DescribeGroupsResponse

    static let api = APIKey.describeGroups

    /// The groups.
    var groups: [String]
    /// Whether to tell what the client may do (from version 3).
    var includeAuthorizedOperations: Bool = false
}

extension DescribeGroupsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groups = try reader.array(version)
        if version >= 3 { includeAuthorizedOperations = try reader.bool() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(groups, version)
        if version >= 3 { writer.bool(includeAuthorizedOperations) }
        writer.endTags()
    }
}

/// Tells state and members of groups.
struct DescribeGroupsResponse: WireResponse {
    static let api = APIKey.describeGroups

    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0
    /// The groups.
    var groups: [Group]

    /// One group; one that does not exist is "Dead", without an error.
    struct Group: WireElement {
        /// Why it is not described.
        var errorCode: KafkaError = .none
        /// The group.
        var groupID: String
        /// Its state, as Kafka names it.
        var groupState: String
        /// What kind of group it is.
        var protocolType: String
        /// The way to divide work that was chosen.
        var protocolData: String
        /// Its members.
        var members: [Member]
        /// What the client may do, a bit for each; the smallest number when not asked for (from version 3).
        var authorizedOperations: Int32 = .min
    }

    /// A member of a group.
    struct Member: WireElement {
        /// The member.
        var memberID: String
        /// The static member's name (from version 4).
        var groupInstanceID: String?
        /// What the client calls itself.
        var clientID: String
        /// Where it connects from.
        var clientHost: String
        /// What it sent for the protocol that was chosen.
        var memberMetadata: [UInt8]
        /// Its part of the work.
        var memberAssignment: [UInt8]
    }
}

extension DescribeGroupsResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 1 { throttleTimeMs = try reader.int32() }
        groups = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.array(groups, version)
        writer.endTags()
    }
}

extension DescribeGroupsResponse.Group {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        groupID = try reader.string()
        groupState = try reader.string()
        protocolType = try reader.string()
        protocolData = try reader.string()
        members = try reader.array(version)
        if version >= 3 { authorizedOperations = try reader.int32() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.string(groupID)
        writer.string(groupState)
        writer.string(protocolType)
        writer.string(protocolData)
        writer.array(members, version)
        if version >= 3 { writer.int32(authorizedOperations) }
        writer.endTags()
    }
}

extension DescribeGroupsResponse.Member {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        memberID = try reader.string()
        if version >= 4 { groupInstanceID = try reader.nullableString() }
        clientID = try reader.string()
        clientHost = try reader.string()
        memberMetadata = try reader.data()
        memberAssignment = try reader.data()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(memberID)
        if version >= 4 { writer.nullableString(groupInstanceID) }
        writer.string(clientID)
        writer.string(clientHost)
        writer.data(memberMetadata)
        writer.data(memberAssignment)
        writer.endTags()
    }
}
