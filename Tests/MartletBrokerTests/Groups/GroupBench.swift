import MartletCore
import Testing

@testable import MartletBroker

/// A coordinator with a clock, and the answers that its clients got.
struct GroupBench {
    var coordinator: GroupCoordinator
    var now: Int64 = 1_000_000
    var records: [CoordinatorRecord] = []
    var joins: [ReplyToken: JoinAnswer] = [:]
    var syncs: [ReplyToken: SyncAnswer] = [:]
    private var lastToken: UInt64 = 0
    private var lastID = 0

    init(_ settings: GroupSettings = GroupSettings(initialRebalanceDelay: 0)) {
        coordinator = GroupCoordinator(settings: settings)
    }

    /// Bytes of a subscription, version 0, as clients write them.
    static func subscription(_ topics: [String], version: UInt8 = 0, tail: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = [0, version, 0, 0, 0, UInt8(topics.count)]
        for topic in topics { bytes += [0, UInt8(topic.utf8.count)] + Array(topic.utf8) }
        return bytes + [0, 0, 0, 0] + tail
    }

    mutating func take(_ effects: GroupEffects) {
        // The order in which a server does it: all that must be durable, then the answers.
        records += effects.records
        for reply in effects.replies {
            switch reply {
            case .joined(let token, let answer):
                #expect(joins[token] == nil, "answered twice")
                joins[token] = answer
            case .synced(let token, let answer):
                #expect(syncs[token] == nil, "answered twice")
                syncs[token] = answer
            }
        }
    }

    mutating func token() -> ReplyToken {
        lastToken += 1
        return ReplyToken(lastToken)
    }

    /// Sends a join.
    @discardableResult
    mutating func join(
        _ memberID: String = "",
        group: String = "g",
        version: Int16 = 9,
        instance: String? = nil,
        type: String = "consumer",
        topics: [String] = ["t"],
        protocols: [String] = ["range"],
        session: Int32 = 10_000,
        rebalance: Int32 = 60_000,
        metadata: [UInt8]? = nil
    ) -> ReplyToken {
        let token = token()
        lastID += 1
        let call = JoinCall(
            token: token,
            version: version,
            memberID: memberID,
            newMemberID: "\(instance ?? "client")-\(lastID)",
            instanceID: instance,
            clientID: "client",
            clientHost: "/127.0.0.1",
            sessionTimeout: session,
            rebalanceTimeout: rebalance,
            protocolType: type,
            protocols: protocols.map { GroupProtocol(name: $0, metadata: metadata ?? Self.subscription(topics)) }
        )
        take(coordinator.join(group, call, now: now))
        return token
    }

    /// Joins as a new member of a client that knows KIP-394: first for an id, then with it.
    mutating func enter(
        group: String = "g",
        topics: [String] = ["t"],
        protocols: [String] = ["range"],
        rebalance: Int32 = 60_000
    ) -> (id: String, token: ReplyToken) {
        let first = join(group: group, topics: topics, protocols: protocols, rebalance: rebalance)
        let id = joins[first]?.memberID ?? ""
        #expect(joins[first]?.error == .memberIDRequired)
        return (id, join(id, group: group, topics: topics, protocols: protocols, rebalance: rebalance))
    }

    @discardableResult
    mutating func sync(
        _ memberID: String,
        generation: Int32,
        group: String = "g",
        instance: String? = nil,
        type: String? = nil,
        name: String? = nil,
        shares: [String: [UInt8]] = [:]
    ) -> ReplyToken {
        let token = token()
        let call = SyncCall(
            token: token,
            generation: generation,
            memberID: memberID,
            instanceID: instance,
            protocolType: type,
            protocolName: name,
            assignments: shares.map { SyncCall.Assignment(memberID: $0.key, assignment: $0.value) }
        )
        take(coordinator.sync(group, call, now: now))
        return token
    }

    mutating func heartbeat(
        _ id: String,
        _ generation: Int32,
        group: String = "g",
        instance: String? = nil
    ) -> KafkaError {
        let caller = GroupCaller(memberID: id, generation: generation, instanceID: instance)
        return coordinator.heartbeat(group, caller, now: now)
    }

    mutating func leave(_ members: [LeavingMember], group: String = "g") -> [KafkaError] {
        let (errors, effects) = coordinator.leave(group, members, now: now)
        take(effects)
        return errors
    }

    mutating func leave(_ id: String, group: String = "g") -> [KafkaError] {
        leave([LeavingMember(memberID: id)], group: group)
    }

    /// Lets time go by, doing what is due in its time.
    mutating func pass(_ milliseconds: Int64) {
        let end = now + milliseconds
        while let next = coordinator.nextDeadline, next <= end {
            now = max(now, next)
            take(coordinator.expire(now: now))
        }
        now = end
    }

    /// Commits, makes it durable and applies it.
    mutating func commit(
        _ offset: Int64,
        member: String = "",
        generation: Int32 = -1,
        instance: String? = nil,
        group: String = "g",
        partition: TopicPartition = TopicPartition("t", 0),
        metadata: String? = nil,
        producer: Int64? = nil,
        retention: Int64? = nil
    ) -> KafkaError {
        let decision = coordinator.commit(
            group,
            GroupCaller(memberID: member, generation: generation, instanceID: instance),
            [OffsetToCommit(partition: partition, offset: offset, leaderEpoch: 3, metadata: metadata)],
            producerID: producer,
            retention: retention,
            now: now
        )
        apply(decision.records)
        return decision.errors.first ?? .unknownServerError
    }

    mutating func apply(_ new: [CoordinatorRecord]) {
        records += new
        for record in new { coordinator.apply(record) }
    }

    func offset(_ partition: Int32 = 0, topic: String = "t", group: String = "g", isStable: Bool = false) -> Int64? {
        coordinator.offset(group, TopicPartition(topic, partition), isStable: isStable).committed?.offset
    }

    var state: GroupState { coordinator.describe("g").state }

    /// A stable group of so many members; the leader is the first.
    mutating func stable(_ count: Int, topics: [String] = ["t"]) -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            // Those that are in are told to come again.
            let entered = enter(topics: topics)
            for id in ids { join(id, topics: topics) }
            ids.append(entered.id)
            let generation = joins[entered.token]?.generation ?? -1
            for id in ids.reversed() {
                let shares = Dictionary(uniqueKeysWithValues: ids.map { ($0, Array("share of \($0)".utf8)) })
                sync(id, generation: generation, shares: id == ids[0] ? shares : [:])
            }
        }
        #expect(state == .stable)
        return ids
    }

    var generation: Int32 { coordinator.groups["g"]?.generation ?? -1 }

    /// The coordinator after a crash, from what was made durable.
    func restarted(after pause: Int64 = 0) -> GroupBench {
        var bench = GroupBench(coordinator.settings)
        bench.now = now + pause
        bench.lastToken = lastToken
        bench.lastID = lastID
        bench.records = records
        for record in records { bench.coordinator.replay(record, now: bench.now) }
        return bench
    }
}
