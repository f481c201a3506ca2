@testable import MartletBroker

/// Reads and writes messages of one type.
struct MessageCodec: Sendable {
    var api: APIKey
    var isRequest: Bool
    var read: @Sendable (inout WireReader, Int16) throws -> any WireMessage

    private init<Message: WireMessage>(_ type: Message.Type) {
        api = Message.api
        isRequest = type is any WireRequest.Type
        read = { reader, version in try Message.decode(&reader, version: version) }
    }

    var name: String { "\(api.name)\(isRequest ? "Request" : "Response")" }

    /// Reads the header that comes before the message.
    @discardableResult
    func readHeader(_ reader: inout WireReader, _ version: Int16) throws -> Int32 {
        if isRequest { return try RequestHeader.read(&reader).correlationID }
        return try ResponseHeader.read(&reader, api: api, version: version).correlationID
    }

    /// The body of a message.
    func body(_ message: any WireMessage, _ version: Int16) -> [UInt8] {
        var writer = WireWriter()
        message.encode(to: &writer, version: version)
        return writer.bytes
    }

    /// A message with length and header.
    func frame(_ message: any WireMessage, _ version: Int16, correlationID: Int32, clientID: String?) -> [UInt8] {
        switch message {
        case let request as any WireRequest:
            WireFrame.request(request, version: version, correlationID: correlationID, clientID: clientID)
        case let response as any WireResponse:
            WireBytes.joined(WireFrame.response(response, version: version, correlationID: correlationID))
        default: []
        }
    }

    /// Every message there is.
    static let all: [MessageCodec] = [
        pair(ProduceRequest.self), pair(FetchRequest.self), pair(ListOffsetsRequest.self), pair(MetadataRequest.self),
        pair(OffsetCommitRequest.self), pair(OffsetFetchRequest.self), pair(FindCoordinatorRequest.self),
        pair(JoinGroupRequest.self), pair(HeartbeatRequest.self), pair(LeaveGroupRequest.self),
        pair(SyncGroupRequest.self), pair(DescribeGroupsRequest.self), pair(ListGroupsRequest.self),
        pair(SaslHandshakeRequest.self), pair(ApiVersionsRequest.self), pair(CreateTopicsRequest.self),
        pair(DeleteTopicsRequest.self), pair(DeleteRecordsRequest.self), pair(InitProducerIDRequest.self),
        pair(OffsetForLeaderEpochRequest.self), pair(AddPartitionsToTxnRequest.self),
        pair(AddOffsetsToTxnRequest.self), pair(EndTxnRequest.self), pair(TxnOffsetCommitRequest.self),
        pair(DescribeConfigsRequest.self), pair(AlterConfigsRequest.self), pair(SaslAuthenticateRequest.self),
        pair(CreatePartitionsRequest.self), pair(DeleteGroupsRequest.self), pair(IncrementalAlterConfigsRequest.self),
        pair(OffsetDeleteRequest.self), pair(DescribeClusterRequest.self),
    ].flatMap { $0 }

    private static func pair<Request: WireRequest>(_ type: Request.Type) -> [MessageCodec] {
        [MessageCodec(type), MessageCodec(Request.Response.self)]
    }
}
