import MartletCore

/// All that ``InMemoryStreams`` knows.
struct StreamsState {
    typealias Waiter = CheckedContinuation<Result<SourceEvent?, StreamError>, Never>
    typealias Stored = InMemoryStreams.Stored

    /// One partition's records.
    struct Log {
        var records = [Stored]()
        /// The next offset.
        var end: Int64 = 0
    }

    /// One group.
    struct Group {
        var committed = [TopicPartition: CommittedOffset]()
        /// Its sources, in the order in which they came.
        var members = [Int]()
        var generation = 0
    }

    /// One source.
    struct Source {
        var request: SourceRequest
        var assigned: Set<TopicPartition> = []
        /// What the group gives it next, once its members have given up what they had.
        var offer: Set<TopicPartition>?
        /// Whether it has to give up what it has.
        var mustRelease = false
        /// Whether the reader was told of the offer, or that it has to give up.
        var isTold = false
        var isLost = false
        var isClosed = false
        var failure: StreamError?
        var positions = [TopicPartition: Int64]()
        var paused: Set<TopicPartition> = []
        /// The offset at which the end of a partition was told last.
        var toldEnds = [TopicPartition: Int64]()
        var waiter: Waiter?
    }

    enum Ending {
        case open
        case committed
        case aborted
    }

    let now: @Sendable () -> Int64
    var topics = [String: [Log]]()
    var groups = [String: Group]()
    var sources = [Int: Source]()
    var failures = [InMemoryStreams.Operation: [StreamError]]()
    /// By number how a transaction ended.
    var endings = [Int: Ending]()
    /// By number and partition the first record of a transaction.
    private var starts = [Int: [TopicPartition: Int64]]()
    /// By transactional id how often it was taken over.
    var epochs = [String: Int]()
    var openTransactions = [String: Int]()
    private var numbers = 0
    private var turns = 0

    init(now: @escaping @Sendable () -> Int64) { self.now = now }

    mutating func nextNumber() -> Int {
        numbers += 1
        return numbers
    }

    mutating func takeFailure(_ operation: InMemoryStreams.Operation) -> StreamError? {
        guard failures[operation]?.isEmpty == false else { return nil }
        return failures[operation]?.removeFirst()
    }

    // MARK: Records

    func log(of partition: TopicPartition) -> Log? {
        guard let logs = topics[partition.topic], logs.indices.contains(Int(partition.partition)) else { return nil }
        return logs[Int(partition.partition)]
    }

    /// The records from an offset on that a reader sees.
    func visible(_ partition: TopicPartition, from offset: Int64, limit: Int, readsUncommitted: Bool) -> [Stored] {
        guard let log = log(of: partition) else { return [] }
        // Offsets grow by one, and by one more for each marker: binary search for the first.
        var low = 0
        var high = log.records.count
        while low < high {
            let middle = (low + high) / 2
            if log.records[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        var found = [Stored]()
        for record in log.records[low...] {
            if found.count >= limit { break }
            if !readsUncommitted, let transaction = record.transaction {
                if endings[transaction] == .open { break }
                if endings[transaction] == .aborted { continue }
            }
            found.append(record)
        }
        return found
    }

    /// The offset up to which a reader sees everything.
    func stableEnd(_ partition: TopicPartition, readsUncommitted: Bool) -> Int64 {
        guard let log = log(of: partition) else { return 0 }
        if readsUncommitted { return log.end }
        return openTransactions.values.compactMap { starts[$0]?[partition] }.min() ?? log.end
    }

    /// Adds a record.
    ///
    /// - Returns: where it is; nil when there is no such partition.
    mutating func append(
        _ record: OutgoingRecords.Record,
        to topic: String,
        transaction: Int?
    ) -> (partition: TopicPartition, offset: Int64)? {
        guard let logs = topics[topic], !logs.isEmpty else { return nil }
        let partition = record.partition.map { Int($0) } ?? choose(record.key, logs.count)
        guard logs.indices.contains(partition) else { return nil }
        let offset = logs[partition].end
        let stored = Stored(
            offset: offset,
            key: record.key.map { Array($0) },
            value: record.value.map { Array($0) },
            timestamp: record.timestamp > 0 ? record.timestamp : now(),
            headers: Array(record.headers),
            transaction: transaction
        )
        topics[topic]?[partition].records.append(stored)
        topics[topic]?[partition].end += 1
        let place = TopicPartition(topic, Int32(partition))
        if let transaction, starts[transaction]?[place] == nil { starts[transaction, default: [:]][place] = offset }
        return (place, offset)
    }

    /// Equal keys go to one partition, not the one that Kafka's clients choose; records without take turns.
    private mutating func choose(_ key: UnsafeRawBufferPointer?, _ count: Int) -> Int {
        guard let key else {
            turns += 1
            return turns % count
        }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(count))
    }

    /// Ends a transaction: its marker takes an offset in each of its partitions.
    mutating func end(_ transaction: Int, _ ending: Ending) {
        endings[transaction] = ending
        for partition in starts.removeValue(forKey: transaction)?.keys ?? [:].keys {
            topics[partition.topic]?[Int(partition.partition)].end += 1
        }
        wake()
    }
}
