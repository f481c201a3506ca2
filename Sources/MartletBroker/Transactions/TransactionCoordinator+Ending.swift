import MartletCore

internal import MartletCore

// What a transaction holds, and how it ends.
extension TransactionCoordinator {
    /// A producer is about to write to partitions; `version` is that of AddPartitionsToTxn.
    mutating func addPartitions(
        _ id: String,
        _ identity: ProducerIdentity,
        _ partitions: [TopicPartition],
        version: Int16,
        now: Int64
    ) -> TransactionDecision<KafkaError> {
        add(id, identity, partitions: Set(partitions), version: version, now: now)
    }

    /// A producer is about to commit offsets of a group; `version` is that of AddOffsetsToTxn.
    mutating func addGroup(
        _ id: String,
        _ identity: ProducerIdentity,
        _ groupID: String,
        version: Int16,
        now: Int64
    ) -> TransactionDecision<KafkaError> {
        guard GroupCoordinator.isName(groupID) else { return .unchanged(.invalidGroupID) }
        return add(id, identity, groups: [groupID], version: version, now: now)
    }

    private mutating func add(
        _ id: String,
        _ identity: ProducerIdentity,
        partitions: Set<TopicPartition> = [],
        groups: Set<String> = [],
        version: Int16,
        now: Int64
    ) -> TransactionDecision<KafkaError> {
        do throws(KafkaError) {
            var new = try settled(id, identity, tellsFenced: version >= 2)
            switch new.phase {
            case .prepareCommit, .prepareAbort: throw .concurrentTransactions
            case .ongoing:
                if partitions.isSubset(of: new.partitions), groups.isSubset(of: new.groups) {
                    return .unchanged(.none)
                }
            case .empty, .completeCommit, .completeAbort:
                new.phase = .ongoing
                new.startTime = now
                new.partitions = []
                new.groups = []
            }
            new.partitions.formUnion(partitions)
            new.groups.formUnion(groups)
            new.updateTime = now
            guard new.partitions.count + new.groups.count <= Limits.transactionPartitions else {
                throw .policyViolation
            }
            return TransactionDecision(records: [change(new)], answer: .none)
        } catch {
            return .unchanged(error)
        }
    }

    /// What is wrong with offsets that a producer commits in its transaction (TxnOffsetCommit); the group's own rules come
    /// after that.
    func validateOffsets(_ id: String, _ identity: ProducerIdentity, _ groupID: String) -> KafkaError {
        do throws(KafkaError) {
            let transaction = try current(id, identity, tellsFenced: false)
            // That more partitions are being added is no reason to wait: clients do both at once.
            if isEnding(transaction) { return .concurrentTransactions }
            return transaction.phase == .ongoing && transaction.groups.contains(groupID) ? .none : .invalidTxnState
        } catch {
            return error
        }
    }

    /// A producer ends its transaction; `version` is that of EndTxn.
    mutating func end(
        _ id: String,
        _ identity: ProducerIdentity,
        isCommitted: Bool,
        version: Int16,
        now: Int64
    ) -> TransactionDecision<KafkaError> {
        do throws(KafkaError) {
            var new = try settled(id, identity, tellsFenced: version >= 2)
            switch (new.phase, isCommitted) {
            case (.ongoing, _):
                new.phase = isCommitted ? .prepareCommit : .prepareAbort
                new.updateTime = now
                return TransactionDecision(records: [change(new)], ends: id, answer: .none)
            // It did not hear the answer.
            case (.completeCommit, true), (.completeAbort, false): return .unchanged(.none)
            case (.prepareCommit, true), (.prepareAbort, false): throw .concurrentTransactions
            default: throw .invalidTxnState
            }
        } catch {
            return .unchanged(error)
        }
    }

    /// Aborts an open transaction over its producer's head: the epoch goes up, so that nothing of it is taken any more.
    mutating func abort<Answer>(
        _ old: TransactionRecord,
        now: Int64,
        answer: Answer
    ) -> TransactionDecision<Answer> {
        var new = old
        new.phase = .prepareAbort
        new.producerEpoch = old.producerEpoch == .max ? .max : old.producerEpoch + 1
        new.lastProducerEpoch = -1
        new.updateTime = now
        return TransactionDecision(records: [change(new)], ends: old.transactionalID, answer: answer)
    }

    /// Aborts what has been open for longer than its producer asked for; to be asked for every 10 seconds.
    mutating func abortTimedOut(now: Int64) -> [TransactionDecision<KafkaError>] {
        transactions.values.filter {
            $0.phase == .ongoing && $0.startTime < now - min(max(0, $0.timeout), maxTimeout)
                && !isChanging($0.transactionalID)
        }.sorted { $0.transactionalID < $1.transactionalID }.map { abort($0, now: now, answer: .none) }
    }

    /// What is left to be done for a transaction whose outcome is decided; nil when nothing is.
    func ending(of id: String) -> TransactionEnding? {
        guard let transaction = transactions[id], transaction.phase.isPrepared, !isChanging(id) else { return nil }
        return TransactionEnding(
            transactionalID: id,
            producerID: transaction.producerID,
            producerEpoch: transaction.producerEpoch,
            isCommitted: transaction.phase == .prepareCommit,
            partitions: transaction.partitions.sorted()
        )
    }

    /// What is left to be done for all of them: after a restart, before clients are let in.
    var unfinished: [TransactionEnding] { transactions.keys.sorted().compactMap(ending(of:)) }

    /// The end of a transaction whose markers are durable: its offsets count or are dropped, and then it is over.
    ///
    /// - Returns: records to be made durable, in this order, and applied; none when it is over already.
    mutating func completion(of id: String, now: Int64) -> [CoordinatorRecord] {
        guard let ending = ending(of: id), var new = transactions[id] else { return [] }
        let offsets = new.groups.sorted().map { groupID in
            CoordinatorRecord.offsetsEnded(
                groupID: groupID,
                producerID: ending.producerID,
                isCommitted: ending.isCommitted
            )
        }
        new.phase = ending.isCommitted ? .completeCommit : .completeAbort
        new.partitions = []
        new.groups = []
        new.startTime = -1
        new.updateTime = now
        return offsets + [change(new)]
    }

    /// Forgets ids that have not been used for long.
    mutating func expireIDs(now: Int64) -> [CoordinatorRecord] {
        transactions.values.filter {
            $0.phase != .ongoing && !$0.phase.isPrepared && $0.updateTime <= now - retention
                && !isChanging($0.transactionalID)
        }.map(\.transactionalID).sorted().map { forget($0) }
    }
}
