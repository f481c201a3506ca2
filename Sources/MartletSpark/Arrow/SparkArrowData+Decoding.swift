package import MartletCore

extension SparkArrowData {
    /// The rows, read from the bytes and checked against what is known of them.
    ///
    /// Every message of Spark is an Arrow stream of its own: what was read from the one before says nothing of it.
    ///
    /// - Parameter expected: the schema of the batches before; nil for the first.
    /// - Returns: the schema and the batches.
    /// - Throws: `.arrowMalformed` when the bytes are no Arrow stream, or one of other columns or of another count of rows
    ///   than announced; `.arrowUnsupported`, `.arrowTooLarge`.
    package func decoded(_ expected: ArrowSchema?) throws(MartletError) -> ArrowStream {
        let stream = try ArrowStreamReader.read(bytes.arrow)
        if let expected { try stream.schema.check(against: expected) }
        // Neither many batches nor their rows are unbounded, so that this does not overflow.
        let rows = stream.batches.reduce(0) { $0 + $1.rowCount }
        guard rows == rowCount else {
            throw ArrowFailure.malformed("a batch has \(rows) rows, and Spark announced \(rowCount)")
        }
        return stream
    }
}
