import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletBroker

/// A group whose members come, leave and vanish all the time, over the server's socket.
@Suite(.timeLimit(.minutes(30)))
struct GroupFlappingTests {
    @Test(arguments: 1...2) func comesToRestAfterwards(seed: UInt64) async throws {
        try await ServerBench.run { bench in
            var random = SeededGenerator(seed: seed)
            var members: [Int: (member: FlappingMember, task: Task<Void, any Error>)] = [:]
            for round in 0..<100 {
                let slot = Int.random(in: 0..<6, using: &random)
                if let (member, task) = members.removeValue(forKey: slot) {
                    member.end(Bool.random(using: &random) ? .leaves : .vanishes)
                    try await task.value
                } else {
                    let member = FlappingMember(slot: slot, version: round % 3 == 0 ? 5 : 9)
                    members[slot] = (member, Task { try await member.run(bench) })
                    await member.settles()
                }
            }
            // Those that are left are all in one generation, each has its own share, and it stays so.
            if members.isEmpty {
                let member = FlappingMember(slot: 0, version: 9)
                members[0] = (member, Task { try await member.run(bench) })
            }
            let client = try await bench.connect()
            let wanted = members.count
            var group: DescribeGroupsResponse.Group?
            repeat {
                let answer = try await client.ask(DescribeGroupsRequest(groups: ["g"]), version: 5)
                group = answer.groups.first
            } while group?.groupState != "Stable" || group?.members.count != wanted
            let shares = try #require(group).members.map(\.memberAssignment)
            #expect(Set(shares).count == wanted && !shares.contains([]))
            for (member, _) in members.values { await member.beats(50) }
            let after = try await client.ask(DescribeGroupsRequest(groups: ["g"]), version: 5).groups.first
            #expect(after == group)
            for (member, task) in members.values {
                member.end(.leaves)
                try await task.value
            }
            let empty = try await client.ask(DescribeGroupsRequest(groups: ["g"]), version: 5).groups.first
            #expect(empty?.groupState == "Empty" && empty?.members.isEmpty == true)
        }
    }
}

/// A member that does what clients do: joins, shares out if it leads, and beats until it hears that it must join again.
private final class FlappingMember: Sendable {
    enum End: Sendable {
        case leaves, vanishes
    }

    private struct State {
        var end: End?
        var isOver = false
        var beats = 0
        var waiting: [(beats: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let slot: Int
    private let version: Int16
    private let state = Mutex(State())

    init(slot: Int, version: Int16) {
        self.slot = slot
        self.version = version
    }

    func end(_ end: End) { state.withLock { $0.end = end } }

    /// Waits until it has a share, and has been told so once.
    func settles() async { await beats(1) }

    /// Waits for so many more heartbeats that found nothing to do.
    func beats(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append((state.beats + count, continuation)) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    private func note(beat: Bool, isOver: Bool = false) {
        let ready = state.withLock { state in
            if beat { state.beats += 1 }
            state.isOver = state.isOver || isOver
            let ready = state.waiting.filter { $0.beats <= state.beats || state.isOver }
            state.waiting.removeAll { $0.beats <= state.beats || state.isOver }
            return ready
        }
        for each in ready { each.continuation.resume() }
    }

    func run(_ bench: ServerBench) async throws {
        defer { note(beat: false, isOver: true) }
        let client = try await bench.connect()
        var id = ""
        while true {
            if let end = state.withLock({ $0.end }) { return try await finish(end, client, id) }
            let joined = try await client.ask(join(id), version: version)
            switch joined.errorCode {
            case .none, .memberIDRequired: id = joined.memberID
            case .unknownMemberID: id = ""
            case .rebalanceInProgress: break
            default: Issue.record("joining: \(joined.errorCode)")
            }
            guard joined.errorCode == .none else { continue }
            let isLeader = joined.leader == id
            let shares = joined.members.enumerated().map { index, member in
                SyncGroupRequest.Assignment(memberID: member.memberID, assignment: [UInt8(index + 1)])
            }
            let sync = SyncGroupRequest(
                groupID: "g",
                generationID: joined.generationID,
                memberID: id,
                protocolType: "consumer",
                protocolName: "range",
                assignments: isLeader ? shares : []
            )
            let synced = try await client.ask(sync, version: 5)
            if synced.errorCode == .unknownMemberID { id = "" }
            guard synced.errorCode == .none else { continue }
            if try await beat(client, id, joined.generationID) == .unknownMemberID { id = "" }
        }
    }

    /// Beats until it shall end, or hears something.
    private func beat(_ client: WireClient, _ id: String, _ generation: Int32) async throws -> KafkaError {
        let request = HeartbeatRequest(groupID: "g", generationID: generation, memberID: id)
        while state.withLock({ $0.end }) == nil {
            let error = try await client.ask(request, version: 4).errorCode
            guard error == .none else { return error }
            note(beat: true)
        }
        return .none
    }

    private func finish(_ end: End, _ client: WireClient, _ id: String) async throws {
        if end == .leaves, !id.isEmpty {
            _ = try await client.ask(LeaveGroupRequest(groupID: "g", members: [.init(memberID: id)]), version: 5)
        }
        await client.close()
    }

    private func join(_ id: String) -> JoinGroupRequest {
        JoinGroupRequest(
            groupID: "g",
            sessionTimeoutMs: 6_000,
            // Who vanished is waited for no longer.
            rebalanceTimeoutMs: 100,
            memberID: id,
            protocolType: "consumer",
            protocols: [.init(name: "range", metadata: [UInt8(slot)])]
        )
    }
}
