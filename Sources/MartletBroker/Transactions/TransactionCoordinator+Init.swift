internal import MartletCore

// InitProducerId: a client becomes the one producer of its transactional id.
extension TransactionCoordinator {
    /// The last epoch that a producer gets; the one above is left to fence it off with.
    static let lastEpoch: Int16 = .max - 1

    /// A client wants to be the producer of an id.
    ///
    /// `expected` is from version 3 what the client is now, if it is something (KIP-360). `version` is that of
    /// InitProducerId: from 4 a fenced client hears 90, before 47.
    mutating func initProducerID(
        _ id: String,
        timeout: Int32,
        expected: ProducerIdentity = .none,
        version: Int16,
        ids: inout ProducerIDs,
        now: Int64
    ) -> TransactionDecision<InitProducerIDAnswer> {
        let fenced: KafkaError = version >= 4 ? .producerFenced : .invalidProducerEpoch
        do throws(KafkaError) {
            try checkInit(id, timeout: timeout, expected)
            guard let old = transactions[id] else {
                return begin(id, timeout: Int64(timeout), ids: &ids, now: now)
            }
            switch old.phase {
            case .prepareCommit, .prepareAbort: throw .concurrentTransactions
            case .ongoing: return try fence(old, expected, now: now)
            case .empty, .completeCommit, .completeAbort:
                return try renew(old, timeout: Int64(timeout), expected, ids: &ids, now: now)
            }
        } catch {
            return .unchanged(InitProducerIDAnswer(error: error == .producerFenced ? fenced : error))
        }
    }

    private func checkInit(_ id: String, timeout: Int32, _ expected: ProducerIdentity) throws(KafkaError) {
        guard !id.isEmpty, id.utf8.count <= Limits.coordinatorNameBytes,
            (expected.producerID < 0) == (expected.epoch < 0)
        else { throw .invalidRequest }
        guard timeout > 0, Int64(timeout) <= maxTimeout else { throw .invalidTransactionTimeout }
        guard !isChanging(id) else { throw .concurrentTransactions }
        guard let old = transactions[id] else {
            guard transactions.count < Limits.transactionalIDs else { throw .policyViolation }
            return
        }
        let isCurrent = expected.producerID == old.producerID
        // It may ask again because it did not hear that it got another id.
        let wasBefore = expected.producerID == old.lastProducerID && expected.epoch >= Self.lastEpoch
        guard expected == .none || isCurrent || wasBefore else { throw .producerFenced }
    }

    /// The first producer of an id.
    private mutating func begin(
        _ id: String,
        timeout: Int64,
        ids: inout ProducerIDs,
        now: Int64
    ) -> TransactionDecision<InitProducerIDAnswer> {
        let (producerID, reservation) = ids.takeAndReserve()
        guard let producerID else { return .withoutID(reservation) }
        let new = TransactionRecord(
            transactionalID: id,
            producerID: producerID,
            producerEpoch: 0,
            timeout: timeout,
            updateTime: now
        )
        return answer(new, after: reservation)
    }

    /// The next producer of an id, or the same one anew.
    private mutating func renew(
        _ old: TransactionRecord,
        timeout: Int64,
        _ expected: ProducerIdentity,
        ids: inout ProducerIDs,
        now: Int64
    ) throws(KafkaError) -> TransactionDecision<InitProducerIDAnswer> {
        var new = old
        new.phase = .empty
        new.timeout = timeout
        new.partitions = []
        new.groups = []
        new.startTime = -1
        new.updateTime = now
        if expected != .none, expected.epoch != old.producerEpoch || expected.producerID != old.producerID {
            // It asks again because it did not hear the answer. Had another producer come since, it would not know the
            // last epoch.
            guard expected.epoch == old.lastProducerEpoch else { throw .producerFenced }
            if old.producerEpoch <= Self.lastEpoch { return answer(new) }
        }
        new.lastProducerEpoch = expected == .none ? -1 : expected.epoch
        guard old.producerEpoch >= Self.lastEpoch else {
            new.producerEpoch = old.producerEpoch + 1
            return answer(new)
        }
        let (producerID, reservation) = ids.takeAndReserve()
        guard let producerID else { return .withoutID(reservation) }
        new.lastProducerID = old.producerID
        new.producerID = producerID
        new.producerEpoch = 0
        return answer(new, after: reservation)
    }

    /// A producer comes while a transaction is open: that is aborted first, and its producer fenced off.
    private mutating func fence(
        _ old: TransactionRecord,
        _ expected: ProducerIdentity,
        now: Int64
    ) throws(KafkaError) -> TransactionDecision<InitProducerIDAnswer> {
        // A producer that was replaced must not end the transaction of the one that replaced it.
        guard expected == .none || expected == ProducerIdentity(old) else { throw .producerFenced }
        var decision = abort(old, now: now, answer: InitProducerIDAnswer(error: .concurrentTransactions))
        if expected != .none, case .transaction(var new) = decision.records.first {
            // The producer itself gave its transaction up: it will ask again with the epoch it knows.
            new.lastProducerEpoch = old.producerEpoch
            decision.records = [.transaction(new)]
        }
        return decision
    }

    private mutating func answer(
        _ new: TransactionRecord,
        after records: [CoordinatorRecord] = []
    ) -> TransactionDecision<InitProducerIDAnswer> {
        TransactionDecision(
            records: records + [change(new)],
            answer: InitProducerIDAnswer(error: .none, identity: ProducerIdentity(new))
        )
    }
}

extension ProducerIdentity {
    /// The current producer of an id.
    init(_ transaction: TransactionRecord) {
        self.init(producerID: transaction.producerID, epoch: transaction.producerEpoch)
    }
}

extension TransactionDecision<InitProducerIDAnswer> {
    /// No id is reserved: the client is told to try again (14), and finds one then.
    static func withoutID(_ reservation: [CoordinatorRecord]) -> Self {
        Self(records: reservation, answer: InitProducerIDAnswer(error: .coordinatorLoadInProgress))
    }
}
