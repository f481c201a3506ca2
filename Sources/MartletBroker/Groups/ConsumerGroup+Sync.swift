internal import OrderedCollections

// The leader divides the work, and every member gets its share.
extension ConsumerGroup {
    /// A member asks for its share; the answer follows now or when the leader has divided the work.
    mutating func sync(_ call: SyncCall, now: Int64, into effects: inout GroupEffects) {
        let error = syncError(call)
        guard error == .none, let member = members[call.memberID] else {
            effects.replies.append(.synced(call.token, SyncAnswer(error: error == .none ? .unknownMemberID : error)))
            return
        }
        switch state {
        case .completingRebalance:
            if let old = member.parkedSync {
                effects.replies.append(.synced(old, SyncAnswer(error: .rebalanceInProgress)))
            }
            members[call.memberID]?.parkedSync = call.token
            members[call.memberID]?.owesSync = false
            if call.memberID == leader { assign(call.assignments, now: now, into: &effects) }
        case .stable:
            members[call.memberID]?.owesSync = false
            touch(call.memberID, now: now)
            effects.replies.append(.synced(call.token, share(member)))
        case .preparingRebalance:
            effects.replies.append(.synced(call.token, SyncAnswer(error: .rebalanceInProgress)))
        case .empty, .dead:
            effects.replies.append(.synced(call.token, SyncAnswer(error: .unknownMemberID)))
        }
        if !members.values.contains(where: \.owesSync), state == .stable { syncDeadline = nil }
    }

    private func syncError(_ call: SyncCall) -> KafkaError {
        let error = validate(call.memberID, call.instanceID)
        guard error == .none else { return error }
        guard call.generation == generation else { return .illegalGeneration }
        let agrees =
            (call.protocolType == nil || call.protocolType == protocolType)
            && (call.protocolName == nil || call.protocolName == protocolName)
        // While members gather, the protocol of the next generation is open.
        return agrees || state == .preparingRebalance ? .none : .inconsistentGroupProtocol
    }

    private mutating func assign(
        _ assignments: [SyncCall.Assignment],
        now: Int64,
        into effects: inout GroupEffects
    ) {
        let shares = Dictionary(assignments.map { ($0.memberID, $0.assignment) }) { _, last in last }
        move(to: .stable)
        for (id, member) in members {
            members[id]?.assignment = shares[id] ?? []
            guard let token = member.parkedSync, let assigned = members[id] else { continue }
            members[id]?.parkedSync = nil
            members[id]?.lastSeen = now
            effects.replies.append(.synced(token, share(assigned)))
        }
        keep(&effects)
    }

    private func share(_ member: GroupMember) -> SyncAnswer {
        SyncAnswer(
            error: .none,
            protocolType: protocolType,
            protocolName: protocolName,
            assignment: member.assignment
        )
    }
}
