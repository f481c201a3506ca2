internal import MartletCore

/// A member of a group, as its coordinator sees it.
struct GroupMember: Hashable, Sendable {
    /// Its id.
    var id: String
    /// The name of a static member.
    var instanceID: String?
    /// What the client calls itself.
    var clientID: String
    /// Where it connects from.
    var clientHost: String
    /// Milliseconds without a sign of life after which it is taken out.
    var sessionTimeout: Int64
    /// Milliseconds that it may take to join again.
    var rebalanceTimeout: Int64
    /// The ways to divide work that it knows, the best first.
    var protocols: [GroupProtocol]
    /// Its share.
    var assignment: [UInt8] = []
    /// Whether it waits to be let in for the first time.
    var isNew = true
    /// When it was last heard of.
    var lastSeen: Int64
    /// Its join that waits for the others.
    var parkedJoin: ReplyToken?
    /// Its sync that waits for the leader.
    var parkedSync: ReplyToken?
    /// Whether it was let into the generation and has not asked for its share.
    var owesSync = false

    /// When it is taken for gone; nil while it waits for an answer: it cannot do anything then.
    var deadline: Int64? {
        if parkedJoin != nil { return isNew ? lastSeen + Limits.newMemberJoinMilliseconds : nil }
        return parkedSync == nil ? lastSeen + sessionTimeout : nil
    }

    /// What it says of itself for a protocol.
    func metadata(for name: String?) -> [UInt8] { protocols.first { $0.name == name }?.metadata ?? [] }
}

extension GroupMember {
    /// A member that has just come.
    init(id: String, _ call: JoinCall, now: Int64) {
        self.init(
            id: id,
            instanceID: call.instanceID,
            clientID: call.clientID,
            clientHost: call.clientHost,
            sessionTimeout: Int64(call.sessionTimeout),
            rebalanceTimeout: call.rebalanceMilliseconds,
            protocols: call.protocols,
            lastSeen: now,
            parkedJoin: call.token
        )
    }

    /// A member as it was kept, heard of just now.
    init(_ record: GroupMemberRecord, now: Int64) {
        self.init(
            id: record.id,
            instanceID: record.instanceID,
            clientID: record.clientID,
            clientHost: record.clientHost,
            // Times are added to the clock: whatever is read, they must have sensible sizes.
            sessionTimeout: min(max(0, record.sessionTimeout), Int64(Int32.max)),
            rebalanceTimeout: min(max(1, record.rebalanceTimeout), Int64(Int32.max)),
            protocols: record.protocols,
            assignment: record.assignment,
            isNew: false,
            lastSeen: now
        )
    }

    /// It as it is kept.
    var record: GroupMemberRecord {
        GroupMemberRecord(
            id: id,
            instanceID: instanceID,
            clientID: clientID,
            clientHost: clientHost,
            sessionTimeout: sessionTimeout,
            rebalanceTimeout: rebalanceTimeout,
            protocols: protocols,
            assignment: assignment
        )
    }

    /// Takes over what it says when it joins again, and waits for the others.
    mutating func rejoin(_ call: JoinCall, now: Int64) {
        protocols = call.protocols
        sessionTimeout = Int64(call.sessionTimeout)
        rebalanceTimeout = call.rebalanceMilliseconds
        clientID = call.clientID
        clientHost = call.clientHost
        parkedJoin = call.token
        lastSeen = now
    }
}

extension JoinCall {
    /// The rebalance timeout: before version 1 the session timeout, and never 0, so that waiting goes on in time.
    var rebalanceMilliseconds: Int64 { max(1, Int64(rebalanceTimeout < 0 ? sessionTimeout : rebalanceTimeout)) }
}
