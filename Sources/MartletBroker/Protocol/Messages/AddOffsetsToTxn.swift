/// Adds the positions of a group to a transaction.
struct AddOffsetsToTxnRequest: WireRequest {
    typealias Response = AddOffsetsToTxnResponse

    static let api = APIKey.addOffsetsToTxn

    /// The transactional id.
    var transactionalID: String
    /// The producer.
    var producerID: Int64
    /// Its epoch.
    var producerEpoch: Int16
    /// The group.
    var groupID: String
}

extension AddOffsetsToTxnRequest {
    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        groupID = try reader.string()
        try reader.skipTags()
    }

    func write(to writer: inout WireWriter, version: Int16) {
        writer.string(transactionalID)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        writer.string(groupID)
        writer.endTags()
    }
}

/// Tells whether the group was added.
struct AddOffsetsToTxnResponse: WireResponse {
    static let api = APIKey.addOffsetsToTxn

    /// How long the client must be quiet for its quota.
    var throttleTimeMs: Int32 = 0
    /// Why it was not.
    var errorCode: KafkaError = .none
}

extension AddOffsetsToTxnResponse {
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
