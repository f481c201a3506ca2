/// Chooses how to log in.
struct SaslHandshakeRequest: WireRequest {
    typealias Response = SaslHandshakeResponse

    static let api = APIKey.saslHandshake

    /// The SASL mechanism.
    var mechanism: String
}

extension SaslHandshakeRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        mechanism = try reader.string()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(mechanism)
        writer.endTags()
    }
}

/// Tells whether that way is known.
struct SaslHandshakeResponse: WireResponse {
    static let api = APIKey.saslHandshake

    /// Why it is not.
    var errorCode: KafkaError = .none
    /// The mechanisms that are known.
    var mechanisms: [String]
}

extension SaslHandshakeResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        errorCode = try reader.error()
        mechanisms = try reader.array(version)
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.array(mechanisms, version)
        writer.endTags()
    }
}
