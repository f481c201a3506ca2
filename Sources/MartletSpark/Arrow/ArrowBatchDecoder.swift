import MartletCore

/// Reads the columns of a record batch, parents before their parts.
///
/// Slots are those of `Message.fbs` of the Arrow format.
struct ArrowBatchDecoder {
    private let body: UnsafeRawBufferPointer
    private let nodes: UnsafeRawBufferPointer
    private let buffers: UnsafeRawBufferPointer
    private let codec: ArrowDecompressor.Codec?
    private let decompressor: ArrowDecompressor
    private let storage: ArrowStorage
    private var nextNode = 0
    private var nextBuffer = 0
    private var path = [String]()

    /// The batch in `message`.
    static func batch(
        _ message: ArrowMessage,
        _ schema: ArrowSchema,
        owner: AnyObject,
        _ decompressor: ArrowDecompressor
    ) throws(MartletError) -> ArrowBatch {
        var decoder = try ArrowBatchDecoder(message, owner: owner, decompressor)
        let rowCount = try count(message.header.number(4, or: Int64(0)))
        var columns = [ArrowColumn]()
        columns.reserveCapacity(schema.fields.count)
        for field in schema.fields {
            let column = try decoder.column(field)
            guard column.length == rowCount else {
                throw ArrowFailure.malformed("column \(field.name) has another count of rows than its batch")
            }
            columns.append(column)
        }
        guard decoder.nextNode == decoder.nodes.count, decoder.nextBuffer == decoder.buffers.count else {
            throw ArrowFailure.malformed("a batch has more columns than its schema")
        }
        return ArrowBatch(schema: schema, rowCount: rowCount, columns: columns)
    }

    private init(
        _ message: ArrowMessage,
        owner: AnyObject,
        _ decompressor: ArrowDecompressor
    ) throws(MartletError) {
        let empty = ArrowZeros.shared.bytes[..<0]
        body = message.body
        nodes = try message.header.vector(6, elementSize: 16) ?? UnsafeRawBufferPointer(rebasing: empty)
        buffers = try message.header.vector(8, elementSize: 16) ?? UnsafeRawBufferPointer(rebasing: empty)
        self.decompressor = decompressor
        storage = ArrowStorage(owner)
        guard let compression = try message.header.table(10) else {
            codec = nil
            return
        }
        let number = try compression.number(4, or: Int8(0))
        guard let known = ArrowDecompressor.Codec(rawValue: number), try compression.number(6, or: Int8(0)) == 0 else {
            throw ArrowFailure.unsupported("compression \(number) of Arrow", path: [])
        }
        codec = known
    }

    private static func count(_ value: Int64) throws(MartletError) -> Int {
        guard value >= 0 else { throw ArrowFailure.malformed("a count is negative") }
        guard value <= Limits.arrowRows else {
            throw ArrowFailure.tooLarge("a batch has too many rows", limit: Limits.arrowRows)
        }
        return Int(value)
    }

    /// The next pair of numbers in a vector of structs.
    private func pair(_ vector: UnsafeRawBufferPointer, _ next: inout Int) throws(MartletError) -> (Int64, Int64) {
        guard vector.count - next >= 16 else {
            throw ArrowFailure.malformed("a batch has fewer columns than its schema")
        }
        defer { next += 16 }
        return (
            Int64(littleEndian: vector.loadUnaligned(fromByteOffset: next, as: Int64.self)),
            Int64(littleEndian: vector.loadUnaligned(fromByteOffset: next + 8, as: Int64.self))
        )
    }

    /// The next buffer, plain and aligned to 8 bytes.
    private mutating func buffer() throws(MartletError) -> UnsafeRawBufferPointer {
        let (offset, length) = try pair(buffers, &nextBuffer)
        guard offset >= 0, length >= 0, offset <= body.count, length <= Int64(body.count) - offset else {
            throw malformed("lies outside its batch")
        }
        var bytes = UnsafeRawBufferPointer(rebasing: body[Int(offset)..<Int(offset + length)])
        if let codec {
            let (plain, memory) = try decompressor.plain(bytes, codec)
            bytes = plain
            if let memory { storage.keep(memory) }
        }
        guard let start = bytes.baseAddress, bytes.count > 0 else {
            return UnsafeRawBufferPointer(rebasing: ArrowZeros.shared.bytes[..<0])
        }
        if Int(bitPattern: start) & 7 == 0 { return bytes }
        // A stream that does not begin at a multiple of 8: this buffer alone is copied.
        try decompressor.charge(bytes.count, "its buffers are not aligned and stand for too many bytes")
        let memory = ArrowMemory(byteCount: bytes.count)
        memory.bytes.copyMemory(from: bytes)
        storage.keep(memory)
        return UnsafeRawBufferPointer(rebasing: memory.bytes[..<bytes.count])
    }

