import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct JoinTests {
    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as [Int16])
    func firstJoinByVersion(version: Int16) {
        var bench = GroupBench()
        let token = bench.join(version: version)
        let answer = bench.joins[token]
        if version < 4 {
            #expect(answer?.error == KafkaError.none)
            #expect(answer?.generation == 1)
            #expect(answer?.leader == answer?.memberID)
            #expect(answer?.members.count == 1)
        } else {
            #expect(answer?.error == .memberIDRequired)
            #expect(answer?.memberID == "client-1")
            #expect(answer?.generation == -1)
            #expect(bench.state == .empty)
        }
    }

    @Test func staticMembersNeedNoIDFirst() {
        var bench = GroupBench()
        let token = bench.join(version: 5, instance: "a")
        #expect(bench.joins[token]?.error == KafkaError.none)
        #expect(bench.joins[token]?.memberID == "a-1")
        #expect(bench.joins[token]?.members.first?.instanceID == "a")
    }

    @Test(arguments: [
        ("", 10_000, ["range"], "consumer", KafkaError.invalidGroupID),
        ("g", 5_999, ["range"], "consumer", .invalidSessionTimeout),
        ("g", 1_800_001, ["range"], "consumer", .invalidSessionTimeout),
        ("g", 6_000, ["range"], "consumer", .memberIDRequired),
        ("g", 1_800_000, ["range"], "consumer", .memberIDRequired),
        ("g", 10_000, [], "consumer", .inconsistentGroupProtocol),
        ("g", 10_000, ["range"], "", .inconsistentGroupProtocol),
    ])
    func requestsThatCannotBe(group: String, session: Int32, protocols: [String], type: String, error: KafkaError) {
        var bench = GroupBench()
        let token = bench.join(group: group, type: type, protocols: protocols, session: session)
        #expect(bench.joins[token]?.error == error)
    }

    @Test func namesHaveAnEnd() {
        var bench = GroupBench()
        let long = String(repeating: "g", count: 32_768)
        #expect(bench.joins[bench.join(group: long)]?.error == .invalidGroupID)
        #expect(bench.joins[bench.join(long)]?.error == .invalidRequest)
        #expect(bench.joins[bench.join(instance: long)]?.error == .invalidRequest)
        #expect(bench.joins[bench.join(instance: "")]?.error == .invalidRequest)
        #expect(bench.joins[bench.join(type: long)]?.error == .invalidRequest)
        #expect(bench.joins[bench.join(protocols: [long])]?.error == .invalidRequest)
        #expect(bench.joins[bench.join(protocols: (0..<65).map { "p\($0)" })]?.error == .invalidRequest)
        #expect(bench.joins[bench.join(metadata: [UInt8](repeating: 0, count: 4 << 20 | 1))]?.error == .invalidRequest)
        #expect(bench.coordinator.groups.isEmpty)
    }

    @Test func idsThatWereNotGivenOutAreRefused() {
        var bench = GroupBench()
        #expect(bench.joins[bench.join("nobody")]?.error == .unknownMemberID)
        _ = bench.stable(1)
        #expect(bench.joins[bench.join("nobody")]?.error == .unknownMemberID)
        #expect(bench.joins[bench.join("nobody", instance: "a")]?.error == .unknownMemberID)
        // An id that was given out to a dynamic member does not serve a static one.
        let given = bench.joins[bench.join()]?.memberID ?? ""
        #expect(bench.joins[bench.join(given, instance: "a")]?.error == .unknownMemberID)
        #expect(bench.coordinator.groups["g"]?.givenIDCount == 1)
    }

    @Test func idsThatWereGivenOutLapse() {
        var bench = GroupBench()
        let given = bench.joins[bench.join(session: 6_000)]?.memberID ?? ""
        bench.pass(5_999)
        #expect(bench.coordinator.groups["g"]?.givenIDCount == 1)
        bench.pass(1)
        #expect(bench.coordinator.groups["g"]?.givenIDCount == 0)
        #expect(bench.joins[bench.join(given)]?.error == .unknownMemberID)
    }

    @Test func kindsOfGroupsDoNotMix() {
        var bench = GroupBench()
        _ = bench.stable(1)
        #expect(bench.joins[bench.join(type: "connect")]?.error == .inconsistentGroupProtocol)
        #expect(bench.joins[bench.join(protocols: ["sticky"])]?.error == .inconsistentGroupProtocol)
        #expect(bench.state == .stable)
    }

    /// Protocols of the members, and what is chosen: known by all, then most first votes, then the leader's order.
    @Test(arguments: [
        ([["range"], ["range", "sticky"]], "range"),
        ([["sticky", "range"], ["range", "sticky"]], "sticky"),
        ([["sticky", "range"], ["range", "sticky"], ["range", "sticky"]], "range"),
        // The second's first choice is not known by all, so its vote goes to the next.
        ([["a", "b", "c"], ["x", "b", "a"], ["b", "a"]], "b"),
        ([["a", "b"], ["b", "a"], ["x", "a", "b"], ["y", "b", "a"]], "a"),
    ])
    func theProtocolIsVotedFor(offers: [[String]], chosen: String) {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 100))
        let tokens = offers.map { bench.join(version: 3, protocols: $0) }
        bench.pass(200)
        for token in tokens {
            #expect(bench.joins[token]?.error == KafkaError.none)
            #expect(bench.joins[token]?.protocolName == chosen)
        }
    }

    @Test func theFirstGenerationWaitsForMore() {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 3_000))
        let first = bench.join(version: 3, rebalance: 7_000)
        bench.pass(2_000)
        let second = bench.join(version: 3, rebalance: 7_000)
        bench.pass(1_000)
        // Somebody came, so it waits for another delay.
        #expect(bench.joins.isEmpty)
        bench.pass(2_000)
        let third = bench.join(version: 3, rebalance: 7_000)
        bench.pass(1_000)
        // The third made it wait once more, but not longer than the rebalance timeout: 7 s in all.
        #expect(bench.joins.isEmpty)
        bench.pass(999)
        #expect(bench.joins.isEmpty)
        bench.pass(1)
        #expect([first, second, third].allSatisfy { bench.joins[$0]?.generation == 1 })
        #expect(Set([first, second, third].map { bench.joins[$0]?.leader }).count == 1)
        #expect(bench.joins[first]?.members.count == 3)
        #expect(bench.joins[second]?.members.isEmpty == true)
    }

    @Test func nobodyElseMeansOneDelay() {
        var bench = GroupBench(GroupSettings(initialRebalanceDelay: 3_000))
        let token = bench.join(version: 3)
        bench.pass(2_999)
        #expect(bench.joins[token] == nil)
        bench.pass(1)
        #expect(bench.joins[token]?.generation == 1)
    }

    @Test func knownMembersAreWaitedForUpToTheLargestTimeout() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        let new = bench.enter(rebalance: 90_000)
        #expect(bench.state == .preparingRebalance)
        // The second comes, the leader only lives.
        let second = bench.join(ids[1], rebalance: 30_000)
        for _ in 0..<17 {
            bench.pass(5_000)
            #expect(bench.heartbeat(ids[0], 2) == .rebalanceInProgress)
        }
        #expect(bench.joins[new.token] == nil)
        bench.pass(5_000)
        #expect(bench.joins[new.token]?.generation == 3)
        #expect(bench.joins[second]?.leader == ids[1])
        #expect(Set(bench.joins[second]?.members.map(\.id) ?? []) == [ids[1], new.id])
        #expect(bench.heartbeat(ids[0], 2) == .unknownMemberID)
    }

    @Test func theLeaderStaysIfItJoinsAgain() {
        var bench = GroupBench()
        let ids = bench.stable(3)
        let new = bench.enter()
        for id in ids.reversed() { bench.join(id) }
        #expect(bench.joins[new.token]?.leader == ids[0])
    }

    @Test func joiningAgainWhenStable() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        // A follower with nothing new hears where it is.
        let same = bench.join(ids[1])
        #expect(bench.joins[same]?.generation == 2)
        #expect(bench.joins[same]?.members.isEmpty == true)
        #expect(bench.state == .stable)
        #expect(bench.syncs[bench.sync(ids[1], generation: 2)]?.assignment == Array("share of \(ids[1])".utf8))
        // A follower with other topics starts a rebalance.
        let other = bench.join(ids[1], topics: ["t", "u"])
        #expect(bench.joins[other] == nil)
        #expect(bench.state == .preparingRebalance)
        bench.join(ids[0])
        #expect(bench.joins[other]?.generation == 3)
    }

    @Test func theLeaderRebalancesByJoiningAgain() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        let token = bench.join(ids[0])
        #expect(bench.state == .preparingRebalance)
        #expect(bench.joins[token] == nil)
        #expect(bench.heartbeat(ids[1], 2) == .rebalanceInProgress)
    }

    @Test func joiningAgainWhileTheWorkIsDivided() {
        var bench = GroupBench()
        let entered = bench.enter()
        #expect(bench.state == .completingRebalance)
        // The answer was lost: the same again.
        let again = bench.join(entered.id)
        #expect(bench.joins[again] == bench.joins[entered.token])
        // With something else it has to be divided anew.
        let changed = bench.join(entered.id, topics: ["u"])
        #expect(bench.joins[changed]?.generation == 2)
    }

    @Test func aRepeatedJoinGetsBothItsAnswers() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        let first = bench.join(ids[0])
        let second = bench.join(ids[0])
        #expect(bench.joins[first]?.error == .rebalanceInProgress)
        bench.join(ids[1])
        #expect(bench.joins[second]?.error == KafkaError.none)
    }

    @Test func newMembersAreNotWaitedForForEver() {
        var bench = GroupBench()
        _ = bench.stable(1)
        // The one that is in does not join again for as long as its rebalance timeout allows, but lives.
        let token = bench.join(version: 3, rebalance: 1_000_000)
        let ids = bench.coordinator.describe("g").members.map(\.id)
        for _ in 0..<59 {
            bench.pass(5_000)
            #expect(bench.heartbeat(ids[0], 1) == .rebalanceInProgress)
        }
        #expect(bench.joins[token] == nil)
        bench.pass(5_000)
        // Five minutes: the client has given up long ago, or tries again.
        #expect(bench.joins[token]?.error == .unknownMemberID)
    }

    @Test func aConnectionThatClosesTakesANewMemberWithIt() {
        var bench = GroupBench()
        let ids = bench.stable(1)
        let token = bench.join(version: 3)
        bench.take(bench.coordinator.abandon(token, now: bench.now))
        let back = bench.join(ids[0])
        #expect(bench.joins[back]?.members.map(\.id) == ids)
        #expect(bench.joins[token] == nil)
    }

    @Test func aConnectionThatClosesStartsTheSessionOfAKnownMember() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        let first = bench.join(ids[0])
        bench.take(bench.coordinator.abandon(first, now: bench.now))
        bench.join(ids[1])
        bench.pass(9_999)
        #expect(bench.state == .preparingRebalance)
        bench.pass(1)
        #expect(bench.state == .completingRebalance)
        #expect(bench.coordinator.describe("g").members.map(\.id) == [ids[1]])
    }
}
