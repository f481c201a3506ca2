/// Commits or aborts a transaction.
struct EndTxnRequest: WireRequest {
    typealias Response = EndTxnResponse

    static let api = APIKey.endTxn

    /// The transactional id.
    var transactionalID: String
    /// The producer.
    var producerID: Int64
    /// Its epoch.
    var producerEpoch: Int16
    /// Whether to commit; else to abort.
    var committed: Bool
}

extension EndTxnRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        committed = try reader.bool()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(transactionalID)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        writer.bool(committed)
        writer.endTags()
    }
}

/// Tells whether the transaction has ended.
struct EndTxnResponse: WireResponse {
    static let api = APIKey.endTxn

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// Why it has not.
    var errorCode: KafkaError = .none
}

extension EndTxnResponse {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        throttleTimeMs = try reader.int32()
        errorCode = try reader.error()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.endTags()
    }
}
