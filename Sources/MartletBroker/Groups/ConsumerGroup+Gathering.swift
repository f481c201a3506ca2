internal import OrderedCollections

// A rebalance: members are gathered, and a generation begins.
extension ConsumerGroup {
    /// Asks all members to join again, unless that is on already.
    mutating func startGathering(_ settings: GroupSettings, now: Int64, into effects: inout GroupEffects) {
        guard state != .preparingRebalance else { return }
        if state == .completingRebalance {
            for (id, member) in members {
                members[id]?.assignment = []
                guard let token = member.parkedSync else { continue }
                members[id]?.parkedSync = nil
                members[id]?.lastSeen = now
                effects.replies.append(.synced(token, SyncAnswer(error: .rebalanceInProgress)))
            }
        }
        let delay = settings.initialRebalanceDelay
        let timeout = rebalanceTimeout
        gathering =
            state == .empty
            ? Gathering(deadline: now + delay, isInitial: true, remaining: max(0, timeout - delay))
            : Gathering(deadline: now + timeout)
        for id in members.keys { members[id]?.owesSync = false }
        syncDeadline = nil
        emptySince = nil
        move(to: .preparingRebalance)
    }

    /// Ends the gathering when all have come or have been waited for long enough.
    mutating func advanceGathering(_ settings: GroupSettings, now: Int64, into effects: inout GroupEffects) {
        guard state == .preparingRebalance, var round = gathering else { return }
        if round.isInitial {
            guard now >= round.deadline else { return }
            if round.hasGrown, round.remaining > 0 {
                let delay = min(max(1, settings.initialRebalanceDelay), round.remaining)
                round.remaining -= delay
                round.deadline = now + delay
                round.hasGrown = false
                gathering = round
                return
            }
        } else {
            let allHaveJoined = givenIDs.isEmpty && members.values.allSatisfy { $0.parkedJoin != nil }
            guard allHaveJoined || now >= round.deadline else { return }
        }
        endGathering(now: now, into: &effects)
    }

    private mutating func endGathering(now: Int64, into effects: inout GroupEffects) {
        // Static members may be restarting: they are missed only when their session ends (KIP-345).
        for member in members.values where member.parkedJoin == nil && member.instanceID == nil { drop(member.id) }
        if let current = leader, members[current]?.parkedJoin == nil {
            guard let next = members.values.first(where: { $0.parkedJoin != nil }) else {
                // Nobody is here to divide the work; sessions end, or someone comes.
                gathering = Gathering(deadline: now + rebalanceTimeout)
                return
            }
            leader = next.id
        }
        gathering = nil
        generation = generation == .max ? 1 : generation + 1
        if members.isEmpty {
            protocolName = nil
            emptySince = now
            move(to: .empty)
            keep(&effects)
        } else {
            beginGeneration(now: now, into: &effects)
        }
    }

    private mutating func beginGeneration(now: Int64, into effects: inout GroupEffects) {
        protocolName = chosenProtocol
        move(to: .completingRebalance)
        syncDeadline = now + rebalanceTimeout
        for (id, member) in members {
            guard let token = member.parkedJoin else { continue }
            members[id]?.parkedJoin = nil
            members[id]?.isNew = false
            members[id]?.lastSeen = now
            members[id]?.owesSync = true
            effects.replies.append(.joined(token, answer(for: id)))
        }
    }

    /// Forgets a member, and puts the first of the others in its place if it led.
    mutating func drop(_ memberID: String) {
        guard let member = members.removeValue(forKey: memberID) else { return }
        if let instanceID = member.instanceID, staticMembers[instanceID] == memberID {
            staticMembers[instanceID] = nil
        }
        if leader == memberID { leader = members.keys.first }
    }

    /// Takes a member out, and lets the others divide its share.
    mutating func remove(
        _ memberID: String,
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) {
        guard let member = members[memberID] else { return }
        if let token = member.parkedJoin {
            effects.replies.append(.joined(token, JoinAnswer(error: .unknownMemberID, memberID: memberID)))
        }
        if let token = member.parkedSync {
            effects.replies.append(.synced(token, SyncAnswer(error: .unknownMemberID)))
        }
        drop(memberID)
        startGathering(settings, now: now, into: &effects)
        advanceGathering(settings, now: now, into: &effects)
    }
}
