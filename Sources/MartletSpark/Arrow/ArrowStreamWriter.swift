package import MartletCore

/// Writes rows as an Arrow IPC stream, as Spark takes local data (`LocalRelation.data`).
///
/// Format: https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format, little-endian, metadata of version
/// 5, not compressed.
package struct ArrowStreamWriter {
    /// The columns.
    package let schema: ArrowSchema
    /// Rows since the last batch.
    package private(set) var rowCount = 0
    private var builders: [ArrowColumnBuilder]
    private var bytes: [UInt8]

    /// A stream of rows of `schema`.
    package init(_ schema: ArrowSchema) {
        self.schema = schema
        builders = schema.fields.map { ArrowColumnBuilder($0) }
        bytes = []
        append(Self.message(1, schema.table, body: 0), body: [])
    }

    /// Adds a row.
    ///
    /// - Parameter values: one for each column: numbers may be of another width, decimals of another scale and times of
    ///   another unit, if nothing is lost.
    /// - Throws: `.arrowValueInvalid` when a value does not fit its column; the stream cannot be used after that.
    package mutating func append(_ values: [ArrowValue]) throws(MartletError) {
        guard values.count == builders.count else {
            throw ArrowFailure.invalid("row \(rowCount) has \(values.count) values for \(builders.count) columns")
        }
        for index in builders.indices { try builders[index].append(values[index]) }
        rowCount += 1
    }

    /// Ends a batch with the rows added since the last one; readers hold a batch as a whole.
    package mutating func endBatch() {
        var parts = ArrowBatchParts()
        for index in builders.indices {
            builders[index].write(to: &parts)
            builders[index] = ArrowColumnBuilder(schema.fields[index])
        }
        let header = FlatNode.table([
            4: .long(Int64(rowCount)),
            6: .reference(.structs(parts.nodes, numbersEach: 2)),
            8: .reference(.structs(parts.buffers, numbersEach: 2)),
        ])
        append(Self.message(3, header, body: parts.body.count), body: parts.body)
        rowCount = 0
    }

    /// The whole stream; a batch of the rows added last goes into it, also of none if there was no batch before.
    package consuming func finish() -> [UInt8] {
        if rowCount > 0 || !hasBatch { endBatch() }
        return bytes + [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]
    }

    private var hasBatch = false

    private mutating func append(_ metadata: [UInt8], body: [UInt8]) {
        hasBatch = !bytes.isEmpty
        bytes += [0xFF, 0xFF, 0xFF, 0xFF]
        withUnsafeBytes(of: Int32(metadata.count).littleEndian) { bytes += $0 }
        bytes += metadata
        bytes += body
    }

    private static func message(_ id: UInt8, _ header: FlatNode, body: Int) -> [UInt8] {
        FlatNode.table([4: .short(4), 6: .byte(id), 8: .reference(header), 10: .long(Int64(body))]).buffer()
    }
}

/// The nodes, buffers and body of a batch that is being written.
struct ArrowBatchParts {
    /// Rows and nulls of each column.
    var nodes: [Int64] = []
    /// Place and length of each buffer.
    var buffers: [Int64] = []
    var body: [UInt8] = []

    /// Adds a buffer, padded to 8 bytes.
    mutating func add(_ bytes: [UInt8]) {
        buffers += [Int64(body.count), Int64(bytes.count)]
        body += bytes
        while body.count % 8 != 0 { body.append(0) }
    }
}
