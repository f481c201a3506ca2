import MartletCore

/// What of the coordinators' state survives a restart: one entry of their journal.
///
/// A change is first decided, then its records are made durable, then they are applied and the client is answered. So
/// what is in memory never runs ahead of what a crash leaves, and replaying the journal takes the same path as living.
enum CoordinatorRecord: Hashable, Sendable {
    /// A group as it is now, without its offsets.
    case group(GroupRecord)
    /// A group is gone, with its offsets.
    case groupDeleted(String)
    /// Positions that count from now on, or, with a producer, once its transaction is committed.
    case offsetsCommitted(OffsetsRecord)
    /// Positions that are gone.
    case offsetsDeleted(groupID: String, [TopicPartition])
    /// The positions that a producer's transaction left with a group count from now on, or are dropped.
    case offsetsEnded(groupID: String, producerID: Int64, isCommitted: Bool)
    /// A transactional id as it is now.
    case transaction(TransactionRecord)
    /// A transactional id is gone.
    case transactionDeleted(String)
    /// Every producer id below this may have been given out.
    case producerIDs(below: Int64)
}

/// A group as it is kept: enough for its members to go on after a restart without a rebalance.
struct GroupRecord: Hashable, Sendable {
    /// The group's id.
    var id: String
    /// What kind of group it is, as its members say; nil for one that only keeps offsets.
    var protocolType: String?
    /// The number of its last rebalance.
    var generation: Int32
    /// How the work is divided; nil without members.
    var protocolName: String?
    /// The member that divides the work; nil without members.
    var leader: String?
    /// When it lost its last member, in milliseconds since 1970; nil while it has members.
    var emptySince: Int64?
    /// Its members in the order of their coming.
    var members: [GroupMemberRecord]
}

/// A member of a group as it is kept.
struct GroupMemberRecord: Hashable, Sendable {
    /// The id that the coordinator gave it.
    var id: String
    /// The name of a static member (KIP-345).
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
    /// Its share, as the leader wrote it.
    var assignment: [UInt8]
}

/// One way to divide work that a member knows, with what the leader has to know of the member for it.
struct GroupProtocol: Hashable, Sendable {
    /// The name, such as `range`.
    var name: String
    /// What the leader is told; for consumers a subscription.
    var metadata: [UInt8]
}

/// Positions of a group that were committed together.
struct OffsetsRecord: Hashable, Sendable {
    /// The group.
    var groupID: String
    /// The producer whose transaction they wait for; nil when they count at once.
    var producerID: Int64?
    /// The positions.
    var offsets: [Entry]

    /// One of them.
    struct Entry: Hashable, Sendable {
        /// The partition.
        var partition: TopicPartition
        /// How far it is read.
        var committed: CommittedOffset
    }
}
