/// Asks for a producer id, or takes over a transactional id.
struct InitProducerIDRequest: WireRequest {
    typealias Response = InitProducerIDResponse

    static let api = APIKey.initProducerID

    /// The transactional id; nil for a producer that is only idempotent.
    var transactionalID: String?
    /// After so long the broker aborts a transaction.
    var transactionTimeoutMs: Int32
    /// The id the producer has, to raise its epoch (KIP-360, from version 3); -1 for none.
    var producerID: Int64 = -1
    /// The epoch the producer has; -1 for none (from version 3).
    var producerEpoch: Int16 = -1
}

extension InitProducerIDRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalID = try reader.nullableString()
        transactionTimeoutMs = try reader.int32()
        if version >= 3 {
            producerID = try reader.int64()
            producerEpoch = try reader.int16()
        }
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.nullableString(transactionalID)
        writer.int32(transactionTimeoutMs)
        if version >= 3 {
            writer.int64(producerID)
            writer.int16(producerEpoch)
        }
        writer.endTags()
    }
}

/// Gives a producer its id and epoch.
struct InitProducerIDResponse: WireResponse {
    static let api = APIKey.initProducerID

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// Why there is none.
    var errorCode: KafkaError = .none
    /// The producer's id.
    var producerID: Int64 = -1
    /// Its epoch.
    var producerEpoch: Int16 = -1
}

extension InitProducerIDResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        errorCode = try reader.error()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        writer.endTags()
    }
}
