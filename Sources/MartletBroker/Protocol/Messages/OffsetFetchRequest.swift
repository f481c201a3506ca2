/// Asks how far groups have read.
struct OffsetFetchRequest: WireRequest {
    typealias Response = OffsetFetchResponse

    static let api = APIKey.offsetFetch

    /// The groups; before version 8 there is one.
    var groups: [Group]
    /// Whether to refuse positions that a transaction may still replace (from version 7).
    var requireStable = false

    /// What to tell of one group.
    struct Group: WireElement {
        /// The group.
        var groupID: String
        /// Which topics; nil for all (from version 2).
        var topics: [Topic]?
    }

    /// What to tell of one topic.
    struct Topic: WireElement {
        /// The topic.
        var name: String
        /// The partitions.
        var partitionIndexes: [Int32]
    }
}

extension OffsetFetchRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groups = version >= 8 ? try reader.array(version) : [try Group(fields: &reader, version: version)]
        if version >= 7 { requireStable = try reader.bool() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 8 {
            writer.array(groups, version)
        } else {
            (groups.first ?? Group(groupID: "", topics: [])).writeFields(to: &writer, version: version)
        }
        if version >= 7 { writer.bool(requireStable) }
        writer.endTags()
    }
}

extension OffsetFetchRequest.Group {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        self = try Self(fields: &reader, version: version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writeFields(to: &writer, version: version)
        writer.endTags()
    }

    /// The fields alone, as they stand in the request itself before version 8.
    fileprivate init(fields reader: inout WireReader, version: Int16) throws(WireError) {
        groupID = try reader.string()
        topics = version >= 2 ? try reader.nullableArray(version) : try reader.array(version)
    }

    fileprivate func writeFields(to writer: inout WireWriter, version: Int16) {
        writer.string(groupID)
        writer.nullableArray(version >= 2 ? topics : topics ?? [], version)
    }
}

extension OffsetFetchRequest.Topic {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        name = try reader.string()
        partitionIndexes = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.array(partitionIndexes, version)
        writer.endTags()
    }
}
