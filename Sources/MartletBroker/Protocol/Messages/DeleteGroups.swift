/// Deletes groups with their positions.
struct DeleteGroupsRequest: WireRequest {
    typealias Response = DeleteGroupsResponse

    static let api = APIKey.deleteGroups

    /// The groups.
    var groupsNames: [String]
}

extension DeleteGroupsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupsNames = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.array(groupsNames, version)
        writer.endTags()
    }
}

/// Tells which groups were deleted.
struct DeleteGroupsResponse: WireResponse {
    static let api = APIKey.deleteGroups

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// By group.
    var results: [Result]

    /// The outcome for one group.
    struct Result: WireElement {
        /// The group.
        var groupID: String
        /// Why it was not deleted.
        var errorCode: KafkaError = .none
    }
}

extension DeleteGroupsResponse {
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

extension DeleteGroupsResponse.Result {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.error(errorCode)
        writer.endTags()
    }
}
