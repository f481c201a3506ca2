import MartletCore

internal import MartletCore

/// All transactional ids of a server.
///
/// A value without clock or effects. Every change is decided, made durable and applied, in this order; while one is
/// under way, other requests for the same id are told to come again (51). Rules: KIP-98, KIP-360, KIP-588.
struct TransactionCoordinator: Sendable {
    /// The longest timeout that a client may ask for, in milliseconds (`transaction.max.timeout.ms`): 15 minutes.
    let maxTimeout: Int64
    /// Milliseconds after which an id that nobody uses is forgotten (`transactional.id.expiration.ms`): 7 days.
    let retention: Int64
    /// What stands about each id.
    private(set) var transactions: [String: TransactionRecord] = [:]
    /// The ids for which a change is being made durable, and where that leads.
    private var changing: [String: TransactionPhase] = [:]
    /// The transactional id of each producer id in use.
    private var owners: [Int64: String] = [:]

    /// A coordinator without ids.
    init(maxTimeout: Int64 = 900_000, retention: Int64 = 7 * 86_400_000) {
        self.maxTimeout = maxTimeout
        self.retention = retention
    }

    /// Takes over a record that is durable now.
    mutating func apply(_ record: CoordinatorRecord) {
        switch record {
        case .transaction(let new):
            let old = transactions.updateValue(new, forKey: new.transactionalID)
            if let old, old.producerID != new.producerID { owners[old.producerID] = nil }
            owners[new.producerID] = new.transactionalID
            changing[new.transactionalID] = nil
        case .transactionDeleted(let id):
            if let old = transactions.removeValue(forKey: id) { owners[old.producerID] = nil }
            changing[id] = nil
        case .group, .groupDeleted, .offsetsCommitted, .offsetsDeleted, .offsetsEnded, .producerIDs: break
        }
    }

    /// A change could not be made durable: it has not happened; the client is to be told 15, and tries again.
    mutating func abandon(_ records: [CoordinatorRecord]) {
        for record in records {
            switch record {
            case .transaction(let new): changing[new.transactionalID] = nil
            case .transactionDeleted(let id): changing[id] = nil
            default: break
            }
        }
    }

    /// Whether a change of the id is being made durable.
    func isChanging(_ id: String) -> Bool { changing[id] != nil }

    /// Decides a change.
    mutating func change(_ new: TransactionRecord) -> CoordinatorRecord {
        assert(transactions[new.transactionalID]?.phase.successors.contains(new.phase) ?? true)
        changing[new.transactionalID] = new.phase
        return .transaction(new)
    }

    /// Decides that an id is forgotten.
    mutating func forget(_ id: String) -> CoordinatorRecord {
        changing[id] = .empty
        return .transactionDeleted(id)
    }

    /// The records that make equal ids.
    var records: [CoordinatorRecord] {
        transactions.values.sorted { $0.transactionalID < $1.transactionalID }.map(CoordinatorRecord.transaction)
    }

    /// What is wrong with a batch of a transaction (48 when none holds the partition); to be asked for before each append.
    ///
    /// A batch that passed must be in the log before the markers of an ending that is decided later.
    func validateProduce(_ identity: ProducerIdentity, to partition: TopicPartition) -> KafkaError {
        guard let transaction = owners[identity.producerID].flatMap({ transactions[$0] }) else {
            return .invalidProducerIDMapping
        }
        guard identity.epoch == transaction.producerEpoch else {
            return .invalidProducerEpoch
        }
        let isOpen = transaction.phase == .ongoing && transaction.partitions.contains(partition)
        return isOpen && !isEnding(transaction) ? .none : .invalidTxnState
    }

    /// What stands about an id, if `identity` is its current producer and no change of it is under way.
    ///
    /// - Throws: what to tell the client; a fenced producer hears 90 when `tellsFenced`, else 47.
    func settled(
        _ id: String,
        _ identity: ProducerIdentity,
        tellsFenced: Bool
    ) throws(KafkaError) -> TransactionRecord {
        let transaction = try current(id, identity, tellsFenced: tellsFenced)
        guard changing[id] == nil else { throw .concurrentTransactions }
        return transaction
    }

    /// Whether the end of an id's transaction is decided, durable or not.
    func isEnding(_ transaction: TransactionRecord) -> Bool {
        transaction.phase.isPrepared || changing[transaction.transactionalID]?.isPrepared == true
    }

    /// What stands about an id, if `identity` is its current producer.
    ///
    /// - Throws: what to tell the client; a fenced producer hears 90 when `tellsFenced`, else 47.
    func current(
        _ id: String,
        _ identity: ProducerIdentity,
        tellsFenced: Bool
    ) throws(KafkaError) -> TransactionRecord {
        guard !id.isEmpty else { throw .invalidRequest }
        guard let transaction = transactions[id], transaction.producerID == identity.producerID else {
            throw .invalidProducerIDMapping
        }
        guard transaction.producerEpoch == identity.epoch else {
            throw tellsFenced ? .producerFenced : .invalidProducerEpoch
        }
        return transaction
    }
}
