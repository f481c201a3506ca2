internal import MartletCore
internal import OrderedCollections

/// All consumer groups of a server, and the rules that concern more than one call.
///
/// Membership changes at once, and what has to survive of it is left as records. Offsets change only by ``apply(_:)``,
/// once their records are durable. Both have to be made durable in the order in which they were handed out.
struct GroupCoordinator: Sendable {
    /// The figures that groups are run by.
    let settings: GroupSettings
    /// The groups by id.
    private(set) var groups: [String: ConsumerGroup] = [:]
    /// When they have something to do.
    private var deadlines = DeadlineQueue()
    /// The group of every request that is held back.
    private var parked: [ReplyToken: String] = [:]

    /// A coordinator without groups.
    init(settings: GroupSettings = GroupSettings()) { self.settings = settings }

    /// When ``expire(now:)`` has something to do, or earlier; nil when nothing is waited for.
    var nextDeadline: Int64? { deadlines.next }

    /// A member joins.
    mutating func join(_ groupID: String, _ call: JoinCall, now: Int64) -> GroupEffects {
        let error = joinError(groupID, call)
        guard error == .none else {
            return GroupEffects(replies: [.joined(call.token, JoinAnswer(error: error, memberID: call.memberID))])
        }
        parked[call.token] = groupID
        return change(groupID, or: ConsumerGroup(id: groupID), now: now) { group, settings, effects in
            group.join(call, settings, now: now, into: &effects)
        }
    }

    private func joinError(_ groupID: String, _ call: JoinCall) -> KafkaError {
        guard Self.isName(groupID) else { return .invalidGroupID }
        let timeout = Int64(call.sessionTimeout)
        guard timeout >= settings.minSessionTimeout, timeout <= settings.maxSessionTimeout else {
            return .invalidSessionTimeout
        }
        let names = [call.memberID, call.instanceID ?? "-", call.protocolType] + call.protocols.map(\.name)
        let bytes = call.protocols.reduce(0) { $0 + $1.metadata.count }
        guard names.allSatisfy({ $0.utf8.count <= Limits.coordinatorNameBytes }), call.instanceID?.isEmpty != true,
            call.protocols.count <= Limits.memberProtocols, bytes <= Limits.memberMetadataBytes
        else { return .invalidRequest }
        guard groups[groupID] == nil else { return .none }
        // An id of before a restart or a deletion: the member has to begin anew.
        guard call.memberID.isEmpty else { return .unknownMemberID }
        return groups.count < Limits.consumerGroups ? .none : .policyViolation
    }

    /// A member asks for its share.
    mutating func sync(_ groupID: String, _ call: SyncCall, now: Int64) -> GroupEffects {
        guard groups[groupID] != nil else {
            let error: KafkaError = Self.isName(groupID) ? .unknownMemberID : .invalidGroupID
            return GroupEffects(replies: [.synced(call.token, SyncAnswer(error: error))])
        }
        parked[call.token] = groupID
        return change(groupID, now: now) { group, _, effects in group.sync(call, now: now, into: &effects) }
    }

    /// A member says that it lives.
    mutating func heartbeat(_ groupID: String, _ caller: GroupCaller, now: Int64) -> KafkaError {
        guard Self.isName(groupID) else { return .invalidGroupID }
        // Deadlines only become later by this.
        return groups[groupID]?.heartbeat(caller, now: now) ?? .unknownMemberID
    }

    /// Members leave.
    ///
    /// - Returns: for each whether it worked (before version 3 the error of the whole answer), and what follows.
    mutating func leave(
        _ groupID: String,
        _ leaving: [LeavingMember],
        now: Int64
    ) -> (errors: [KafkaError], effects: GroupEffects) {
        guard groups[groupID] != nil else {
            let error: KafkaError = Self.isName(groupID) ? .unknownMemberID : .invalidGroupID
            return (leaving.map { _ in error }, GroupEffects())
        }
        var errors: [KafkaError] = []
        let effects = change(groupID, now: now) { group, settings, effects in
            errors = group.leave(leaving, settings, now: now, into: &effects)
        }
        return (errors, effects)
    }

