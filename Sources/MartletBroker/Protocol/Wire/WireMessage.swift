/// A request or a response without its header.
///
/// A value has the fields of all versions. What a version does not have keeps its default when read and is left out
/// when written, so that no one but the type itself knows of versions.
protocol WireMessage: WireElement {
    /// The API it belongs to.
    static var api: APIKey { get }
}

/// What a client asks for.
protocol WireRequest: WireMessage {
    /// What it is answered with.
    associatedtype Response: WireResponse

    /// The answer in which all that was asked for has failed with `error`, so that no client waits in vain.
    ///
    /// `message` tells what is wrong; some answers have no room for it.
    func failure(_ error: KafkaError, _ message: String?) -> Response
}

extension WireRequest {
    /// The answer in which all that was asked for has failed with `error`.
    func failure(_ error: KafkaError) -> Response { failure(error, nil) }
}

/// The answer to a request.
protocol WireResponse: WireMessage {}

extension WireMessage {
    /// Reads a message from where `reader` stands, behind the header.
    ///
    /// Bytes behind the message are left alone, as Kafka does: librdkafka 2.16 sends three too many when it asks for
    /// the metadata of all topics (its issue 5049).
    ///
    /// - Throws: ``WireError`` when the bytes are not such a message, or the version is not accepted.
    static func decode(_ reader: inout WireReader, version: Int16) throws(WireError) -> Self {
        guard api.accepted.contains(version) else {
            throw WireError(reason: .version(version), offset: reader.offset)
        }
        reader.isFlexible = api.isFlexible(version)
        return try Self(from: &reader, version: version)
    }

    /// Writes the message behind what `writer` holds.
    func encode(to writer: inout WireWriter, version: Int16) {
        writer.isFlexible = Self.api.isFlexible(version)
        write(to: &writer, version: version)
    }
}
