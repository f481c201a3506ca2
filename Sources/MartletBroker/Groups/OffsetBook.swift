import MartletCore

/// How far a group has read: what counts, and what waits for the end of transactions.
struct OffsetBook: Hashable, Sendable {
    /// A position with its place among all commits of the group.
    struct Entry: Hashable, Sendable {
        /// The position.
        var committed: CommittedOffset
        /// Later commits have higher numbers.
        var order: Int
    }

    /// What counts.
    private(set) var committed: [TopicPartition: Entry] = [:]
    /// What waits, by producer.
    private(set) var pending: [Int64: [TopicPartition: Entry]] = [:]
    private var order = 0

    /// Whether nothing is in it.
    var isEmpty: Bool { committed.isEmpty && pending.isEmpty }

    /// Whether a transaction that is not over holds a position of the partition.
    func isPending(_ partition: TopicPartition) -> Bool {
        !pending.isEmpty && pending.values.contains { $0[partition] != nil }
    }

    /// Notes positions: those of a producer wait until its transaction ends.
    mutating func record(_ entries: [OffsetsRecord.Entry], producerID: Int64?) {
        for entry in entries {
            order += 1
            let new = Entry(committed: entry.committed, order: order)
            if let producerID {
                pending[producerID, default: [:]][entry.partition] = new
            } else {
                committed[entry.partition] = new
            }
        }
    }

    /// Ends a producer's transaction; a position that was committed after the transaction's one stays.
    mutating func end(producerID: Int64, isCommitted: Bool) {
        guard let ended = pending.removeValue(forKey: producerID), isCommitted else { return }
        for (partition, entry) in ended where (committed[partition]?.order ?? 0) < entry.order {
            committed[partition] = entry
        }
    }

    /// Removes what counts for some partitions, and what waits as well.
    mutating func remove(_ partitions: [TopicPartition]) {
        for partition in partitions {
            committed[partition] = nil
            for producerID in pending.keys {
                pending[producerID]?[partition] = nil
                if pending[producerID]?.isEmpty == true { pending[producerID] = nil }
            }
        }
    }

    /// The records that make an equal book, in the order of the commits.
    func records(groupID: String) -> [CoordinatorRecord] {
        var all = committed.map { (producerID: Int64?.none, partition: $0.key, entry: $0.value) }
        for (producerID, entries) in pending {
            all += entries.map { (producerID: producerID, partition: $0.key, entry: $0.value) }
        }
        var records: [OffsetsRecord] = []
        for (producerID, partition, entry) in all.sorted(by: { $0.entry.order < $1.entry.order }) {
            let item = OffsetsRecord.Entry(partition: partition, committed: entry.committed)
            // Together, as long as they are of one producer.
            if let last = records.indices.last, records[last].producerID == producerID,
                records[last].offsets.count < 1_000
            {
                records[last].offsets.append(item)
            } else {
                records.append(OffsetsRecord(groupID: groupID, producerID: producerID, offsets: [item]))
            }
        }
        return records.map(CoordinatorRecord.offsetsCommitted)
    }
}