    private func malformed(_ what: String) -> MartletError {
        ArrowFailure.malformed("column \(path.joined(separator: ".")) \(what)")
    }

    private mutating func column(_ field: ArrowField) throws(MartletError) -> ArrowColumn {
        path.append(field.name)
        defer { path.removeLast() }
        let (declaredLength, declaredNulls) = try pair(nodes, &nextNode)
        let length = try Self.count(declaredLength)
        guard length <= Limits.arrowBytelessRows || !Self.isByteless(field.type) else {
            throw ArrowFailure.tooLarge("a column without bytes has too many rows", limit: Limits.arrowBytelessRows)
        }
        if field.type == .null { return ArrowColumn(field, length: length, nullCount: length, storage: storage) }
        let validity = try validity(length, declaredNulls)
        var column = ArrowColumn(field, length: length, nullCount: validity.nulls, storage: storage)
        column.validity = validity.bits
        try fill(&column)
        return column
    }

    private static func isByteless(_ type: ArrowType) -> Bool {
        switch type {
        case .null, .structure([]): true
        default: false
        }
    }

    /// The bits of the rows that are not null; none when no row is null.
    private mutating func validity(
        _ length: Int,
        _ declaredNulls: Int64
    ) throws(MartletError) -> (bits: UnsafePointer<UInt8>?, nulls: Int) {
        let bytes = try buffer()
        if declaredNulls == 0 { return (nil, 0) }
        guard bytes.count >= (length + 7) / 8, let start = bytes.baseAddress else {
            throw malformed("has fewer validity bits than rows")
        }
        let nulls = length - ArrowChecks.setBits(bytes, count: length)
        guard declaredNulls == nulls else { throw malformed("has another count of nulls than it says") }
        return (nulls == 0 ? nil : start.assumingMemoryBound(to: UInt8.self), nulls)
    }

    /// Reads the buffers after the validity.
    private mutating func fill(_ column: inout ArrowColumn) throws(MartletError) {
        let length = column.length
        switch column.type {
        case .boolean:
            column.data = try buffer()
            guard column.data.count >= (length + 7) / 8 else { throw malformed("has fewer values than rows") }
        case .utf8(let isLarge), .binary(let isLarge):
            let offsets = try offsets(length, isLarge)
            column.data = try buffer()
            guard offsets.last <= column.data.count else { throw malformed("points outside its bytes") }
            column.offsets = offsets.bytes
        case .list(let element, let isLarge):
            try fillList(&column, element, try offsets(length, isLarge))
        case .map(let key, let value, let entries, _):
            let entry = ArrowField(entries, .structure([key, value]), isNullable: false)
            try fillList(&column, entry, try offsets(length, false))
        case .structure(let members):
            for member in members {
                let child = try self.column(member)
                guard child.length >= length else { throw malformed("has parts with fewer rows") }
                column.children.append(child)
            }
        default:
            column.data = try buffer()
            // A count of rows is below 2^31, so that this does not overflow.
            guard let width = column.type.width, column.data.count >= length * width else {
                throw malformed("has fewer values than rows")
            }
        }
    }

    private mutating func fillList(
        _ column: inout ArrowColumn,
        _ element: ArrowField,
        _ offsets: (bytes: UnsafeRawBufferPointer, last: Int)
    ) throws(MartletError) {
        let child = try self.column(element)
        guard offsets.last <= child.length else { throw malformed("points outside its elements") }
        column.offsets = offsets.bytes
        column.children = [child]
    }

    /// The offsets of `length` rows, which never fall, and the last of them.
    private mutating func offsets(
        _ length: Int,
        _ isLarge: Bool
    ) throws(MartletError) -> (bytes: UnsafeRawBufferPointer, last: Int) {
        let bytes = try buffer()
        // Without rows even the one offset may be left out.
        if length == 0, bytes.count < (isLarge ? 8 : 4) { return (ArrowZeros.shared.bytes, 0) }
        let last =
            isLarge
            ? ArrowChecks.lastOffset(bytes, length, as: Int64.self)
            : ArrowChecks.lastOffset(bytes, length, as: Int32.self)
        guard let last else { throw malformed("has offsets that are out of order") }
        return (bytes, last)
    }
}
