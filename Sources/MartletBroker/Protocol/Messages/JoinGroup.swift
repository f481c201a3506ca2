/// Enters a group, or goes with it into a new generation.
struct JoinGroupRequest: WireRequest {
    typealias Response = JoinGroupResponse

    static let api = APIKey.joinGroup

    /// The group.
    var groupID: String
    /// After so long without a sign of life the member is taken out.
    var sessionTimeoutMs: Int32
    /// How long the member may take to join again; before version 1 as long as the session.
    var rebalanceTimeoutMs: Int32
    /// The member; empty when it is new.
    var memberID: String
    /// The static member's name (KIP-345, from version 5).
    var groupInstanceID: String?
    /// What kind of group it is; "consumer" for consumers.
    var protocolType: String
    /// The ways to divide work that the member knows, the one it likes best first.
    var protocols: [GroupProtocol]
    /// Why it joins, for the log (from version 8).
    var reason: String?

    /// One way to divide work.
    struct GroupProtocol: WireElement {
        /// Its name.
        var name: String
        /// What the leader needs to know of the member.
        var metadata: [UInt8]
    }
}

extension JoinGroupRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        sessionTimeoutMs = try reader.int32()
        rebalanceTimeoutMs = version >= 1 ? try reader.int32() : sessionTimeoutMs
        memberID = try reader.string()
        if version >= 5 { groupInstanceID = try reader.nullableString() }
        protocolType = try reader.string()
        protocols = try reader.array(version)
        if version >= 8 { reason = try reader.nullableString() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.int32(sessionTimeoutMs)
        if version >= 1 { writer.int32(rebalanceTimeoutMs) }
        writer.string(memberID)
        if version >= 5 { writer.nullableString(groupInstanceID) }
        writer.string(protocolType)
        writer.array(protocols, version)
        if version >= 8 { writer.nullableString(reason) }
        writer.endTags()
    }
}

extension JoinGroupRequest.GroupProtocol {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        metadata = try reader.data()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.data(metadata)
        writer.endTags()
    }
}

/// Tells a member its generation, and the leader whom to divide the work among.
struct JoinGroupResponse: WireResponse {
    static let api = APIKey.joinGroup

    /// How long the client must be quiet for its quota (from version 2).
    var throttleTimeMs: Int32 = 0
    /// Why the member did not get in.
    var errorCode: KafkaError = .none
    /// The generation.
    var generationID: Int32 = -1
    /// What kind of group it is (from version 7).
    var protocolType: String?
    /// The way to divide work that was chosen; nil for none, where the version has null.
    var protocolName: String?
    /// The member that divides the work.
    var leader: String
    /// Whether the leader leaves the assignment as it is (from version 9).
    var skipAssignment: Bool = false
    /// The member.
    var memberID: String
    /// All members, for the leader; empty for the others.
    var members: [Member]

    /// A member of the generation.
    struct Member: WireElement {
        /// The member.
        var memberID: String
        /// The static member's name (from version 5).
        var groupInstanceID: String?
        /// What it sent for the protocol that was chosen.
        var metadata: [UInt8]
    }
}

extension JoinGroupResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 2 { throttleTimeMs = try reader.int32() }
        errorCode = try reader.error()
        generationID = try reader.int32()
        if version >= 7 { protocolType = try reader.nullableString() }
        protocolName = version >= 7 ? try reader.nullableString() : try reader.string()
        leader = try reader.string()
        if version >= 9 { skipAssignment = try reader.bool() }
        memberID = try reader.string()
        members = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 2 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        writer.int32(generationID)
        if version >= 7 { writer.nullableString(protocolType) }
        writer.string(protocolName, isNullable: version >= 7)
        writer.string(leader)
        if version >= 9 { writer.bool(skipAssignment) }
        writer.string(memberID)
        writer.array(members, version)
        writer.endTags()
    }
}

extension JoinGroupResponse.Member {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        memberID = try reader.string()
        if version >= 5 { groupInstanceID = try reader.nullableString() }
        metadata = try reader.data()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(memberID)
        if version >= 5 { writer.nullableString(groupInstanceID) }
        writer.data(metadata)
        writer.endTags()
    }
}
