import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct GroupAdminTests {
    @Test func groupsAsPeopleSeeThem() {
        var bench = GroupBench()
        #expect(bench.coordinator.describe("g").state == .dead)
        #expect(bench.coordinator.list().isEmpty)
        let ids = bench.stable(2, topics: ["t"])
        #expect(bench.commit(1, group: "simple") == .none)
        let description = bench.coordinator.describe("g")
        #expect(description.state.rawValue == "Stable")
        #expect(description.protocolType == "consumer" && description.protocolName == "range")
        #expect(description.members.map(\.id) == ids)
        #expect(description.members.map(\.assignment) == ids.map { Array("share of \($0)".utf8) })
        #expect(description.members.allSatisfy { $0.metadata == GroupBench.subscription(["t"]) })
        #expect(bench.coordinator.list().map(\.groupID) == ["g", "simple"])
        #expect(bench.coordinator.list(states: ["stable"]).map(\.groupID) == ["g"])
        #expect(bench.coordinator.list(states: ["Empty", "Dead"]).map(\.groupID) == ["simple"])
        _ = bench.enter()
        #expect(bench.coordinator.describe("g").members.allSatisfy { $0.assignment.isEmpty && $0.metadata.isEmpty })
    }

    @Test func deletingGroups() {
        var bench = GroupBench()
        #expect(bench.coordinator.delete("g").error == .groupIDNotFound)
        let ids = bench.stable(1)
        #expect(bench.commit(1, member: ids[0], generation: 1) == .none)
        #expect(bench.coordinator.delete("g").error == .nonEmptyGroup)
        #expect(bench.leave(ids[0]) == [.none])
        let (error, records) = bench.coordinator.delete("g")
        #expect(error == .none)
        bench.apply(records)
        #expect(bench.state == .dead)
        #expect(bench.restarted().coordinator.groups.isEmpty)
        #expect(bench.offset() == nil)
    }

    @Test func aGroupThatIsJoinedWhileItIsDeleted() {
        var bench = GroupBench()
        #expect(bench.commit(1) == .none)
        let (_, records) = bench.coordinator.delete("g")
        let token = bench.join(version: 3)
        bench.apply(records)
        #expect(bench.offset() == nil)
        #expect(bench.heartbeat(bench.joins[token]?.memberID ?? "", 1) == .none)
    }

    @Test func deadlinesComeInOrder() {
        var queue = DeadlineQueue()
        var generator = SeededGenerator(seed: 5)
        var due: [String: Int64] = [:]
        for _ in 0..<2_000 {
            let id = "g\(Int.random(in: 0..<50, using: &generator))"
            let time = Int64.random(in: 0..<1_000, using: &generator)
            queue.schedule(id, at: time)
            due[id] = min(due[id] ?? time, time)
        }
        queue.schedule("never", at: nil)
        var now: Int64 = 0
        while let next = queue.next {
            // An entry that was overtaken may be early, never late.
            now = max(now, next)
            while let id = queue.popDue(now) {
                #expect(due[id] == now)
                due[id] = nil
            }
        }
        #expect(due.isEmpty)
    }
}
