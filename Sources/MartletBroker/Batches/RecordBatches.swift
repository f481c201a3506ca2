/// The batches of a Fetch response's `records`, one after the other, where they lie.
///
/// A batch that is cut at the end is left out: brokers may answer so (KIP-74). What is no batch ends the sequence, and
/// ``hasRest`` says so.
package struct RecordBatches: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// The batches in these bytes.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Whether there are bytes after the last whole batch.
    package var hasRest: Bool { position < bytes.count }

    /// The next whole batch; its checksum is not looked at.
    package mutating func next() -> RecordBatchView? {
        guard position < bytes.count, let view = RecordBatchView(bytes.slice(position, bytes.count)) else { return nil }
        position += view.bytes.count
        return view
    }
}
