internal import OrderedCollections

/// A group of Kafka's classic protocol: who its members are, and how they come to a common division of the work.
///
/// A value without clock, ids or effects: what happens is told by a method with the time (milliseconds since 1970, never
/// going back), and what follows is left in a ``GroupEffects``. Rules: Kafka's protocol page, KIP-134 (initial delay),
/// KIP-345 and KIP-814 (static members), KIP-394 (ids before joining), KIP-211 (expiry of offsets).
struct ConsumerGroup: Hashable, Sendable {
    /// The group's id.
    let id: String
    /// Where it stands.
    private(set) var state: GroupState = .empty
    /// The number of its last rebalance.
    var generation: Int32 = 0
    /// What kind of group it is; nil until it had a member.
    var protocolType: String?
    /// How the work is divided in this generation.
    var protocolName: String?
    /// The member that divides the work; nil exactly when there is no member.
    var leader: String?
    /// Its members in the order of their coming.
    var members: OrderedDictionary<String, GroupMember> = [:]
    /// The ids of static members by their instance.
    var staticMembers: [String: String] = [:]
    /// Ids that were given out and not used yet, with the time when they lapse.
    var givenIDs: OrderedDictionary<String, Int64> = [:]
    /// The gathering of members, in ``GroupState/preparingRebalance``.
    var gathering: Gathering?
    /// When members that have not asked for their share are taken for gone.
    var syncDeadline: Int64?
    /// When it lost its last member, in milliseconds since 1970.
    var emptySince: Int64?
    /// The record it was last kept by; while members gather or wait for their shares, that of the generation before.
    var kept: GroupRecord?
    /// How far it has read.
    var offsets = OffsetBook()

    /// How long members are waited for.
    struct Gathering: Hashable, Sendable {
        /// Until when.
        var deadline: Int64
        /// Whether nobody was there before, so that it is not over when all that are known have joined.
        var isInitial = false
        /// How much longer the first gathering may become.
        var remaining: Int64 = 0
        /// Whether someone came since the last extension.
        var hasGrown = false
    }

    /// A group without members.
    init(id: String) { self.id = id }

    /// How many ids were given out and not used yet.
    var givenIDCount: Int { givenIDs.count }

    /// Whether there is no reason to keep it.
    var isIdle: Bool { state == .empty && givenIDs.isEmpty && offsets.isEmpty }

    /// How long members may take to join again: as long as the slowest asks for.
    var rebalanceTimeout: Int64 { members.values.map(\.rebalanceTimeout).max() ?? 0 }

    /// The topics that its members read; nil when it is no group of consumers, or one does not tell.
    var subscribedTopics: Set<String>? {
        guard protocolType == ConsumerSubscription.protocolType else { return nil }
        var topics: Set<String> = []
        for member in members.values {
            guard let metadata = protocolName.map(member.metadata(for:)) ?? member.protocols.first?.metadata,
                let subscription = ConsumerSubscription(metadata)
            else { return nil }
            topics.formUnion(subscription.topics)
        }
        return topics
    }

    /// Moves on; a step that the table does not know is not taken.
    mutating func move(to next: GroupState) {
        guard state.successors.contains(next) else {
            assertionFailure("\(state) -> \(next)")
            return
        }
        state = next
    }

    /// What is wrong with someone who says he is a member.
    func validate(_ memberID: String, _ instanceID: String?) -> KafkaError {
        if let instanceID {
            guard let current = staticMembers[instanceID] else { return .unknownMemberID }
            guard current == memberID else { return .fencedInstanceID }
        }
        return members[memberID] == nil ? .unknownMemberID : .none
    }

    /// Notes a sign of life.
    mutating func touch(_ memberID: String, now: Int64) { members[memberID]?.lastSeen = now }

    /// A member says that it lives, and hears whether a rebalance is on.
    mutating func heartbeat(_ caller: GroupCaller, now: Int64) -> KafkaError {
        let error = validate(caller.memberID, caller.instanceID)
        guard error == .none else { return error }
        guard caller.generation == generation else { return .illegalGeneration }
        touch(caller.memberID, now: now)
        return state == .preparingRebalance ? .rebalanceInProgress : .none
    }
}

extension ConsumerGroup {
    /// The group as it was kept, with every member heard of just now.
    init(_ record: GroupRecord, offsets: OffsetBook = OffsetBook(), now: Int64) {
        id = record.id
        generation = record.generation
        protocolType = record.protocolType
        protocolName = record.protocolName
        emptySince = record.emptySince
        self.offsets = offsets
        for member in record.members {
            members[member.id] = GroupMember(member, now: now)
            if let instanceID = member.instanceID { staticMembers[instanceID] = member.id }
        }
        state = members.isEmpty ? .empty : .stable
        leader = record.leader.flatMap { members[$0]?.id } ?? members.keys.first
        kept = record
    }

    /// Has it kept as it is now.
    mutating func keep(_ effects: inout GroupEffects) {
        let record = record
        kept = record
        effects.records.append(.group(record))
    }

    /// Forgets what was kept of it, because it was deleted when somebody was about to join.
    mutating func forget() {
        kept = nil
        offsets = OffsetBook()
    }

    /// The group as it is kept.
    var record: GroupRecord {
        GroupRecord(
            id: id,
            protocolType: protocolType,
            generation: generation,
            protocolName: protocolName,
            leader: leader,
            emptySince: emptySince,
            members: members.values.map(\.record)
        )
    }
}
