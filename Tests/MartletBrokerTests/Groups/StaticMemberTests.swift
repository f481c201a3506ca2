import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct StaticMemberTests {
    /// A stable group of the instances a (leader) and b.
    private func bench(
        _ topics: [String] = ["t"],
        protocols: [String] = ["range", "sticky"]
    ) -> (bench: GroupBench, a: String, b: String) {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 10))
        let tokens = ["a", "b"].map { bench.join(instance: $0, topics: topics, protocols: protocols) }
        bench.pass(30)
        let ids = tokens.compactMap { bench.joins[$0]?.memberID }
        bench.sync(ids[0], generation: 1, instance: "a", shares: [ids[0]: [1], ids[1]: [2]])
        bench.sync(ids[1], generation: 1, instance: "b")
        #expect(bench.state == .stable)
        return (bench, ids[0], ids[1])
    }

    @Test(arguments: [5, 8, 9] as [Int16])
    func aFollowerThatComesBackCausesNoRebalance(version: Int16) {
        var (bench, a, b) = bench()
        let token = bench.join(version: version, instance: "b", protocols: ["range", "sticky"])
        let answer = bench.joins[token]
        #expect(answer?.error == KafkaError.none)
        #expect(answer?.generation == 1)
        #expect(answer?.leader == a)
        #expect(answer?.skipsAssignment == false)
        #expect(answer?.members.isEmpty == true)
        let new = answer?.memberID ?? ""
        #expect(new != b)
        #expect(bench.state == .stable)
        #expect(bench.syncs[bench.sync(new, generation: 1, instance: "b")]?.assignment == [2])
        #expect(bench.heartbeat(a, 1, instance: "a") == .none)
        // Who it was before is fenced off, in everything.
        #expect(bench.heartbeat(b, 1, instance: "b") == .fencedInstanceID)
        #expect(bench.syncs[bench.sync(b, generation: 1, instance: "b")]?.error == .fencedInstanceID)
        #expect(bench.joins[bench.join(b, instance: "b")]?.error == .fencedInstanceID)
        #expect(bench.commit(1, member: b, generation: 1, instance: "b") == .fencedInstanceID)
        #expect(bench.leave([LeavingMember(memberID: b, instanceID: "b")]) == [.fencedInstanceID])
        // Without the name of its instance it is just not known.
        #expect(bench.heartbeat(b, 1) == .unknownMemberID)
        #expect(bench.commit(1, member: new, generation: 1, instance: "b") == .none)
    }

    @Test(arguments: [(5, false), (8, false), (9, true)] as [(Int16, Bool)])
    func aLeaderThatComesBackDoesNotDivideTheWork(version: Int16, skips: Bool) {
        var (bench, a, _) = bench()
        let token = bench.join(version: version, instance: "a", protocols: ["range", "sticky"])
        let answer = bench.joins[token]
        #expect(answer?.error == KafkaError.none)
        #expect(answer?.skipsAssignment == skips)
        // Told the old id, an older client takes itself for a follower.
        #expect(answer?.leader == (skips ? answer?.memberID : a))
        #expect(answer?.members.count == (skips ? 2 : 0))
        #expect(bench.state == .stable)
        // It does lead: a rebalance is up to it.
        let new = answer?.memberID ?? ""
        #expect(bench.coordinator.groups["g"]?.leader == new)
        bench.join(new, instance: "a", protocols: ["range", "sticky"])
        #expect(bench.state == .preparingRebalance)
    }

    @Test func owningNothingAfterAStartIsNoChange() {
        // What a cooperative consumer owns is in its metadata, and differs after a start.
        var (bench, a, _) = bench()
        let owning = GroupBench.subscription(["t"], version: 1, tail: [0, 0, 0, 1, 0, 1, 116, 0, 0, 0, 1, 0, 0, 0, 0])
        let owningNothing = GroupBench.subscription(["t"], version: 1, tail: [0, 0, 0, 0])
        bench.join(a, instance: "a", protocols: ["range", "sticky"], metadata: owning)
        let b = bench.join(instance: "b", protocols: ["range", "sticky"], metadata: owningNothing)
        let generation = bench.joins[b]?.generation ?? 0
        bench.sync(a, generation: generation, instance: "a")
        #expect(bench.state == .stable)
        bench.join(instance: "a", protocols: ["range", "sticky"], metadata: owningNothing)
        #expect(bench.state == .stable)
    }

    @Test func otherTopicsRebalance() {
        var (bench, _, _) = bench()
        let token = bench.join(instance: "b", topics: ["t", "u"], protocols: ["range", "sticky"])
        #expect(bench.joins[token] == nil)
        #expect(bench.state == .preparingRebalance)
    }

    @Test func anotherProtocolRebalances() {
        var (bench, a, _) = bench()
        let token = bench.join(instance: "b", protocols: ["sticky"])
        #expect(bench.state == .preparingRebalance)
        bench.join(a, instance: "a", protocols: ["range", "sticky"])
        #expect(bench.joins[token]?.protocolName == "sticky")
    }

    @Test func comingBackWhileTheWorkIsDivided() {
        var (bench, a, b) = bench()
        bench.join(a, instance: "a", protocols: ["range", "sticky"])
        bench.join(b, instance: "b", protocols: ["range", "sticky"])
        let parked = bench.sync(b, generation: 2, instance: "b")
        #expect(bench.state == .completingRebalance)
        bench.join(instance: "b", protocols: ["range", "sticky"])
        // The leader has the old id on its list.
        #expect(bench.syncs[parked]?.error == .fencedInstanceID)
        #expect(bench.state == .preparingRebalance)
    }

    @Test func comingBackWhileMembersGather() {
        var (bench, a, b) = bench()
        let old = bench.join(b, instance: "b", topics: ["u"], protocols: ["range", "sticky"])
        let new = bench.join(instance: "b", topics: ["u"], protocols: ["range", "sticky"])
        #expect(bench.joins[old]?.error == .fencedInstanceID)
        let leader = bench.join(a, instance: "a", protocols: ["range", "sticky"])
        #expect(bench.joins[new]?.generation == 2)
        #expect(bench.joins[leader]?.members.map(\.instanceID).sorted { ($0 ?? "") < ($1 ?? "") } == ["a", "b"])
    }

    @Test func aMissingStaticMemberKeepsItsPlaceUntilItsSessionEnds() {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 10))
        let tokens = ["a", "b"].map { bench.join(instance: $0, session: 100_000, rebalance: 20_000) }
        bench.pass(30)
        let ids = tokens.compactMap { bench.joins[$0]?.memberID }
        bench.sync(ids[0], generation: 1, shares: [ids[1]: [2]])
        bench.sync(ids[1], generation: 1)
        // b is away; a starts a rebalance and waits for as long as it may take.
        let token = bench.join(ids[0], instance: "a", session: 100_000, rebalance: 20_000)
        bench.pass(19_999)
        #expect(bench.joins[token] == nil)
        bench.pass(1)
        #expect(bench.joins[token]?.members.map(\.id) == ids)
        bench.sync(ids[0], generation: 2, shares: [ids[1]: [5]])
        // b is back and finds what the leader thought for it.
        let back = bench.join(instance: "b", session: 100_000, rebalance: 20_000)
        #expect(bench.joins[back]?.generation == 2)
        #expect(bench.syncs[bench.sync(bench.joins[back]?.memberID ?? "", generation: 2)]?.assignment == [5])
        bench.pass(100_000)
        #expect(bench.state == .empty)
    }

    @Test func aMissingStaticLeaderIsStoodInFor() {
        var (bench, a, b) = bench()
        // a is away; b wants a rebalance.
        let token = bench.join(b, instance: "b", topics: ["u"], protocols: ["range", "sticky"], session: 300_000)
        bench.pass(9_000)
        #expect(bench.heartbeat(a, 1, instance: "a") == .rebalanceInProgress)
        for _ in 0..<6 {
            bench.pass(9_000)
            _ = bench.heartbeat(a, 1, instance: "a")
        }
        #expect(bench.joins[token]?.leader == b)
        #expect(bench.joins[token]?.members.map(\.id) == [a, b])
        #expect(bench.syncs[bench.sync(b, generation: 2, instance: "b", shares: [a: [3], b: [4]])]?.assignment == [4])
    }

    @Test func aStaticLeaderThatNeverDividesTheWork() {
        var (bench, a, b) = bench()
        bench.join(a, instance: "a", protocols: ["range", "sticky"])
        bench.join(b, instance: "b", protocols: ["range", "sticky"])
        let waiting = bench.sync(b, generation: 2, instance: "b")
        for _ in 0..<6 {
            bench.pass(9_000)
            #expect(bench.heartbeat(a, 2, instance: "a") == .none)
        }
        #expect(bench.syncs[waiting] == nil)
        bench.pass(6_000)
        // It stays a member, but the others do not wait for it for ever.
        #expect(bench.syncs[waiting]?.error == .rebalanceInProgress)
        #expect(bench.heartbeat(a, 2, instance: "a") == .rebalanceInProgress)
    }

    @Test func onlyStaticMembersAndNoneComes() {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 10))
        let tokens = ["a", "b"].map { bench.join(instance: $0, session: 50_000, rebalance: 10_000) }
        bench.pass(30)
        let ids = tokens.compactMap { bench.joins[$0]?.memberID }
        bench.sync(ids[0], generation: 1)
        bench.sync(ids[1], generation: 1)
        #expect(bench.leave([LeavingMember(memberID: "", instanceID: "a")]) == [.none])
        bench.pass(49_969)
        // There is nobody to lead, so no generation begins until b is given up.
        #expect(bench.state == .preparingRebalance)
        #expect(bench.generation == 1)
        bench.pass(50)
        #expect(bench.state == .empty)
    }

    @Test func leavingByInstance() {
        var (bench, _, b) = bench()
        #expect(
            bench.leave([
                LeavingMember(memberID: "", instanceID: "x"), LeavingMember(memberID: "", instanceID: "b"),
                LeavingMember(memberID: b, instanceID: "b"),
            ]) == [.unknownMemberID, .none, .unknownMemberID]
        )
        #expect(bench.coordinator.describe("g").members.map(\.instanceID) == ["a"])
    }

    @Test func aRestartKeepsWhoIsWho() {
        var (bench, _, b) = bench()
        let token = bench.join(instance: "b", protocols: ["range", "sticky"])
        let new = bench.joins[token]?.memberID ?? ""
        var later = bench.restarted()
        #expect(later.heartbeat(new, 1, instance: "b") == .none)
        #expect(later.heartbeat(b, 1, instance: "b") == .fencedInstanceID)
    }

    @Test func answersThatCouldNotBeMadeDurable() {
        let answer = JoinAnswer(error: .none, memberID: "m", generation: 3, protocolName: "range")
        #expect(
            GroupReply.joined(ReplyToken(1), answer).undurable
                == .joined(ReplyToken(1), JoinAnswer(error: .coordinatorNotAvailable, memberID: "m"))
        )
        #expect(
            GroupReply.synced(ReplyToken(2), SyncAnswer(error: .none, assignment: [1])).undurable
                == .synced(ReplyToken(2), SyncAnswer(error: .coordinatorNotAvailable))
        )
    }
}
