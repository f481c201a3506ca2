/// A request that the server holds back until the coordinator answers it.
struct ReplyToken: Hashable, Sendable {
    /// The server's number for it; never used twice while it is held back.
    var rawValue: UInt64

    /// The request of that number.
    init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// A member wants to join, or to join again.
struct JoinCall: Sendable {
    /// The request.
    var token: ReplyToken
    /// The version of JoinGroup: from 4 a new member is first given an id, from 9 a leader may be told to skip its work.
    var version: Int16
    /// The member; empty when it is new.
    var memberID: String
    /// A new and unique id for the case that the member needs one: `clientId-UUID`, or `instanceId-UUID` when static.
    var newMemberID: String
    /// The name of a static member.
    var instanceID: String?
    /// What the client calls itself.
    var clientID: String
    /// Where it connects from.
    var clientHost: String
    /// Milliseconds.
    var sessionTimeout: Int32
    /// Milliseconds; negative before version 1, where the session timeout counts.
    var rebalanceTimeout: Int32
    /// What kind of group the member takes it for.
    var protocolType: String
    /// What it can work with.
    var protocols: [GroupProtocol]
}

/// The answer to a ``JoinCall``.
struct JoinAnswer: Hashable, Sendable {
    /// Whether it worked.
    var error: KafkaError
    /// The member; with `memberIDRequired` the id to join with.
    var memberID: String
    /// The generation; -1 with an error.
    var generation: Int32 = -1
    /// What kind of group it is.
    var protocolType: String?
    /// How the work is divided.
    var protocolName: String?
    /// Who divides it.
    var leader = ""
    /// Whether the leader shall leave the assignment as it is (from version 9).
    var skipsAssignment = false
    /// For the leader only: everybody.
    var members: [Member] = []

    /// What the leader is told of a member.
    struct Member: Hashable, Sendable {
        /// Its id.
        var id: String
        /// The name of a static member.
        var instanceID: String?
        /// What it says of itself for the chosen protocol.
        var metadata: [UInt8]
    }
}

/// A member wants its share; the leader brings all shares.
struct SyncCall: Sendable {
    /// The request.
    var token: ReplyToken
    /// The generation that the member is in.
    var generation: Int32
    /// The member.
    var memberID: String
    /// The name of a static member.
    var instanceID: String?
    /// From version 5: what the member takes the group for.
    var protocolType: String?
    /// From version 5: how it takes the work to be divided.
    var protocolName: String?
    /// The leader's division.
    var assignments: [Assignment] = []

    /// A member's share.
    struct Assignment: Hashable, Sendable {
        /// The member.
        var memberID: String
        /// Its share.
        var assignment: [UInt8]
    }
}

/// The answer to a ``SyncCall``.
struct SyncAnswer: Hashable, Sendable {
    /// Whether it worked.
    var error: KafkaError
    /// What kind of group it is.
    var protocolType: String?
    /// How the work is divided.
    var protocolName: String?
    /// The member's share.
    var assignment: [UInt8] = []
}

/// An answer for a request that was held back.
enum GroupReply: Hashable, Sendable {
    /// To a join.
    case joined(ReplyToken, JoinAnswer)
    /// To a sync.
    case synced(ReplyToken, SyncAnswer)

    /// The request.
    var token: ReplyToken {
        switch self {
        case .joined(let token, _), .synced(let token, _): token
        }
    }

    /// What to answer in its place when the records that go with it cannot be made durable; clients try again.
    var undurable: GroupReply {
        switch self {
        case .joined(let token, let answer):
            .joined(token, JoinAnswer(error: .coordinatorNotAvailable, memberID: answer.memberID))
        case .synced(let token, _): .synced(token, SyncAnswer(error: .coordinatorNotAvailable))
        }
    }
}

/// What follows from an event: first all records are made durable, then all replies are sent.
struct GroupEffects: Hashable, Sendable {
    /// To be made durable, in this order.
    var records: [CoordinatorRecord] = []
    /// To be sent after that; as ``GroupReply/undurable`` when it fails.
    var replies: [GroupReply] = []
}

/// Who speaks for a group: in heartbeats and commits.
struct GroupCaller: Hashable, Sendable {
    /// The member; empty for a client outside of any generation.
    var memberID: String
    /// The generation; -1 for a client outside of any.
    var generation: Int32
    /// The name of a static member.
    var instanceID: String?
}

/// A member that shall leave.
struct LeavingMember: Hashable, Sendable {
    /// The member; empty to name a static member by its instance.
    var memberID: String
    /// The name of a static member (from version 3).
    var instanceID: String?
}
