/// Asks for a member's part of the work; the leader brings everyone's.
struct SyncGroupRequest: WireRequest {
    typealias Response = SyncGroupResponse

    static let api = APIKey.syncGroup

    /// The group.
    var groupID: String
    /// The generation.
    var generationID: Int32
    /// The member.
    var memberID: String
    /// The static member's name (from version 3).
    var groupInstanceID: String?
    /// What kind of group it is (from version 5).
    var protocolType: String?
    /// The way to divide work that was chosen (from version 5).
    var protocolName: String?
    /// Everyone's part, from the leader; empty from the others.
    var assignments: [Assignment]

    /// The part of one member.
    struct Assignment: WireElement {
        /// The member.
        var memberID: String
        /// Its part, in the protocol's own form.
        var assignment: [UInt8]
    }
}

extension SyncGroupRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        generationID = try reader.int32()
        memberID = try reader.string()
        if version >= 3 { groupInstanceID = try reader.nullableString() }
        if version >= 5 {
            protocolType = try reader.nullableString()
            protocolName = try reader.nullableString()
        }
        assignments = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.int32(generationID)
        writer.string(memberID)
        if version >= 3 { writer.nullableString(groupInstanceID) }
        if version >= 5 {
            writer.nullableString(protocolType)
            writer.nullableString(protocolName)
        }
        writer.array(assignments, version)
        writer.endTags()
    }
}

extension SyncGroupRequest.Assignment {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        memberID = try reader.string()
        assignment = try reader.data()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(memberID)
        writer.data(assignment)
        writer.endTags()
    }
}

/// Tells a member its part of the work.
struct SyncGroupResponse: WireResponse {
    static let api = APIKey.syncGroup

    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0
    /// Why there is none.
    var errorCode: KafkaError = .none
    /// What kind of group it is (from version 5).
    var protocolType: String?
    /// The way to divide work that was chosen (from version 5).
    var protocolName: String?
    /// The part, in the protocol's own form.
    var assignment: [UInt8]
}

extension SyncGroupResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 1 { throttleTimeMs = try reader.int32() }
        errorCode = try reader.error()
        if version >= 5 {
            protocolType = try reader.nullableString()
            protocolName = try reader.nullableString()
        }
        assignment = try reader.data()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        if version >= 5 {
            writer.nullableString(protocolType)
            writer.nullableString(protocolName)
        }
        writer.data(assignment)
        writer.endTags()
    }
}
