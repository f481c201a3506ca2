/// Carries a client's part of a login.
struct SaslAuthenticateRequest: WireRequest {
    typealias Response = SaslAuthenticateResponse

    static let api = APIKey.saslAuthenticate

    /// The message of the mechanism.
    var authBytes: [UInt8]
}

extension SaslAuthenticateRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        authBytes = try reader.data()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.data(authBytes)
        writer.endTags()
    }
}

/// Carries the broker's part of a login.
struct SaslAuthenticateResponse: WireResponse {
    static let api = APIKey.saslAuthenticate

    /// Why the login failed.
    var errorCode: KafkaError = .none
    /// What is wrong.
    var errorMessage: String?
    /// The message of the mechanism.
    var authBytes: [UInt8]
    /// After so long the client must log in again (KIP-368, from version 1); 0 for never.
    var sessionLifetimeMs: Int64 = 0
}

extension SaslAuthenticateResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        errorMessage = try reader.nullableString()
        authBytes = try reader.data()
        if version >= 1 { sessionLifetimeMs = try reader.int64() }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.data(authBytes)
        if version >= 1 { writer.int64(sessionLifetimeMs) }
        writer.endTags()
    }
}
