/// What precedes every response.
struct ResponseHeader: Hashable, Sendable {
    /// That of the request.
    var correlationID: Int32

    /// Whether the header ends in tagged fields: in flexible versions, but never that of ApiVersions, which a client
    /// must be able to read before it knows the broker's versions.
    private static func hasTags(_ api: APIKey, _ version: Int16) -> Bool {
        api != .apiVersions && api.isFlexible(version)
    }

    /// Reads the header of a response to `api` in `version`.
    ///
    /// - Throws: ``WireError`` when the bytes are not a header.
    static func read(_ reader: inout WireReader, api: APIKey, version: Int16) throws(WireError) -> ResponseHeader {
        let header = ResponseHeader(correlationID: try reader.int32())
        reader.isFlexible = hasTags(api, version)
        try reader.skipTags()
        return header
    }

    /// Writes the header of a response to `api` in `version`.
    func write(to writer: inout WireWriter, api: APIKey, version: Int16) {
        writer.int32(correlationID)
        writer.isFlexible = Self.hasTags(api, version)
        writer.endTags()
    }
}
