internal import MartletCore
internal import OrderedCollections

// Joining: by new members, by those that come again, and by static ones that come back with another id.
extension ConsumerGroup {
    /// A member joins; the answer follows now or when the others have joined.
    mutating func join(_ call: JoinCall, _ settings: GroupSettings, now: Int64, into effects: inout GroupEffects) {
        let error = call.memberID.isEmpty ? admission(call) : readmission(call)
        guard error == .none else { return refuse(call, error, into: &effects) }
        if call.memberID.isEmpty {
            joinNew(call, settings, now: now, into: &effects)
        } else if givenIDs.removeValue(forKey: call.memberID) != nil {
            add(call.memberID, call, settings, now: now, into: &effects)
        } else {
            joinKnown(call, settings, now: now, into: &effects)
        }
        advanceGathering(settings, now: now, into: &effects)
    }

    private func refuse(_ call: JoinCall, _ error: KafkaError, into effects: inout GroupEffects) {
        effects.replies.append(.joined(call.token, JoinAnswer(error: error, memberID: call.memberID)))
    }

    /// What is wrong with someone new.
    private func admission(_ call: JoinCall) -> KafkaError {
        let old = call.instanceID.flatMap { staticMembers[$0] }
        guard supports(call, without: old) else { return .inconsistentGroupProtocol }
        let isFull = members.count + givenIDs.count >= Limits.groupMembers
        return old == nil && isFull ? .groupMaxSizeReached : .none
    }

    /// What is wrong with someone who has an id.
    private func readmission(_ call: JoinCall) -> KafkaError {
        guard givenIDs[call.memberID] != nil else {
            let error = validate(call.memberID, call.instanceID)
            guard error == .none else { return error }
            return supports(call, without: call.memberID) ? .none : .inconsistentGroupProtocol
        }
        // Ids are given out to dynamic members only.
        guard call.instanceID == nil else { return .unknownMemberID }
        return supports(call, without: nil) ? .none : .inconsistentGroupProtocol
    }

    private mutating func joinNew(
        _ call: JoinCall,
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) {
        if let instanceID = call.instanceID, let old = staticMembers[instanceID] {
            replace(old, call, settings, now: now, into: &effects)
        } else if call.instanceID == nil, call.version >= 4 {
            givenIDs[call.newMemberID] = now + Int64(call.sessionTimeout)
            effects.replies.append(
                .joined(call.token, JoinAnswer(error: .memberIDRequired, memberID: call.newMemberID))
            )
        } else {
            add(call.newMemberID, call, settings, now: now, into: &effects)
        }
    }

    private mutating func add(
        _ memberID: String,
        _ call: JoinCall,
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) {
        if members.isEmpty { protocolType = call.protocolType }
        if generation == 0 { gathering?.hasGrown = true }
        members[memberID] = GroupMember(id: memberID, call, now: now)
        if let instanceID = call.instanceID { staticMembers[instanceID] = memberID }
        if leader == nil { leader = memberID }
        startGathering(settings, now: now, into: &effects)
    }

    private mutating func joinKnown(
        _ call: JoinCall,
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) {
        guard let member = members[call.memberID] else { return refuse(call, .unknownMemberID, into: &effects) }
        let isUnchanged = member.protocols == call.protocols
        switch state {
        // It may not have got the answer to its last join.
        case .completingRebalance where isUnchanged,
            // A leader joins again because the topics have changed, which only it watches.
            .stable where isUnchanged && leader != call.memberID:
            touch(call.memberID, now: now)
            effects.replies.append(.joined(call.token, answer(for: call.memberID)))
        case .preparingRebalance, .completingRebalance, .stable:
            // The server answers in order: a request must never be left without its answer.
            if let old = member.parkedJoin {
                effects.replies.append(
                    .joined(old, JoinAnswer(error: .rebalanceInProgress, memberID: call.memberID))
                )
            }
            members[call.memberID]?.rejoin(call, now: now)
            startGathering(settings, now: now, into: &effects)
        case .empty, .dead:
            refuse(call, .unknownMemberID, into: &effects)
        }
    }

    /// A static member has come back: it takes the place of who it was, who is fenced off.
    private mutating func replace(
        _ old: String,
        _ call: JoinCall,
        _ settings: GroupSettings,
        now: Int64,
        into effects: inout GroupEffects
    ) {
        guard var member = members.removeValue(forKey: old) else {
            return add(call.newMemberID, call, settings, now: now, into: &effects)
        }
        if let token = member.parkedJoin {
            effects.replies.append(.joined(token, JoinAnswer(error: .fencedInstanceID, memberID: old)))
        }
        if let token = member.parkedSync {
            effects.replies.append(.synced(token, SyncAnswer(error: .fencedInstanceID)))
        }
        let subscription = self.subscription(of: member)
        let formerLeader = leader ?? ""
        member.id = call.newMemberID
        member.parkedSync = nil
        member.rejoin(call, now: now)
        members[call.newMemberID] = member
        if leader == old { leader = call.newMemberID }
        if let instanceID = call.instanceID { staticMembers[instanceID] = call.newMemberID }

        guard state == .stable, chosenProtocol == protocolName, self.subscription(of: member) == subscription else {
            // With the work being divided, the leader would give the share to the old id.
            return startGathering(settings, now: now, into: &effects)
        }
        members[call.newMemberID]?.parkedJoin = nil
        var answer = answer(for: call.newMemberID)
        let isLeader = leader == call.newMemberID
        if call.version >= 9 {
            answer.skipsAssignment = isLeader
        } else {
            // An older client that hears it leads would divide the work anew, and nobody would listen.
            answer.members = []
            answer.leader = formerLeader
        }
        keep(&effects)
        effects.replies.append(.joined(call.token, answer))
    }

    /// The topics that a consumer reads.
    ///
    /// Its whole metadata cannot be compared: it also says what the member owns, which is nothing after a start.
    private func subscription(of member: GroupMember) -> ConsumerSubscription? {
        guard protocolType == ConsumerSubscription.protocolType else { return nil }
        return ConsumerSubscription(member.metadata(for: protocolName))
    }

    /// What a member is told when it is in the generation.
    func answer(for memberID: String) -> JoinAnswer {
        JoinAnswer(
            error: .none,
            memberID: memberID,
            generation: generation,
            protocolType: protocolType,
            protocolName: protocolName,
            leader: leader ?? "",
            members: leader == memberID
                ? members.values.map {
                    JoinAnswer.Member(
                        id: $0.id,
                        instanceID: $0.instanceID,
                        metadata: $0.metadata(for: protocolName)
                    )
                } : []
        )
    }
}
