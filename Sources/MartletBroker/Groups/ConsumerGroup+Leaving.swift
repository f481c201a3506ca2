internal import OrderedCollections

// Members that go: by saying so, by falling silent, or by losing their connection.
extension ConsumerGroup {
    /// Members leave, or are told to.
    ///
    /// - Returns: for each of them whether it worked.
    mutating func leave(
        _ leaving: [LeavingMember],
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) -> [KafkaError] {
        leaving.map { member in
            if member.memberID.isEmpty {
                guard let current = member.instanceID.flatMap({ staticMembers[$0] }) else { return .unknownMemberID }
                remove(current, settings, now: now, into: &effects)
                return .none
            }
            if givenIDs.removeValue(forKey: member.memberID) != nil {
                advanceGathering(settings, now: now, into: &effects)
                return .none
            }
            let error = validate(member.memberID, member.instanceID)
            if error == .none { remove(member.memberID, settings, now: now, into: &effects) }
            return error
        }
    }

    /// When the next thing happens by itself; nil when nothing does.
    var nextDeadline: Int64? {
        var first = [gathering?.deadline, syncDeadline].compactMap(\.self).min()
        for deadline in givenIDs.values { first = min(first ?? deadline, deadline) }
        for member in members.values {
            if let deadline = member.deadline { first = min(first ?? deadline, deadline) }
        }
        return first
    }

    /// Does what is due.
    mutating func expire(_ settings: GroupSettings, now: Int64, into effects: inout GroupEffects) {
        givenIDs.removeAll { $0.value <= now }
        for member in members.values {
            if let deadline = member.deadline, deadline <= now {
                remove(member.id, settings, now: now, into: &effects)
            }
        }
        if let deadline = syncDeadline, deadline <= now { endSyncing(settings, now: now, into: &effects) }
        advanceGathering(settings, now: now, into: &effects)
    }

    /// Goes on without those that joined and never asked for their share.
    private mutating func endSyncing(_ settings: GroupSettings, now: Int64, into effects: inout GroupEffects) {
        syncDeadline = nil
        let missing = members.values.filter(\.owesSync)
        for member in missing { members[member.id]?.owesSync = false }
        let gone = missing.filter { $0.instanceID == nil }
        for member in gone { drop(member.id) }
        // A static leader stays a member, but the others must not wait for its division for ever.
        if !gone.isEmpty || state == .completingRebalance { startGathering(settings, now: now, into: &effects) }
    }

    /// A request that waited will never be answered: its connection is closed.
    mutating func abandon(
        _ token: ReplyToken,
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) {
        guard let member = members.values.first(where: { $0.parkedJoin == token || $0.parkedSync == token }) else {
            return
        }
        members[member.id]?.lastSeen = now
        if member.parkedSync == token {
            members[member.id]?.parkedSync = nil
            return
        }
        members[member.id]?.parkedJoin = nil
        // Nobody knows the id of a member that was never let in, so nobody will come back with it.
        if member.isNew, member.instanceID == nil {
            drop(member.id)
            advanceGathering(settings, now: now, into: &effects)
        }
    }
}
