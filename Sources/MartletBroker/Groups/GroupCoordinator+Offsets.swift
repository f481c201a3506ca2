import MartletCore

internal import MartletCore

/// A position that a client wants to commit.
struct OffsetToCommit: Hashable, Sendable {
    /// The partition.
    var partition: TopicPartition
    /// The offset of the record to be read next.
    var offset: Int64
    /// The leader epoch of the last record that was read; -1 when the client does not say.
    var leaderEpoch: Int32 = -1
    /// What the client writes beside it.
    var metadata: String?
}

/// Errors for a client, and what has to be durable and applied before it hears of them.
struct OffsetDecision: Hashable, Sendable {
    /// For each position that was asked for, in the same order.
    var errors: [KafkaError]
    /// To be made durable, then applied.
    var records: [CoordinatorRecord] = []
}

/// A position as a client hears of it.
struct OffsetAnswer: Hashable, Sendable {
    /// `unstableOffsetCommit` while a transaction may change it.
    var error: KafkaError = .none
    /// The position; nil when there is none, which the protocol writes as offset -1.
    var committed: CommittedOffset?
}

// Committed positions.
extension GroupCoordinator {
    /// A client commits positions.
    ///
    /// `producerID` is that of the transaction they belong to, if they do. `retention` is milliseconds that OffsetCommit
    /// asked for before version 5; nil for the server's.
    mutating func commit(
        _ groupID: String,
        _ caller: GroupCaller,
        _ offsets: [OffsetToCommit],
        producerID: Int64? = nil,
        retention: Int64? = nil,
        now: Int64
    ) -> OffsetDecision {
        let error = commitError(groupID, caller, isTransactional: producerID != nil, now: now)
        guard error == .none else { return OffsetDecision(errors: offsets.map { _ in error }) }
        var entries: [OffsetsRecord.Entry] = []
        let known = groups[groupID]?.offsets.committed
        var room = Limits.groupOffsets - (known?.count ?? 0)
        let errors = offsets.map { offset -> KafkaError in
            if offset.metadata?.utf8.count ?? 0 > Limits.offsetMetadataBytes { return .offsetMetadataTooLarge }
            guard offset.offset >= 0, offset.partition.topic.utf8.count <= Limits.coordinatorNameBytes else {
                return .invalidRequest
            }
            if known?[offset.partition] == nil { room -= 1 }
            guard room >= 0 else { return .policyViolation }
            entries.append(
                OffsetsRecord.Entry(
                    partition: offset.partition,
                    committed: CommittedOffset(
                        offset: offset.offset,
                        leaderEpoch: offset.leaderEpoch,
                        metadata: offset.metadata ?? "",
                        commitTime: now,
                        expiresAt: retention.map { now.addingReportingOverflow($0).partialValue }
                    )
                )
            )
            return .none
        }
        guard !entries.isEmpty else { return OffsetDecision(errors: errors) }
        let record = OffsetsRecord(groupID: groupID, producerID: producerID, offsets: entries)
        return OffsetDecision(errors: errors, records: [.offsetsCommitted(record)])
    }

    private mutating func commitError(
        _ groupID: String,
        _ caller: GroupCaller,
        isTransactional: Bool,
        now: Int64
    ) -> KafkaError {
        // Kafka keeps positions of the empty group id, which old clients without a group use.
        guard groupID.utf8.count <= Limits.coordinatorNameBytes else { return .invalidGroupID }
        let error = withGroup(groupID) {
            $0.validateCommit(caller, isTransactional: isTransactional, now: now)
        }
        if let error { return error }
        // The first commit makes the group, but a generation of a group that is gone is over.
        guard caller.generation < 0 else { return .illegalGeneration }
        return groups.count < Limits.consumerGroups ? .none : .policyViolation
    }

    /// How far a group has read a partition; with `isStable`, the client must not see what a transaction may change
    /// (OffsetFetch from version 7).
    func offset(_ groupID: String, _ partition: TopicPartition, isStable: Bool) -> OffsetAnswer {
        guard let offsets = groups[groupID]?.offsets else { return OffsetAnswer() }
        if isStable, offsets.isPending(partition) { return OffsetAnswer(error: .unstableOffsetCommit) }
        return OffsetAnswer(committed: offsets.committed[partition]?.committed)
    }

    /// Everything a group has read, by partition.
    func offsets(_ groupID: String, isStable: Bool) -> [(partition: TopicPartition, answer: OffsetAnswer)] {
        guard let book = groups[groupID]?.offsets else { return [] }
        var partitions = Set(book.committed.keys)
        if isStable { for entries in book.pending.values { partitions.formUnion(entries.keys) } }
        return partitions.sorted().map { ($0, offset(groupID, $0, isStable: isStable)) }
    }

    /// A client removes positions of a group (OffsetDelete); `groupIDNotFound` stands for the whole answer.
    func deleteOffsets(_ groupID: String, _ partitions: [TopicPartition]) -> OffsetDecision {
        guard let group = groups[groupID] else {
            return OffsetDecision(errors: partitions.map { _ in .groupIDNotFound })
        }
        let errors = partitions.map { group.validateOffsetDelete(of: $0.topic) }
        let removed = zip(partitions, errors).filter { $0.1 == .none }.map(\.0)
        guard !removed.isEmpty else { return OffsetDecision(errors: errors) }
        return OffsetDecision(errors: errors, records: [.offsetsDeleted(groupID: groupID, removed)])
    }

    /// What a topic that is deleted takes with it.
    func deleteOffsets(ofTopic topic: String) -> [CoordinatorRecord] {
        groups.keys.sorted().compactMap { groupID in
            guard let book = groups[groupID]?.offsets else { return nil }
            var partitions = Set(book.committed.keys)
            for entries in book.pending.values { partitions.formUnion(entries.keys) }
            let removed = partitions.filter { $0.topic == topic }.sorted()
            return removed.isEmpty ? nil : .offsetsDeleted(groupID: groupID, removed)
        }
    }

    /// Positions whose time is over, and groups that nothing is left of; to be asked for every 10 minutes.
    func expiredOffsets(now: Int64) -> [CoordinatorRecord] {
        groups.keys.sorted().compactMap { groupID in
            guard let group = groups[groupID] else { return nil }
            if group.isIdle { return .groupDeleted(groupID) }
            let expired = group.expiredOffsets(settings, now: now)
            return expired.isEmpty ? nil : .offsetsDeleted(groupID: groupID, expired)
        }
    }
}
