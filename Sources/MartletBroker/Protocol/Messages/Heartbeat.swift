/// Shows that a member lives.
struct HeartbeatRequest: WireRequest {
    typealias Response = HeartbeatResponse

    static let api = APIKey.heartbeat

    /// The group.
    var groupID: String
    /// The generation.
    var generationID: Int32
    /// The member.
    var memberID: String
    /// The static member's name (from version 3).
    var groupInstanceID: String?
}

extension HeartbeatRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        generationID = try reader.int32()
        memberID = try reader.string()
        if version >= 3 { groupInstanceID = try reader.nullableString() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.int32(generationID)
        writer.string(memberID)
        if version >= 3 { writer.nullableString(groupInstanceID) }
        writer.endTags()
    }
}

/// Tells a member whether its generation goes on.
struct HeartbeatResponse: WireResponse {
    static let api = APIKey.heartbeat

    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0
    /// Why the member must join again.
    var errorCode: KafkaError = .none
}

extension HeartbeatResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 1 { throttleTimeMs = try reader.int32() }
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        writer.endTags()
    }
}
