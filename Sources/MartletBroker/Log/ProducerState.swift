internal import MartletCore

/// What a partition knows of one producer, so that each of its batches is there once and in order (KIP-98).
struct ProducerState: Hashable, Sendable {
    /// A batch that is there already.
    struct Batch: Hashable, Sendable {
        var baseSequence: Int32
        var lastSequence: Int32
        var baseOffset: Int64
        /// Offset of its last record.
        var lastOffset: Int64
        var timestamp: Int64
    }

    /// The newest instance of the producer.
    var epoch: Int16
    /// The last batches, oldest first, all of this epoch.
    var batches: [Batch] = []
    /// The epoch of the coordinator that wrote the last marker; -1 before.
    var coordinatorEpoch: Int32 = -1
    /// Where its open transaction begins.
    var transactionStart: Int64?
    /// When it last wrote, in milliseconds since 1970.
    var lastSeen: Int64

    init(epoch: Int16, lastSeen: Int64) {
        self.epoch = epoch
        self.lastSeen = lastSeen
    }

    /// The sequence number that is next.
    var nextSequence: Int32 { batches.last.map { RecordBatchHeader.sequence($0.lastSequence, after: 1) } ?? 0 }

    mutating func remember(_ batch: Batch, epoch: Int16, at now: Int64) {
        if epoch != self.epoch {
            self.epoch = epoch
            batches.removeAll(keepingCapacity: true)
        }
        if batches.count >= Limits.rememberedBatches { batches.removeFirst() }
        batches.append(batch)
        lastSeen = now
    }
}
