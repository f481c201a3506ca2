/// Everything the coordinators know: groups with their offsets, transactions, and the ids of producers.
///
/// How a server drives it, on one serial executor:
///
/// 1. A request is decided by ``groups``, ``transactions`` or ``producerIDs``; that may leave records.
/// 2. The records go to the journal in the order in which they were handed out, and are made durable; several decisions
///    may share one sync.
/// 3. ``apply(_:)``, in the same order. If step 2 failed, ``abandon(_:)`` instead, and the client is told 15.
/// 4. Answers are sent; a transaction that ends is carried out before (``TransactionEnding``).
struct CoordinatorState: Sendable {
    /// The consumer groups.
    var groups: GroupCoordinator
    /// The transactional ids.
    var transactions: TransactionCoordinator
    /// The ids of producers.
    var producerIDs = ProducerIDs()

    /// Nothing known.
    init(
        groups: GroupCoordinator = GroupCoordinator(),
        transactions: TransactionCoordinator = TransactionCoordinator()
    ) {
        self.groups = groups
        self.transactions = transactions
    }

    /// A client wants to be a producer (InitProducerId): of a transactional id, or, with nil, just an idempotent one.
    mutating func initProducerID(
        _ id: String?,
        timeout: Int32,
        expected: ProducerIdentity = .none,
        version: Int16,
        now: Int64
    ) -> TransactionDecision<InitProducerIDAnswer> {
        guard let id else { return producerIDs.initProducerID() }
        return transactions.initProducerID(
            id,
            timeout: timeout,
            expected: expected,
            version: version,
            ids: &producerIDs,
            now: now
        )
    }

    /// Takes over records that are durable now.
    mutating func apply(_ records: [CoordinatorRecord]) {
        for record in records {
            groups.apply(record)
            transactions.apply(record)
            if case .producerIDs(let bound) = record { producerIDs.apply(below: bound) }
        }
    }

    /// The records of a decision could not be made durable: it has not happened.
    mutating func abandon(_ records: [CoordinatorRecord]) { transactions.abandon(records) }

    /// Takes over what was kept before a restart; to be called once, with everything, before anything else.
    ///
    /// - Returns: the transactions whose outcome was decided and has to be carried out before clients are let in.
    mutating func replay(_ records: [CoordinatorRecord], now: Int64) -> [TransactionEnding] {
        for record in records {
            groups.replay(record, now: now)
            transactions.apply(record)
            if case .producerIDs(let bound) = record { producerIDs.replay(below: bound) }
        }
        return transactions.unfinished
    }

    /// The records that make an equal state, to write the journal anew.
    var records: [CoordinatorRecord] {
        var records = groups.records + transactions.records
        if producerIDs.end > 0 { records.append(.producerIDs(below: producerIDs.end)) }
        return records
    }
}
