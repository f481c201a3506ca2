internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import SwiftProtobuf

/// One message of an execution, with the bytes of its batch left where they arrived.
struct ExecuteResponse: Sendable {
    /// The message without the bytes of its batch.
    var message: ProtoExecutePlanResponse
    /// The bytes of its batch, when it is a batch.
    var data: SparkBytes?
    /// The size of the whole message.
    var byteCount: Int
}

/// Reads messages of an execution without copying the bytes of batches, which are nearly all of a result.
struct ExecuteResponseDeserializer: MessageDeserializer {
    /// The message that bytes say.
    ///
    /// - Throws: `RPCError` when they say none.
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> ExecuteResponse {
        do {
            let (rest, range) = try bytes.withUnsafeBytes { try ExecuteResponseDeserializer.split($0) }
            let message = try ProtoExecutePlanResponse(serializedBytes: rest)
            guard let range else { return ExecuteResponse(message: message, data: nil, byteCount: bytes.count) }
            let data: SparkBytes =
                if let message = bytes as? GRPCNIOTransportBytes {
                    SparkBytes(of: message, in: range)
                } else {
                    SparkBytes(bytes.withUnsafeBytes { [UInt8]($0[range]) })
                }
            return ExecuteResponse(message: message, data: data, byteCount: bytes.count)
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(code: .dataLoss, message: "an answer cannot be read: \(error)")
        }
    }

    private static let batchField = 2
    private static let dataField = 2

    /// The message without the bytes of its batch, and where those are.
    static func split(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> (rest: [UInt8], data: Range<Int>?) {
        var reader = WireReader(bytes, in: 0..<bytes.count)
        var rest: [UInt8] = []
        var data: Range<Int>?
        while let field = try reader.next() {
            guard field.number == batchField, let payload = field.payload else {
                rest.append(contentsOf: bytes[field.whole])
                continue
            }
            var batch: [UInt8] = []
            // A later batch of the same message is merged into the former, as the format has it: its data wins.
            data = data ?? payload.lowerBound..<payload.lowerBound
            var inner = WireReader(bytes, in: payload)
            while let part = try inner.next() {
                if part.number == dataField, let found = part.payload {
                    data = found
                } else {
                    batch.append(contentsOf: bytes[part.whole])
                }
            }
            rest.append(UInt8(batchField << 3 | 2))
            WireReader.append(UInt64(batch.count), to: &rest)
            rest.append(contentsOf: batch)
        }
        return (rest, data)
    }
}

/// Bytes that are not of the wire format of protocol buffers.
struct WireError: Error {}

/// Goes through the fields of a message in the wire format of protocol buffers.
struct WireReader {
    /// One field: its number, where it stands with its tag, and where its content does if it has a length.
    struct Field {
        var number: Int
        var whole: Range<Int>
        var payload: Range<Int>?
    }

    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
        self.bytes = bytes
        position = max(0, range.lowerBound)
        end = min(range.upperBound, bytes.count)
    }

    mutating func next() throws(WireError) -> Field? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw WireError() }
        var payload: Range<Int>?
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: try skip(8)
        case 2:
            let length = try varint()
            guard length <= UInt64(end - position) else { throw WireError() }
            payload = position..<position + Int(length)
            position += Int(length)
        case 5: try skip(4)
        // Groups are of an older format, which Spark does not use.
        default: throw WireError()
        }
        return Field(number: Int(tag >> 3), whole: start..<position, payload: payload)
    }

    private mutating func skip(_ count: Int) throws(WireError) {
        guard count <= end - position else { throw WireError() }
        position += count
    }

    private mutating func varint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw WireError() }
            let byte = bytes[position]
            position += 1
            guard shift < 63 || byte <= 1 else { throw WireError() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw WireError()
    }

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
