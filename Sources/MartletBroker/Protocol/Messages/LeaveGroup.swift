/// Takes members out of a group.
struct LeaveGroupRequest: WireRequest {
    typealias Response = LeaveGroupResponse

    static let api = APIKey.leaveGroup

    /// The group.
    var groupID: String
    /// Who leaves; before version 3 it is one.
    var members: [Member]

    /// A member that leaves.
    struct Member: WireElement {
        /// The member; empty when it is named by ``groupInstanceID``.
        var memberID: String
        /// The static member's name (from version 3).
        var groupInstanceID: String?
        /// Why it leaves, for the log (from version 5).
        var reason: String?
    }
}

extension LeaveGroupRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        members = version >= 3 ? try reader.array(version) : [Member(memberID: try reader.string())]
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        if version >= 3 { writer.array(members, version) } else { writer.string(members.first?.memberID ?? "") }
        writer.endTags()
    }
}

extension LeaveGroupRequest.Member {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        memberID = try reader.string()
        groupInstanceID = try reader.nullableString()
        if version >= 5 { reason = try reader.nullableString() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(memberID)
        writer.nullableString(groupInstanceID)
        if version >= 5 { writer.nullableString(reason) }
        writer.endTags()
    }
}

/// Tells which members have left.
struct LeaveGroupResponse: WireResponse {
    static let api = APIKey.leaveGroup

    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0
    /// Why nobody has; before version 3 also why the only member has not.
    var errorCode: KafkaError = .none
    /// What became of each member (from version 3).
    var members: [Member] = []

    /// What became of one member.
    struct Member: WireElement {
        /// The member.
        var memberID: String
        /// The static member's name.
        var groupInstanceID: String?
        /// Why it has not left.
        var errorCode: KafkaError = .none
    }
}

extension LeaveGroupResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 1 { throttleTimeMs = try reader.int32() }
        errorCode = try reader.error()
        if version >= 3 { members = try reader.array(version) }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        // One member's failure is the answer's where there is no list.
        let isSingle = version < 3 && errorCode == .none
        writer.error(isSingle ? members.first?.errorCode ?? .none : errorCode)
        if version >= 3 { writer.array(members, version) }
        writer.endTags()
    }
}

extension LeaveGroupResponse.Member {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        memberID = try reader.string()
        groupInstanceID = try reader.nullableString()
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(memberID)
        writer.nullableString(groupInstanceID)
        writer.error(errorCode)
        writer.endTags()
    }
}
