import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

// What clients do.
extension GroupSimulation {
    private mutating func token(_ client: Int) -> ReplyToken {
        lastToken += 1
        open[ReplyToken(lastToken)] = .some(client)
        return ReplyToken(lastToken)
    }

    mutating func join(_ index: Int) {
        let client = clients[index]
        let token = token(index)
        lastID += 1
        let newID = "c\(index)-\(lastID)"
        owners[newID] = index
        clients[index].phase = .joining(token)
        take(
            server.state.groups.join(
                "g",
                JoinCall(
                    token: token,
                    version: client.version,
                    memberID: client.memberID,
                    newMemberID: newID,
                    instanceID: client.instance,
                    clientID: "c\(index)",
                    clientHost: "/127.0.0.1",
                    sessionTimeout: 10_000,
                    rebalanceTimeout: client.version == 0 ? -1 : 20_000,
                    protocolType: "consumer",
                    protocols: [
                        GroupProtocol(name: "range", metadata: GroupBench.subscription(client.topics)),
                        GroupProtocol(name: "sticky", metadata: GroupBench.subscription(client.topics)),
                    ]
                ),
                now: now
            )
        )
    }

    mutating func sync(_ index: Int) {
        let client = clients[index]
        let token = token(index)
        clients[index].phase = .syncing(token)
        var shares: [SyncCall.Assignment] = []
        if client.leads, !client.skips {
            lastID += 1
            for member in client.others {
                let share = "\(client.generation)/\(index)/\(lastID)/\(owners[member.id] ?? -1)"
                shares.append(SyncCall.Assignment(memberID: member.id, assignment: Array(share.utf8)))
            }
        }
        take(
            server.state.groups.sync(
                "g",
                SyncCall(
                    token: token,
                    generation: client.generation,
                    memberID: client.memberID,
                    instanceID: client.instance,
                    assignments: shares
                ),
                now: now
            )
        )
    }

    mutating func heartbeat(_ index: Int) {
        let client = clients[index]
        let caller = GroupCaller(memberID: client.memberID, generation: client.generation, instanceID: client.instance)
        switch server.state.groups.heartbeat("g", caller, now: now) {
        case .none: break
        case .rebalanceInProgress, .illegalGeneration: clients[index].phase = .away
        case .unknownMemberID, .fencedInstanceID: reset(index)
        case let error: Issue.record("seed \(seed): heartbeat \(error)")
        }
    }

    /// Commits, in the generation it is in or says it is.
    mutating func commit(_ index: Int, generation: Int32) throws {
        let client = clients[index]
        let partition = Int32.random(in: 0..<3, using: &random)
        lastOffset += 1
        let decision = server.state.groups.commit(
            "g",
            GroupCaller(memberID: client.memberID, generation: generation, instanceID: client.instance),
            [OffsetToCommit(partition: TopicPartition("t", partition), offset: lastOffset)],
            now: now
        )
        guard decision.errors == [.none] else { return }
        if let newest = generations.keys.max(), generation >= 0 {
            #expect(generation == newest, "seed \(seed): a commit of generation \(generation) in \(newest)")
        }
        commits[partition, default: []].append(lastOffset)
        let index = (commits[partition]?.count ?? 1) - 1
        if server.hand(decision.records, []) {
            if Bool.random(using: &random) {
                try flush()
                acknowledged[partition] = index
                checkOffsets("after a commit")
            }
        } else {
            // The client was told that it failed.
            commits[partition]?.removeLast()
        }
    }

    /// The process ends; the server may notice that its connection is closed.
    mutating func vanish(_ index: Int) {
        switch clients[index].phase {
        case .joining(let token), .syncing(let token):
            open[token] = .some(nil)
            if Bool.random(using: &random) {
                open[token] = nil
                abandoned.insert(token)
                take(server.state.groups.abandon(token, now: now))
            }
        default: break
        }
        reset(index)
    }

    mutating func leave(_ index: Int) {
        let client = clients[index]
        let (_, effects) = server.state.groups.leave(
            "g",
            [LeavingMember(memberID: client.memberID, instanceID: client.instance)],
            now: now
        )
        take(effects)
        vanish(index)
    }

    /// A static member restarts while all is well: nothing may move.
    mutating func comeBack(_ index: Int) throws {
        try flush()
        let before = server.state.groups.describe("g")
        let isMember = before.members.contains { $0.instanceID == clients[index].instance }
        guard clients[index].instance != nil, before.state == .stable, isMember else { return }
        let topics = clients[index].topics
        let known = before.members.first { $0.instanceID == clients[index].instance }?.metadata
        vanish(index)
        join(index)
        guard known == GroupBench.subscription(topics) else { return }
        let after = server.state.groups.describe("g")
        #expect(after.state == .stable, "seed \(seed): a static member came back, and all have to join again")
        #expect(
            after.members.map(\.assignment).map { String(decoding: $0, as: UTF8.self) }.sorted()
                == before.members.map(\.assignment).map { String(decoding: $0, as: UTF8.self) }.sorted()
        )
        staticReturns += 1
    }
}
