internal import GRPCCore
internal import SwiftProtobuf

/// Writes messages as gRPC sends them.
struct SparkSerializer<Message: SwiftProtobuf.Message>: MessageSerializer {
    /// The bytes of a message.
    func serialize<Bytes: GRPCContiguousBytes>(_ message: Message) throws -> Bytes {
        let bytes: [UInt8] = try message.serializedBytes()
        return Bytes(bytes)
    }
}

/// Reads messages as gRPC receives them.
struct SparkDeserializer<Message: SwiftProtobuf.Message>: MessageDeserializer {
    /// The message that bytes say.
    ///
    /// - Throws: `RPCError` when they say none.
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Message {
        do {
            return try Message(serializedBytes: bytes.withUnsafeBytes { [UInt8]($0) })
        } catch {
            throw RPCError(code: .dataLoss, message: "an answer cannot be read: \(error)")
        }
    }
}
