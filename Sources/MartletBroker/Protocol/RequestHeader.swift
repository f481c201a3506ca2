/// What precedes every request: which API and version it is, a number to tell answers apart, and who asks.
struct RequestHeader: Hashable, Sendable {
    /// The number of the API, served or not.
    var apiKey: Int16
    /// The version of the API.
    var apiVersion: Int16
    /// Comes back with the answer.
    var correlationID: Int32
    /// What the client calls itself; nil as well when the request is not of a version that can be read.
    var clientID: String?

    /// The API; nil when it is not served.
    var api: APIKey? { APIKey(rawValue: apiKey) }

    /// What to do with a request.
    enum Support: Hashable, Sendable {
        /// Its body can be read.
        case served(APIKey)
        /// It is ApiVersions in a version that is not known: answered with ``ApiVersionsResponse/fallback`` in version
        /// 0, upon which the client asks again in a version of the list (KIP-511).
        case versionFallback
        /// Nothing can be answered that its client would understand; the connection is closed.
        case unsupported
    }

    /// What to do with the request.
    var support: Support {
        guard let api else { return .unsupported }
        if api.accepted.contains(apiVersion) { return .served(api) }
        return api == .apiVersions ? .versionFallback : .unsupported
    }

    /// Reads the header, and sets `reader` to the encoding of the request's version.
    ///
    /// Of a request that is not served only the fixed part is read, the rest may be anything. The client id has a
    /// 16-bit length in both versions of the header.
    ///
    /// - Throws: ``WireError`` when the bytes are not a header.
    static func read(_ reader: inout WireReader) throws(WireError) -> RequestHeader {
        var header = RequestHeader(
            apiKey: try reader.int16(),
            apiVersion: try reader.int16(),
            correlationID: try reader.int32()
        )
        guard case .served(let api) = header.support else { return header }
        reader.isFlexible = api.isFlexible(header.apiVersion)
        header.clientID = try reader.headerString()
        try reader.skipTags()
        return header
    }

    /// Writes the header, and sets `writer` to the encoding of the request's version.
    func write(to writer: inout WireWriter) {
        writer.isFlexible = api?.isFlexible(apiVersion) ?? false
        writer.int16(apiKey)
        writer.int16(apiVersion)
        writer.int32(correlationID)
        writer.headerString(clientID)
        writer.endTags()
    }
}
