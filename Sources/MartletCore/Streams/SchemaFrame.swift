/// How clients of a schema registry say which schema a key or value was written with.
///
/// The form is that of Confluent's clients: before the bytes stand a zero, the schema's number in four bytes, and for
/// Protobuf which message of the schema it is; or, without touching the bytes, a header holds a one and the schema's
/// GUID in 16 bytes.
public struct SchemaFrame: Hashable, Sendable {
    /// Which schema it is.
    public enum Schema: Hashable, Sendable {
        /// Its number in the registry.
        case number(UInt32)
        /// Its GUID, 16 bytes.
        case guid([UInt8])
    }

    /// Whose schema a header names.
    public enum Part: String, Hashable, Sendable {
        case key = "__key_schema_id"
        case value = "__value_schema_id"
    }

    /// The schema.
    public var schema: Schema
    /// For Protobuf the way to the message: its index in the file, then among those nested in that, and so on.
    ///
    /// Empty for Avro and JSON.
    public var messageIndices: [Int32]

    /// A frame for a schema.
    public init(_ schema: Schema, messageIndices: [Int32] = []) {
        self.schema = schema
        self.messageIndices = messageIndices
    }

    /// Reads the frame before `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: a key or value.
    ///   - isProtobuf: whether the way to a message follows the number.
    /// - Returns: the frame, and how many bytes it takes.
    /// - Throws: ``MartletError`` MT6029 for bytes that are not framed.
    public static func read(
        _ bytes: UnsafeRawBufferPointer,
        isProtobuf: Bool = false
    ) throws(MartletError) -> (frame: Self, size: Int) {
        guard bytes.count >= 5, bytes[0] == 0 else {
            throw invalid(
                bytes.first.map { "they begin with \($0), and \(bytes.count) bytes follow" } ?? "there are none"
            )
        }
        let number = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
        var cursor = IndexCursor(bytes: bytes, position: 5)
        let indices = isProtobuf ? try cursor.indices() : []
        return (Self(.number(number), messageIndices: indices), cursor.position)
    }

    /// Reads the schema from the headers of a record; nil when none names it.
    ///
    /// - Throws: ``MartletError`` MT6029 for a header that names none.
    public static func read(_ headers: [RecordHeader], of part: Part) throws(MartletError) -> Self? {
        // As elsewhere in Kafka the last of a name counts.
        guard let header = headers.last(where: { $0.name == part.rawValue }) else { return nil }
        guard let bytes = header.value, let first = bytes.first else { throw invalid("\(part.rawValue) is empty") }
        let result = bytes.withUnsafeBytes { raw in
            Result { () throws(MartletError) -> Self? in
                if first == 0, raw.count >= 5 { return try read(raw, isProtobuf: raw.count > 5).frame }
                guard first == 1, raw.count >= 17 else { return nil }
                var cursor = IndexCursor(bytes: raw, position: 17)
                let indices = raw.count > 17 ? try cursor.indices() : []
                return Self(.guid(Array(bytes[1..<17])), messageIndices: indices)
            }
        }
        if let frame = try result.get() { return frame }
        throw invalid("\(part.rawValue) holds \(bytes.count) bytes that begin with \(first)")
    }

    /// The frame as bytes: what stands before a value, or the value of a header.
    ///
    /// - Parameter isProtobuf: whether the way to a message follows, also when it is the first.
    /// - Returns: the bytes.
    public func bytes(isProtobuf: Bool = false) -> [UInt8] {
        var bytes: [UInt8]
        switch schema {
        case .number(let number): bytes = [0] + withUnsafeBytes(of: number.bigEndian, Array.init)
        case .guid(let guid): bytes = [1] + guid
        }
        guard isProtobuf else { return bytes }
        // The first message, by far the most frequent, is a single zero instead of a list of one zero.
        if messageIndices == [0] || messageIndices.isEmpty { return bytes + [0] }
        Self.append(Int32(clamping: messageIndices.count), to: &bytes)
        for index in messageIndices { Self.append(index, to: &bytes) }
        return bytes
    }

    /// Appends a zigzag varint (Protobuf's sint32).
    private static func append(_ number: Int32, to bytes: inout [UInt8]) {
        var rest = UInt32(bitPattern: (number << 1) ^ (number >> 31))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    fileprivate static func invalid(_ reason: String) -> MartletError {
        MartletError(
            .schemaFrameInvalid,
            "the bytes are not framed by a schema registry's client",
            reason: reason,
            remedy: "see that the topic's writers use the registry, or read it without"
        )
    }
}

/// Reads the way to a message of a Protobuf schema.
private struct IndexCursor {
    let bytes: UnsafeRawBufferPointer
    var position: Int

    mutating func indices() throws(MartletError) -> [Int32] {
        let count = try varint()
        if count == 0 { return [0] }
        guard (1...Limits.schemaMessageIndices).contains(Int(count)) else {
            throw SchemaFrame.invalid("a message would be \(count) levels deep")
        }
        var indices = [Int32]()
        for _ in 0..<count { indices.append(try varint()) }
        return indices
    }

    private mutating func varint() throws(MartletError) -> Int32 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 35 {
            guard position < bytes.count else { throw SchemaFrame.invalid("they end within a number") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else {
                guard let unsigned = UInt32(exactly: value) else { break }
                return Int32(bitPattern: unsigned >> 1) ^ -Int32(bitPattern: unsigned & 1)
            }
            shift += 7
        }
        throw SchemaFrame.invalid("a number has more than 32 bits")
    }
}
