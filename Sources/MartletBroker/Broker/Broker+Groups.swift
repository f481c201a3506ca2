// Consumer groups: requests become calls of the coordinator, its effects become records and answers.
extension Broker {
    func joinGroup(_ request: JoinGroupRequest, _ reply: Reply) {
        let token = park(reply)
        let newID = "\(request.groupInstanceID ?? reply.clientID)-\(settings.makeID())"
        let call = JoinCall(
            token: token,
            version: reply.version,
            memberID: request.memberID,
            newMemberID: newID,
            instanceID: request.groupInstanceID,
            clientID: reply.clientID,
            clientHost: reply.peer,
            sessionTimeout: request.sessionTimeoutMs,
            rebalanceTimeout: request.rebalanceTimeoutMs,
            protocolType: request.protocolType,
            protocols: request.protocols.map { GroupProtocol(name: $0.name, metadata: $0.metadata) }
        )
        carryOut(coordinators.groups.join(request.groupID, call, now: now))
    }

    func syncGroup(_ request: SyncGroupRequest, _ reply: Reply) {
        let call = SyncCall(
            token: park(reply),
            generation: request.generationID,
            memberID: request.memberID,
            instanceID: request.groupInstanceID,
            protocolType: request.protocolType,
            protocolName: request.protocolName,
            assignments: request.assignments.map {
                SyncCall.Assignment(memberID: $0.memberID, assignment: $0.assignment)
            }
        )
        carryOut(coordinators.groups.sync(request.groupID, call, now: now))
    }

    func heartbeat(_ request: HeartbeatRequest, _ reply: Reply) {
        let caller = GroupCaller(
            memberID: request.memberID,
            generation: request.generationID,
            instanceID: request.groupInstanceID
        )
        reply.send(HeartbeatResponse(errorCode: coordinators.groups.heartbeat(request.groupID, caller, now: now)))
    }

    func leaveGroup(_ request: LeaveGroupRequest, _ reply: Reply) {
        let leaving = request.members.map { LeavingMember(memberID: $0.memberID, instanceID: $0.groupInstanceID) }
        let (errors, effects) = coordinators.groups.leave(request.groupID, leaving, now: now)
        // That a member left need not last before it hears so: who is in a group is found out anew after a crash.
        carryOut(effects)
        guard reply.version >= 3 else {
            return reply.send(LeaveGroupResponse(errorCode: errors.first ?? .none))
        }
        let members = zip(request.members, errors).map { member, error in
            LeaveGroupResponse.Member(
                memberID: member.memberID,
                groupInstanceID: member.groupInstanceID,
                errorCode: error
            )
        }
        reply.send(LeaveGroupResponse(members: members))
    }

    func describeGroups(_ request: DescribeGroupsRequest, _ reply: Reply) {
        let described = request.groups.map { name in
            let group = coordinators.groups.describe(name)
            return DescribeGroupsResponse.Group(
                groupID: name,
                groupState: group.state.rawValue,
                protocolType: group.protocolType,
                protocolData: group.protocolName,
                members: group.members.map {
                    DescribeGroupsResponse.Member(
                        memberID: $0.id,
                        groupInstanceID: $0.instanceID,
                        clientID: $0.clientID,
                        clientHost: $0.clientHost,
                        memberMetadata: $0.metadata,
                        memberAssignment: $0.assignment
                    )
                }
            )
        }
        reply.send(DescribeGroupsResponse(groups: described))
    }

    func listGroups(_ request: ListGroupsRequest, _ reply: Reply) {
        let isOfOurType = request.typesFilter.isEmpty || request.typesFilter.contains { $0.lowercased() == "classic" }
        let listed = isOfOurType ? coordinators.groups.list(states: request.statesFilter) : []
        reply.send(
            ListGroupsResponse(
                groups: listed.map {
                    ListGroupsResponse.Group(
                        groupID: $0.groupID,
                        protocolType: $0.protocolType,
                        groupState: $0.state.rawValue,
                        groupType: "classic"
                    )
                }
            )
        )
    }

    func deleteGroups(_ request: DeleteGroupsRequest, _ reply: Reply) {
        var records: [CoordinatorRecord] = []
        let results = request.groupsNames.map { name in
            let (error, made) = coordinators.groups.delete(name)
            records += made
            return DeleteGroupsResponse.Result(groupID: name, errorCode: error)
        }
        keep(records) { isKept in
            let answers =
                isKept
                ? results
                : results.map { .init(groupID: $0.groupID, errorCode: .coordinatorNotAvailable) }
            reply.send(DeleteGroupsResponse(results: answers))
        }
    }

    func findCoordinator(_ request: FindCoordinatorRequest, _ reply: Reply) {
        let isKnown = request.keyType == 0 || request.keyType == 1
        let found = request.keys.map { key in
            FindCoordinatorResponse.Coordinator(
                key: key,
                nodeID: isKnown ? BrokerSettings.nodeID : -1,
                host: isKnown ? settings.advertisedHost : "",
                port: isKnown ? settings.advertisedPort : -1,
                errorCode: isKnown ? .none : .invalidRequest
            )
        }
        reply.send(FindCoordinatorResponse(coordinators: found))
    }

    /// Makes the records of an event last, then sends what it answers.
    func carryOut(_ effects: GroupEffects) {
        keep(effects.records) { [self] isKept in
            for answer in effects.replies { self.answer(isKept ? answer : answer.undurable) }
        }
        wakeForGroups()
    }

    private func answer(_ answer: GroupReply) {
        guard let reply = takeParked(answer.token) else { return }
        switch answer {
        case .joined(_, let joined):
            reply.send(
                JoinGroupResponse(
                    errorCode: joined.error,
                    generationID: joined.generation,
                    protocolType: joined.protocolType,
                    protocolName: joined.protocolName,
                    leader: joined.leader,
                    skipAssignment: joined.skipsAssignment,
                    memberID: joined.memberID,
                    members: joined.members.map {
                        .init(memberID: $0.id, groupInstanceID: $0.instanceID, metadata: $0.metadata)
                    }
                )
            )
        case .synced(_, let synced):
            reply.send(
                SyncGroupResponse(
                    errorCode: synced.error,
                    protocolType: synced.protocolType,
                    protocolName: synced.protocolName,
                    assignment: synced.assignment
                )
            )
        }
    }
}
