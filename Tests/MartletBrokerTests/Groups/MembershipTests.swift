import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct MembershipTests {
    @Test func theTableOfStates() {
        // Kafka's GroupState, valid previous states.
        let table: [GroupState: Set<GroupState>] = [
            .empty: [.preparingRebalance, .dead], .preparingRebalance: [.completingRebalance, .empty],
            .completingRebalance: [.stable, .preparingRebalance], .stable: [.preparingRebalance], .dead: [],
        ]
        for state in GroupState.allCases { #expect(state.successors == table[state]) }
    }

    @Test func followersWaitForTheLeader() {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 10))
        let joins = (0..<3).map { _ in bench.join(version: 3) }
        bench.pass(30)
        let ids = joins.compactMap { bench.joins[$0]?.memberID }
        let early = bench.sync(ids[1], generation: 1)
        #expect(bench.syncs[early] == nil)
        let leader = bench.sync(ids[0], generation: 1, shares: [ids[0]: [1], ids[1]: [2], "stranger": [9]])
        #expect(bench.syncs[early]?.assignment == [2])
        #expect(bench.syncs[leader]?.assignment == [1])
        #expect(bench.syncs[leader]?.protocolType == "consumer")
        #expect(bench.syncs[leader]?.protocolName == "range")
        // The third was not thought of, and comes late.
        let late = bench.sync(ids[2], generation: 1)
        #expect(bench.syncs[late] == SyncAnswer(error: .none, protocolType: "consumer", protocolName: "range"))
        #expect(bench.records.count == 1)
    }

    @Test func followersCannotDivideTheWork() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        bench.join(ids[0])
        bench.join(ids[1])
        let token = bench.sync(ids[1], generation: 3, shares: [ids[0]: [6], ids[1]: [6]])
        #expect(bench.syncs[token] == nil)
        bench.sync(ids[0], generation: 3, shares: [ids[0]: [1], ids[1]: [2]])
        #expect(bench.syncs[token]?.assignment == [2])
        // Nor can the leader once they have their shares.
        bench.sync(ids[0], generation: 3, shares: [ids[1]: [7]])
        #expect(bench.syncs[bench.sync(ids[1], generation: 3)]?.assignment == [2])
    }

    @Test func syncsThatCannotBe() {
        var bench = GroupBench()
        #expect(bench.syncs[bench.sync("a", generation: 1)]?.error == .unknownMemberID)
        #expect(bench.syncs[bench.sync("a", generation: 1, group: "")]?.error == .invalidGroupID)
        let ids = bench.stable(1)
        #expect(bench.syncs[bench.sync("a", generation: 1)]?.error == .unknownMemberID)
        #expect(bench.syncs[bench.sync(ids[0], generation: 0)]?.error == .illegalGeneration)
        #expect(bench.syncs[bench.sync(ids[0], generation: 2)]?.error == .illegalGeneration)
        #expect(bench.syncs[bench.sync(ids[0], generation: 1, instance: "x")]?.error == .unknownMemberID)
        #expect(
            bench.syncs[bench.sync(ids[0], generation: 1, type: "connect")]?.error == .inconsistentGroupProtocol
        )
        #expect(bench.syncs[bench.sync(ids[0], generation: 1, name: "sticky")]?.error == .inconsistentGroupProtocol)
        #expect(
            bench.syncs[bench.sync(ids[0], generation: 1, type: "consumer", name: "range")]?.error == KafkaError.none
        )
        _ = bench.enter()
        #expect(bench.syncs[bench.sync(ids[0], generation: 1)]?.error == .rebalanceInProgress)
    }

    @Test func aNewMemberSendsWaitingFollowersBack() {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 10))
        let joins = (0..<2).map { _ in bench.join(version: 3) }
        bench.pass(30)
        let ids = joins.compactMap { bench.joins[$0]?.memberID }
        let waiting = bench.sync(ids[1], generation: 1)
        _ = bench.enter()
        #expect(bench.syncs[waiting]?.error == .rebalanceInProgress)
    }

    @Test func heartbeatsByState() {
        var bench = GroupBench()
        #expect(bench.heartbeat("a", 1) == .unknownMemberID)
        #expect(bench.heartbeat("a", 1, group: "") == .invalidGroupID)
        let entered = bench.enter()
        #expect(bench.heartbeat(entered.id, 1) == .none)
        #expect(bench.heartbeat(entered.id, 2) == .illegalGeneration)
        #expect(bench.heartbeat("a", 1) == .unknownMemberID)
        bench.sync(entered.id, generation: 1)
        #expect(bench.heartbeat(entered.id, 1) == .none)
        _ = bench.enter()
        #expect(bench.heartbeat(entered.id, 1) == .rebalanceInProgress)
    }

    @Test func silenceEndsTheSession() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        bench.pass(6_000)
        #expect(bench.heartbeat(ids[0], 2) == .none)
        bench.pass(3_999)
        #expect(bench.state == .stable)
        bench.pass(1)
        #expect(bench.state == .preparingRebalance)
        #expect(bench.heartbeat(ids[1], 2) == .unknownMemberID)
        let token = bench.join(ids[0])
        #expect(bench.joins[token]?.members.map(\.id) == [ids[0]])
    }

    @Test func everybodyGoneLeavesAnEmptyGroup() {
        var bench = GroupBench()
        _ = bench.stable(2)
        bench.pass(10_000)
        #expect(bench.state == .empty)
        #expect(bench.coordinator.groups["g"]?.leader == nil)
        guard case .group(let record) = bench.records.last else {
            Issue.record("nothing kept")
            return
        }
        #expect(record.members.isEmpty && record.generation == 3 && record.emptySince == bench.now)
        // Nothing is left to wait for.
        bench.pass(1_000_000)
        #expect(bench.coordinator.nextDeadline == nil)
    }

    @Test func whoeverDoesNotAskForItsShareIsTakenOut() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        bench.join(ids[1], topics: ["t", "u"])
        bench.join(ids[0])
        // The leader only lives; the follower waits.
        let waiting = bench.sync(ids[1], generation: 3)
        for _ in 0..<11 {
            bench.pass(5_000)
            #expect(bench.heartbeat(ids[0], 3) == .none)
        }
        #expect(bench.syncs[waiting] == nil)
        bench.pass(5_000)
        #expect(bench.syncs[waiting]?.error == .rebalanceInProgress)
        #expect(bench.heartbeat(ids[0], 3) == .unknownMemberID)
        let again = bench.join(ids[1], topics: ["t", "u"])
        #expect(bench.joins[again]?.leader == ids[1])
    }

    @Test func whoeverWaitsDoesNotExpire() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        let waiting = bench.join(ids[1], topics: ["t", "u"])
        for _ in 0..<10 {
            bench.pass(5_000)
            #expect(bench.heartbeat(ids[0], 2) == .rebalanceInProgress)
        }
        #expect(bench.joins[waiting] == nil)
        bench.join(ids[0])
        #expect(bench.joins[waiting]?.error == KafkaError.none)
    }

    @Test func leaving() {
        var bench = GroupBench()
        #expect(bench.leave("a") == [.unknownMemberID])
        #expect(bench.leave("a", group: "") == [.invalidGroupID])
        let ids = bench.stable(3)
        #expect(bench.leave("a") == [.unknownMemberID])
        // The leader goes: the next one leads.
        #expect(bench.leave(ids[0]) == [.none])
        #expect(bench.state == .preparingRebalance)
        bench.join(ids[1])
        let token = bench.join(ids[2])
        #expect(bench.joins[token]?.leader == ids[1])
        // Somebody who waits for the others to join leaves: the others go on.
        bench.join(ids[1], topics: ["u"])
        let last = bench.join(ids[2])
        #expect(bench.joins[last]?.error == KafkaError.none)
        #expect(bench.leave([LeavingMember(memberID: ids[1]), LeavingMember(memberID: ids[2])]) == [.none, .none])
        #expect(bench.state == .empty)
    }

    @Test func leavingAnswersWhatWaits() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        let waiting = bench.join(ids[1], topics: ["u"])
        #expect(bench.leave(ids[1]) == [.none])
        #expect(bench.joins[waiting]?.error == .unknownMemberID)
        let given = bench.joins[bench.join()]?.memberID ?? ""
        let first = bench.join(ids[0])
        #expect(bench.joins[first] == nil)
        // One that was only given an id can leave too, and is not waited for.
        #expect(bench.leave(given) == [.none])
        #expect(bench.joins[first]?.error == KafkaError.none)
    }

    @Test func aRestartKeepsAStableGroup() {
        var bench = GroupBench()
        let ids = bench.stable(3)
        var later = bench.restarted(after: 5_000)
        #expect(later.state == .stable)
        #expect(later.coordinator.describe("g") == bench.coordinator.describe("g"))
        for id in ids { #expect(later.heartbeat(id, 3) == .none) }
        #expect(later.commit(7, member: ids[1], generation: 3) == .none)
        // Members that did not survive it are missed after their session.
        later.pass(10_000)
        #expect(later.state == .empty)
    }

    @Test func timesThatMakeNoSense() {
        // Whatever a journal says, nothing overflows.
        for time in [Int64.min, -1, .max] {
            var bench = GroupBench()
            let member = GroupMemberRecord(
                id: "m",
                clientID: "c",
                clientHost: "h",
                sessionTimeout: time,
                rebalanceTimeout: time,
                protocols: [GroupProtocol(name: "range", metadata: [])],
                assignment: []
            )
            let group = GroupRecord(
                id: "g",
                protocolType: "consumer",
                generation: .max,
                protocolName: "range",
                leader: "gone",
                emptySince: time,
                members: [member]
            )
            bench.coordinator.replay(.group(group), now: bench.now)
            bench.join("m")
            #expect(bench.generation == 1)
            bench.pass(100_000)
            #expect(bench.state == .empty)
            let offset = CommittedOffset(offset: 1, commitTime: time, expiresAt: time)
            let entry = OffsetsRecord.Entry(partition: TopicPartition("t", 0), committed: offset)
            bench.apply([.offsetsCommitted(OffsetsRecord(groupID: "g", producerID: nil, offsets: [entry]))])
            #expect(bench.coordinator.expiredOffsets(now: bench.now).isEmpty == (time == .max))
        }
    }

    @Test func aRestartForgetsAGenerationWithoutShares() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        bench.join(ids[0], topics: ["u"])
        bench.join(ids[1])
        #expect(bench.generation == 3)
        var later = bench.restarted()
        // Nobody may get an empty share of generation 3.
        #expect(later.generation == 2)
        #expect(later.syncs[later.sync(ids[0], generation: 3, shares: [ids[0]: [1]])]?.error == .illegalGeneration)
        #expect(later.joins[later.join(ids[0], topics: ["u"])] == nil)
        #expect(later.heartbeat(ids[1], 2) == .rebalanceInProgress)
        // Writing the journal anew in the middle of a rebalance must not change that.
        var compacted = GroupBench()
        for record in bench.coordinator.records { compacted.coordinator.replay(record, now: bench.now) }
        #expect(compacted.generation == 2)
        #expect(compacted.syncs[compacted.sync(ids[1], generation: 2)]?.assignment == Array("share of \(ids[1])".utf8))
    }
}
