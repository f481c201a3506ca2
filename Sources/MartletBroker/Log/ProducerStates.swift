/// The producers of a partition, and which transactions are open on it.
struct ProducerStates: Hashable, Sendable {
    /// A transaction that a marker ended.
    struct Ended: Hashable, Sendable {
        var producerID: Int64
        var firstOffset: Int64
        var lastOffset: Int64
        /// The first offset of those that are still open, else the one after the marker.
        var lastStableOffset: Int64
        var kind: ControlRecord.Kind
    }

    private struct Open: Hashable, Sendable {
        var firstOffset: Int64
        var producerID: Int64
    }

    private(set) var producers: [Int64: ProducerState] = [:]
    /// In the order of their first offsets.
    private var open: [Open] = []

    /// The first offset of the oldest open transaction.
    var firstOpenOffset: Int64? { open.first?.firstOffset }

    /// Producers with an open transaction and where it begins, oldest first.
    var openTransactions: [(producerID: Int64, firstOffset: Int64)] {
        open.map { ($0.producerID, $0.firstOffset) }
    }

    init() {}

    /// The states that a snapshot says.
    init(_ producers: [Int64: ProducerState]) {
        self.producers = producers
        open = producers.compactMap { id, state in
            state.transactionStart.map { Open(firstOffset: $0, producerID: id) }
        }.sorted { $0.firstOffset < $1.firstOffset }
    }

    /// Whether a producer's batch may be appended; the batch that is there in its place when it came before.
    ///
    /// A producer that is not known may start anywhere: retention may have taken what it wrote.
    ///
    /// - Throws: ``LogError`` 45, 47 or 48.
    func check(_ header: RecordBatchHeader) throws(LogError) -> ProducerState.Batch? {
        guard let state = producers[header.producerID] else { return nil }
        let who = "producer \(header.producerID)"
        guard header.producerEpoch >= state.epoch else {
            throw .invalidProducerEpoch("\(who) has epoch \(state.epoch), and the batch \(header.producerEpoch)")
        }
        let expected: Int32
        if header.producerEpoch > state.epoch {
            expected = 0
        } else {
            let last = header.lastSequence
            if let same = state.batches.last(where: {
                $0.baseSequence == header.baseSequence && $0.lastSequence == last
            }) {
                return same
            }
            expected = state.nextSequence
        }
        guard header.baseSequence == expected else {
            throw .outOfOrderSequence("\(who) is at number \(expected), and the batch at \(header.baseSequence)")
        }
        guard state.transactionStart == nil || header.attributes.isTransactional else {
            throw .invalidTransactionState("\(who) has an open transaction, and the batch is of none")
        }
        return nil
    }

    /// Whether a marker may be appended.
    ///
    /// - Throws: ``LogError`` 47 or 52.
    func check(_ header: RecordBatchHeader, marker: ControlRecord) throws(LogError) {
        guard let state = producers[header.producerID] else { return }
        guard header.producerEpoch >= state.epoch else {
            throw .invalidProducerEpoch("producer \(header.producerID) has epoch \(state.epoch) already")
        }
        guard marker.coordinatorEpoch >= state.coordinatorEpoch else {
            throw .coordinatorFenced("a coordinator of epoch \(state.coordinatorEpoch) wrote a marker already")
        }
    }

    /// Takes note of a batch that was appended.
    mutating func record(_ header: RecordBatchHeader, at now: Int64) {
        let batch = ProducerState.Batch(
            baseSequence: header.baseSequence,
            lastSequence: header.lastSequence,
            baseOffset: header.baseOffset,
            lastOffset: header.lastOffset,
            timestamp: header.maxTimestamp
        )
        let id = header.producerID
        producers[id, default: ProducerState(epoch: header.producerEpoch, lastSeen: now)]
            .remember(batch, epoch: header.producerEpoch, at: now)
        if header.attributes.isTransactional, producers[id]?.transactionStart == nil {
            producers[id]?.transactionStart = header.baseOffset
            open.append(Open(firstOffset: header.baseOffset, producerID: id))
        }
    }

    /// Takes note of a marker that was appended; the transaction that it ended, if one was open.
    mutating func record(_ header: RecordBatchHeader, marker: ControlRecord, at now: Int64) -> Ended? {
        var state = producers[header.producerID] ?? ProducerState(epoch: header.producerEpoch, lastSeen: now)
        if header.producerEpoch > state.epoch {
            state.epoch = header.producerEpoch
            state.batches.removeAll()
        }
        state.coordinatorEpoch = marker.coordinatorEpoch
        state.lastSeen = now
        let first = state.transactionStart
        state.transactionStart = nil
        producers[header.producerID] = state
        guard let first else { return nil }
        open.removeAll { $0.producerID == header.producerID }
        return Ended(
            producerID: header.producerID,
            firstOffset: first,
            lastOffset: header.lastOffset,
            lastStableOffset: firstOpenOffset ?? header.lastOffset + 1,
            kind: marker.kind
        )
    }

    /// Forgets producers that wrote nothing for longer than `idle` milliseconds and have no open transaction.
    mutating func expire(at now: Int64, idle: Int64) {
        let before = now.subtractingReportingOverflow(idle)
        guard !before.overflow else { return }
        producers = producers.filter { $0.value.transactionStart != nil || $0.value.lastSeen >= before.partialValue }
    }
}
