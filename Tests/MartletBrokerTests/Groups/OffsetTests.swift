import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct OffsetTests {
    private let day: Int64 = 86_400_000

    @Test func commitsThatComeFromOutsideOfAGroup() {
        var bench = GroupBench()
        #expect(bench.commit(5) == .none)
        #expect(bench.offset() == 5)
        #expect(bench.state == .empty)
        #expect(bench.commit(6, group: "") == .none)
        // A generation of a group that does not exist is over.
        #expect(bench.commit(5, member: "a", generation: 1, group: "other") == .illegalGeneration)
        #expect(bench.coordinator.describe("other").state == .dead)
        let ids = bench.stable(1)
        #expect(bench.commit(7) == .unknownMemberID)
        #expect(bench.leave(ids[0]) == [.none])
        #expect(bench.commit(8) == .none)
        #expect(bench.commit(8, member: "tool") == .none)
    }

    @Test func commitsOfMembersByState() {
        var bench = GroupBench()
        let first = bench.enter()
        #expect(bench.state == .completingRebalance)
        #expect(bench.commit(1, member: first.id, generation: 1) == .rebalanceInProgress)
        // Producers say that they are past it.
        #expect(bench.commit(1, member: first.id, generation: 1, producer: 4) == .none)
        bench.sync(first.id, generation: 1)
        #expect(bench.commit(1, member: first.id, generation: 1) == .none)
        #expect(bench.commit(1, member: first.id, generation: 0) == .illegalGeneration)
        #expect(bench.commit(1, member: first.id, generation: 2) == .illegalGeneration)
        #expect(bench.commit(1, member: first.id) == .illegalGeneration)
        #expect(bench.commit(1, member: "a", generation: 1) == .unknownMemberID)
        #expect(bench.commit(1, member: "a") == .unknownMemberID)
        #expect(bench.commit(1, member: first.id, generation: 1, instance: "x") == .unknownMemberID)
        _ = bench.enter()
        #expect(bench.state == .preparingRebalance)
        #expect(bench.commit(2, member: first.id, generation: 1) == .none)
        #expect(bench.offset() == 2)
    }

    @Test func aCommitIsASignOfLife() {
        var bench = GroupBench()
        let ids = bench.stable(1)
        for _ in 0..<5 {
            bench.pass(9_000)
            #expect(bench.commit(1, member: ids[0], generation: 1) == .none)
        }
        #expect(bench.state == .stable)
    }

    @Test func whatIsCommittedComesBack() {
        var bench = GroupBench()
        #expect(bench.commit(5, metadata: "é note") == .none)
        let answer = bench.coordinator.offset("g", TopicPartition("t", 0), isStable: true)
        let expected = CommittedOffset(offset: 5, leaderEpoch: 3, metadata: "é note", commitTime: bench.now)
        #expect(answer == OffsetAnswer(error: .none, committed: expected))
        #expect(bench.coordinator.offset("g", TopicPartition("t", 1), isStable: true) == OffsetAnswer())
        #expect(bench.coordinator.offset("x", TopicPartition("t", 0), isStable: true) == OffsetAnswer())
        // Null is written as an empty text.
        #expect(bench.commit(6) == .none)
        #expect(bench.coordinator.offset("g", TopicPartition("t", 0), isStable: false).committed?.metadata == "")
        #expect(bench.restarted().coordinator.offsets("g", isStable: false).map(\.answer.committed?.offset) == [6])
    }

    @Test(
        arguments: [
            (4_096, 0, KafkaError.none), (4_097, 0, .offsetMetadataTooLarge), (0, -1, .invalidRequest),
            (0, .max, .none),
        ] as [(Int, Int64, KafkaError)]
    )
    func limits(metadata: Int, offset: Int64, error: KafkaError) {
        var bench = GroupBench()
        #expect(bench.commit(offset, metadata: String(repeating: "m", count: metadata)) == error)
        #expect(bench.offset() == (error == .none ? offset : nil))
    }

    @Test func oneBadPartitionDoesNotSpoilTheOthers() {
        var bench = GroupBench()
        let long = String(repeating: "m", count: 5_000)
        let decision = bench.coordinator.commit(
            "g",
            GroupCaller(memberID: "", generation: -1),
            [
                OffsetToCommit(partition: TopicPartition("t", 0), offset: 1),
                OffsetToCommit(partition: TopicPartition("t", 1), offset: 2, metadata: long),
                OffsetToCommit(partition: TopicPartition("t", 2), offset: 3),
            ],
            now: 5
        )
        #expect(decision.errors == [.none, .offsetMetadataTooLarge, .none])
        // Nothing counts before it is durable.
        #expect(bench.offset(0) == nil)
        bench.apply(decision.records)
        #expect([bench.offset(0), bench.offset(1), bench.offset(2)] == [1, nil, 3])
    }

    @Test(arguments: [true, false]) func offsetsOfTransactions(isCommitted: Bool) {
        var bench = GroupBench()
        #expect(bench.commit(1) == .none)
        #expect(bench.commit(10, producer: 7) == .none)
        #expect(bench.commit(20, partition: TopicPartition("t", 1), producer: 7) == .none)
        #expect(bench.offset() == 1)
        #expect(bench.coordinator.offset("g", TopicPartition("t", 0), isStable: true).error == .unstableOffsetCommit)
        #expect(bench.coordinator.offset("g", TopicPartition("t", 2), isStable: true).error == KafkaError.none)
        #expect(
            bench.coordinator.offsets("g", isStable: true).map(\.answer.error).allSatisfy {
                $0 == .unstableOffsetCommit
            }
        )
        #expect(bench.coordinator.offsets("g", isStable: false).map(\.partition.partition) == [0])
        var later = bench.restarted()
        #expect(later.coordinator.offset("g", TopicPartition("t", 1), isStable: true).error == .unstableOffsetCommit)
        for index in 0..<2 {
            // Twice: a crash may have come between the record and the end of the transaction.
            _ = index
            later.apply([.offsetsEnded(groupID: "g", producerID: 7, isCommitted: isCommitted)])
            #expect(later.offset(0, isStable: true) == (isCommitted ? 10 : 1))
            #expect(later.offset(1, isStable: true) == (isCommitted ? 20 : nil))
        }
        #expect(later.restarted().offset(0, isStable: true) == (isCommitted ? 10 : 1))
    }

    @Test func aLaterCommitWinsOverATransactionThatEndsAfterIt() {
        var bench = GroupBench()
        #expect(bench.commit(10, producer: 7) == .none)
        #expect(bench.commit(3) == .none)
        #expect(bench.commit(11, producer: 8) == .none)
        // Also when the journal was written anew in between.
        var compacted = GroupBench()
        for record in bench.coordinator.records { compacted.coordinator.replay(record, now: 0) }
        for var one in [bench, compacted] {
            one.apply([.offsetsEnded(groupID: "g", producerID: 7, isCommitted: true)])
            #expect(one.offset() == 3)
            one.apply([.offsetsEnded(groupID: "g", producerID: 8, isCommitted: true)])
            #expect(one.offset() == 11)
        }
    }

    @Test func offsetsExpireAWeekAfterTheGroupIsEmpty() {
        var bench = GroupBench()
        let ids = bench.stable(1)
        #expect(bench.commit(1, member: ids[0], generation: 1) == .none)
        for _ in 0..<3 {
            // However old, as long as somebody reads.
            bench.now += 10 * day
            #expect(bench.heartbeat(ids[0], 1) == .none)
            #expect(bench.coordinator.expiredOffsets(now: bench.now).isEmpty)
        }
        #expect(bench.leave(ids[0]) == [.none])
        bench.now += 7 * day - 1
        #expect(bench.coordinator.expiredOffsets(now: bench.now).isEmpty)
        #expect(bench.restarted().coordinator.expiredOffsets(now: bench.now).isEmpty)
        bench.now += 1
        let expired = bench.coordinator.expiredOffsets(now: bench.now)
        #expect(expired == [.offsetsDeleted(groupID: "g", [TopicPartition("t", 0)])])
        bench.apply(expired)
        #expect(bench.offset() == nil)
        // And then nothing is left of the group.
        bench.apply(bench.coordinator.expiredOffsets(now: bench.now))
        #expect(bench.state == .dead)
        #expect(bench.restarted().coordinator.groups.isEmpty)
    }

    @Test func offsetsOfClientsWithoutAGroupExpireByTheirAge() {
        var bench = GroupBench()
        #expect(bench.commit(1) == .none)
        bench.now += 3 * day
        #expect(bench.commit(1, partition: TopicPartition("t", 1)) == .none)
        #expect(bench.commit(1, partition: TopicPartition("t", 2), retention: 60_000) == .none)
        #expect(bench.commit(1, partition: TopicPartition("t", 3), retention: 30 * day) == .none)
        #expect(bench.commit(1, partition: TopicPartition("t", 4), producer: 9) == .none)
        bench.now += 4 * day
        #expect(
            bench.coordinator.expiredOffsets(now: bench.now)
                == [.offsetsDeleted(groupID: "g", [TopicPartition("t", 0), TopicPartition("t", 2)])]
        )
    }

    @Test func offsetsOfTopicsThatAreNotReadAnyMoreExpire() {
        var bench = GroupBench()
        #expect(bench.commit(1, partition: TopicPartition("old", 0)) == .none)
        #expect(bench.commit(1) == .none)
        _ = bench.stable(1)
        bench.now += 7 * day
        let expired = bench.coordinator.expiredOffsets(now: bench.now)
        #expect(expired == [.offsetsDeleted(groupID: "g", [TopicPartition("old", 0)])])
    }

    @Test func deletingOffsets() {
        var bench = GroupBench()
        let partitions = [TopicPartition("t", 0), TopicPartition("u", 0)]
        #expect(bench.coordinator.deleteOffsets("g", partitions).errors == [.groupIDNotFound, .groupIDNotFound])
        for partition in partitions { #expect(bench.commit(1, partition: partition) == .none) }
        let ids = bench.stable(1)
        let decision = bench.coordinator.deleteOffsets("g", partitions)
        #expect(decision.errors == [.groupSubscribedToTopic, .none])
        bench.apply(decision.records)
        #expect(bench.offset(topic: "t") == 1)
        #expect(bench.offset(topic: "u") == nil)
        #expect(bench.leave(ids[0]) == [.none])
        bench.apply(bench.coordinator.deleteOffsets("g", partitions).records)
        #expect(bench.offset(topic: "t") == nil)
        // Of a group of another kind nobody knows what it reads.
        bench.join(group: "h", version: 3, type: "connect")
        #expect(bench.coordinator.deleteOffsets("h", partitions).errors == [.nonEmptyGroup, .nonEmptyGroup])
    }

    @Test func deletingATopic() {
        var bench = GroupBench()
        for group in ["a", "b", "c"] {
            #expect(bench.commit(1, group: group, partition: TopicPartition(group == "b" ? "u" : "t", 3)) == .none)
        }
        #expect(bench.commit(2, group: "b", partition: TopicPartition("t", 4), producer: 3) == .none)
        bench.apply(bench.coordinator.deleteOffsets(ofTopic: "t"))
        #expect(bench.coordinator.offsets("a", isStable: true).isEmpty)
        #expect(bench.coordinator.offsets("b", isStable: true).map(\.partition) == [TopicPartition("u", 3)])
        bench.apply([.offsetsEnded(groupID: "b", producerID: 3, isCommitted: true)])
        #expect(bench.offset(4, group: "b") == nil)
    }
}
