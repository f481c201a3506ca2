import MartletCore

internal import OrderedCollections

// Who may commit and remove positions, and which ones have lived long enough.
extension ConsumerGroup {
    /// What is wrong with a commit; one that is in order is a sign of life.
    ///
    /// A client outside of the group (generation -1) may commit only while there are no members. Before version 3 of
    /// TxnOffsetCommit, producers could not say for which member they commit: those are let through.
    mutating func validateCommit(_ caller: GroupCaller, isTransactional: Bool, now: Int64) -> KafkaError {
        if state == .dead { return .coordinatorNotAvailable }
        if caller.generation < 0, state == .empty { return .none }
        if caller.generation < 0, caller.memberID.isEmpty, caller.instanceID == nil {
            return isTransactional ? .none : .unknownMemberID
        }
        let error = validate(caller.memberID, caller.instanceID)
        guard error == .none else { return error }
        guard caller.generation == generation else { return .illegalGeneration }
        // It knows the generation, but not yet what its share in it is.
        if state == .completingRebalance, !isTransactional { return .rebalanceInProgress }
        touch(caller.memberID, now: now)
        return .none
    }

    /// What is wrong with removing the position of a topic's partitions.
    func validateOffsetDelete(of topic: String) -> KafkaError {
        if state == .empty { return .none }
        guard let topics = subscribedTopics else { return .nonEmptyGroup }
        return topics.contains(topic) ? .groupSubscribedToTopic : .none
    }

    /// The positions whose time is over (KIP-211).
    func expiredOffsets(_ settings: GroupSettings, now: Int64) -> [TopicPartition] {
        let topics = subscribedTopics
        return offsets.committed.compactMap { partition, entry -> TopicPartition? in
            guard !offsets.isPending(partition) else { return nil }
            let committed = entry.committed
            if state != .empty {
                // Members still use the positions of what they read.
                guard state == .stable, let topics, !topics.contains(partition.topic) else { return nil }
            }
            if let expiresAt = committed.expiresAt { return expiresAt <= now ? partition : nil }
            let since = max(committed.commitTime, state == .empty ? emptySince ?? .min : .min)
            return since <= now - settings.offsetRetention ? partition : nil
        }.sorted()
    }
}
