package import MartletCore

/// Reads Arrow IPC streams, of which each result batch of Spark is one.
///
/// Format: https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format. What is read are views of the bytes
/// given. Everything in them is checked before it is used, and here, so that columns need not check again.
package enum ArrowStreamReader {
    /// Reads a whole stream: a schema, record batches, and the mark of the end.
    ///
    /// - Parameter bytes: the stream; kept for as long as a column of it is.
    /// - Returns: the schema and the batches.
    /// - Throws: `.arrowMalformed` when the bytes are no such stream, `.arrowUnsupported` for types that Spark does not
    ///   send and for dictionaries, with the path of the field, `.arrowTooLarge` beyond the limits.
    package static func read(_ bytes: ArrowBytes) throws(MartletError) -> ArrowStream {
        var messages = ArrowMessages(bytes.buffer)
        guard let first = try messages.next(), first.kind == .schema else {
            throw ArrowFailure.malformed("it does not begin with a schema")
        }
        let schema = try ArrowSchemaDecoder.schema(first.header)
        let decompressor = ArrowDecompressor()
        var batches = [ArrowBatch]()
        while let message = try messages.next() {
            switch message.kind {
            case .recordBatch:
                guard batches.count < Limits.arrowBatches else {
                    throw ArrowFailure.tooLarge("it has too many batches", limit: Limits.arrowBatches)
                }
                batches.append(try ArrowBatchDecoder.batch(message, schema, owner: bytes.owner, decompressor))
            case .dictionaryBatch: throw ArrowFailure.unsupported("a dictionary", path: [])
            case .schema: throw ArrowFailure.malformed("it has a second schema")
            }
        }
        return ArrowStream(schema: schema, batches: batches)
    }
}

/// What an Arrow stream holds.
package struct ArrowStream: Sendable {
    /// The columns of every batch.
    package let schema: ArrowSchema
    /// The batches in their order.
    package let batches: [ArrowBatch]
}

/// A message of a stream.
struct ArrowMessage {
    enum Kind: UInt8 {
        case schema = 1
        case dictionaryBatch, recordBatch
    }

    let kind: Kind
    /// The table that says what the message is.
    let header: FlatTable
    /// The bytes after it.
    let body: UnsafeRawBufferPointer
}

/// The messages of a stream, one after the other.
struct ArrowMessages {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next message; nil at the mark of the end, after which nothing may come.
    mutating func next() throws(MartletError) -> ArrowMessage? {
        guard bytes.count - position >= 8 else { throw cut }
        guard bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self) == UInt32.max else {
            throw ArrowFailure.malformed("a message does not begin with its mark")
        }
        let length = Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: Int32.self)))
        position += 8
        if length == 0 {
            guard position == bytes.count else { throw ArrowFailure.malformed("there are bytes after its end") }
            return nil
        }
        let table = try FlatTable(rootOf: try take(length))
        // V4 and V5 differ only in unions.
        let version = try table.number(4, or: Int16(0))
        guard version == 3 || version == 4 else {
            throw ArrowFailure.unsupported("version \(version) of Arrow's metadata", path: [])
        }
        let id = try table.number(6, or: UInt8(0))
        guard let kind = ArrowMessage.Kind(rawValue: id) else {
            throw ArrowFailure.unsupported("message \(id) of Arrow", path: [])
        }
        guard let header = try table.table(8) else { throw ArrowFailure.malformed("a message has no header") }
        guard let bodyLength = Int(exactly: try table.number(10, or: Int64(0))) else { throw cut }
        return ArrowMessage(kind: kind, header: header, body: try take(bodyLength))
    }

    private mutating func take(_ count: Int) throws(MartletError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else { throw cut }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    private var cut: MartletError { ArrowFailure.malformed("it ends too early") }
}
