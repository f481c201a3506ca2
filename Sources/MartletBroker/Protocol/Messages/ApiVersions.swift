/// Asks which APIs and versions are served.
struct ApiVersionsRequest: WireRequest {
    typealias Response = ApiVersionsResponse

    static let api = APIKey.apiVersions

    /// The client's library (from version 3).
    var clientSoftwareName: String = ""
    /// Its version (from version 3).
    var clientSoftwareVersion: String = ""
}

extension ApiVersionsRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 3 {
            clientSoftwareName = try reader.string()
            clientSoftwareVersion = try reader.string()
        }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 {
            writer.string(clientSoftwareName)
            writer.string(clientSoftwareVersion)
        }
        writer.endTags()
    }
}

/// Tells which APIs and versions are served.
struct ApiVersionsResponse: WireResponse {
    static let api = APIKey.apiVersions

    /// Why they are not told.
    var errorCode: KafkaError = .none
    /// The APIs.
    var apiKeys: [Versions]
    /// How long the client must be quiet for its quota (from version 1).
    var throttleTimeMs: Int32 = 0

    /// The versions of one API.
    struct Versions: WireElement {
        /// The number of the API.
        var apiKey: Int16
        /// The lowest version.
        var minVersion: Int16
        /// The highest version.
        var maxVersion: Int16
    }
}

extension ApiVersionsResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        apiKeys = try reader.array(version)
        if version >= 1 { throttleTimeMs = try reader.int32() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.array(apiKeys, version)
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.endTags()
    }
}

extension ApiVersionsResponse.Versions {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        apiKey = try reader.int16()
        minVersion = try reader.int16()
        maxVersion = try reader.int16()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int16(apiKey)
        writer.int16(minVersion)
        writer.int16(maxVersion)
        writer.endTags()
    }
}

extension ApiVersionsResponse {
    /// Tells the versions of `apis`.
    init(of apis: some Sequence<APIKey>) {
        let keys = apis.map { api in
            Versions(apiKey: api.rawValue, minVersion: api.versions.lowerBound, maxVersion: api.versions.upperBound)
        }
        self.init(apiKeys: keys)
    }

    /// The answer, in version 0, to a version of ApiVersions that is not known (KIP-511).
    static let fallback: ApiVersionsResponse = {
        var response = ApiVersionsResponse(of: [.apiVersions])
        response.errorCode = .unsupportedVersion
        return response
    }()
}
