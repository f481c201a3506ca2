import MartletCore

/// Puts batches together from their chunks, and checks that none is missing or there twice.
struct BatchAssembler: Sendable {
    private struct Partial {
        var rowCount: Int64
        var startOffset: Int64
        var chunks: Int64
        var next: Int64
        var bytes: [UInt8]
    }

    private var partial: Partial?
    private var rows: Int64 = 0

    /// What is wrong with a batch.
    struct Fault: Error, Hashable, Sendable {
        /// What is wrong.
        var text: String
    }

    /// A batch, or a chunk of one, arrived.
    ///
    /// - Returns: the batch, if it is complete.
    /// - Throws: ``Fault`` for chunks and rows that do not follow each other, and for batches that are too large.
    mutating func add(
        _ message: ProtoExecutePlanResponse.ArrowBatch,
        _ data: SparkBytes
    ) throws(Fault) -> SparkArrowData? {
        guard message.rowCount >= 0, message.rowCount <= Int64(Int32.max) else {
            throw Fault(text: "a batch has \(message.rowCount) rows")
        }
        if message.hasStartOffset, message.startOffset != rows {
            throw Fault(text: "a batch begins with row \(message.startOffset), and row \(rows) is next")
        }
        let chunks = message.hasNumChunksInBatch ? message.numChunksInBatch : 1
        let index = message.hasChunkIndex ? message.chunkIndex : 0
        guard chunks >= 1, chunks <= Int64(Limits.sparkBatchChunks), index >= 0, index < chunks else {
            throw Fault(text: "chunk \(index) of \(chunks) of a batch")
        }
        if chunks == 1 {
            guard partial == nil else { throw Fault(text: "a batch begins while another is not complete") }
            return try complete(message.rowCount, data)
        }
        return try add(chunk: index, of: chunks, message, data)
    }

    /// The result ended.
    ///
    /// - Throws: ``Fault`` when a batch is not complete.
    func end() throws(Fault) {
        guard partial == nil else { throw Fault(text: "the result ends within a batch") }
    }

    private mutating func add(
        chunk index: Int64,
        of chunks: Int64,
        _ message: ProtoExecutePlanResponse.ArrowBatch,
        _ data: SparkBytes
    ) throws(Fault) -> SparkArrowData? {
        var current =
            partial
            ?? Partial(rowCount: message.rowCount, startOffset: rows, chunks: chunks, next: 0, bytes: [])
        guard index == current.next, chunks == current.chunks, message.rowCount == current.rowCount else {
            throw Fault(
                text: "chunk \(index) of \(chunks) of a batch, and chunk \(current.next) of \(current.chunks) is next"
            )
        }
        guard data.count <= Limits.sparkBatchBytes - current.bytes.count else {
            throw Fault(text: "a batch is larger than \(Limits.sparkBatchBytes) bytes")
        }
        partial = nil
        data.withUnsafeBytes { current.bytes.append(contentsOf: $0) }
        current.next += 1
        guard current.next == chunks else {
            partial = current
            return nil
        }
        return try complete(current.rowCount, SparkBytes(current.bytes))
    }

    private mutating func complete(_ rowCount: Int64, _ bytes: SparkBytes) throws(Fault) -> SparkArrowData {
        let (next, overflow) = rows.addingReportingOverflow(rowCount)
        guard !overflow else { throw Fault(text: "more rows than can be counted") }
        let batch = SparkArrowData(rowCount: Int(rowCount), startOffset: Int(rows), bytes: bytes)
        rows = next
        return batch
    }
}