    /// The connection of a request that is held back is closed.
    mutating func abandon(_ token: ReplyToken, now: Int64) -> GroupEffects {
        guard let groupID = parked.removeValue(forKey: token) else { return GroupEffects() }
        return change(groupID, now: now) { group, settings, effects in
            group.abandon(token, settings, now: now, into: &effects)
        }
    }

    /// Does what is due by now, in all groups.
    mutating func expire(now: Int64) -> GroupEffects {
        var all = GroupEffects()
        while let groupID = deadlines.popDue(now) {
            let effects = change(groupID, now: now) { group, settings, effects in
                group.expire(settings, now: now, into: &effects)
            }
            all.records += effects.records
            all.replies += effects.replies
        }
        return all
    }

    /// Lets something happen to a group, and looks when it has something to do next.
    private mutating func change(
        _ groupID: String,
        or new: @autoclosure () -> ConsumerGroup? = nil,
        now: Int64,
        _ event: (inout ConsumerGroup, GroupSettings, inout GroupEffects) -> Void
    ) -> GroupEffects {
        var effects = GroupEffects()
        if groups[groupID] == nil { groups[groupID] = new() }
        guard let index = groups.index(forKey: groupID) else { return effects }
        event(&groups.values[index], settings, &effects)
        // Never at once, so that doing what is due comes to an end.
        deadlines.schedule(groupID, at: groups.values[index].nextDeadline.map { max($0, now + 1) })
        for reply in effects.replies { parked[reply.token] = nil }
        return effects
    }

    /// Whether something can be the name of a group.
    static func isName(_ name: String) -> Bool { !name.isEmpty && name.utf8.count <= Limits.coordinatorNameBytes }
}

extension GroupCoordinator {
    /// Changes what is left of a group's membership by a commit: its time of life.
    mutating func withGroup<Answer>(_ groupID: String, _ body: (inout ConsumerGroup) -> Answer) -> Answer? {
        guard let index = groups.index(forKey: groupID) else { return nil }
        return body(&groups.values[index])
    }

    /// Takes over records that are durable now: offsets and deletions; groups themselves have changed already.
    mutating func apply(_ record: CoordinatorRecord) {
        switch record {
        case .offsetsCommitted(let record):
            groups[record.groupID, default: ConsumerGroup(id: record.groupID)].offsets.record(
                record.offsets,
                producerID: record.producerID
            )
        case .offsetsDeleted(let groupID, let partitions): groups[groupID]?.offsets.remove(partitions)
        case .offsetsEnded(let groupID, let producerID, let isCommitted):
            groups[groupID]?.offsets.end(producerID: producerID, isCommitted: isCommitted)
        case .groupDeleted(let groupID):
            // It was deleted because it was idle; somebody may have joined since.
            if groups[groupID]?.state == .empty, groups[groupID]?.givenIDs.isEmpty == true {
                groups[groupID] = nil
            } else {
                groups[groupID]?.forget()
            }
        case .group, .transaction, .transactionDeleted, .producerIDs: break
        }
    }

    /// Takes over a record of before a restart.
    mutating func replay(_ record: CoordinatorRecord, now: Int64) {
        switch record {
        case .group(let kept):
            let offsets = groups[kept.id]?.offsets ?? OffsetBook()
            let group = ConsumerGroup(kept, offsets: offsets, now: now)
            groups[kept.id] = group
            deadlines.schedule(kept.id, at: group.nextDeadline)
        case .groupDeleted(let groupID): groups[groupID] = nil
        default: apply(record)
        }
    }

    /// The records that make equal groups.
    var records: [CoordinatorRecord] {
        groups.keys.sorted().flatMap { groupID -> [CoordinatorRecord] in
            guard let group = groups[groupID] else { return [] }
            return (group.kept.map { [.group($0)] } ?? []) + group.offsets.records(groupID: groupID)
        }
    }
}
