internal import OrderedCollections

/// A group as people see it.
struct GroupDescription: Hashable, Sendable {
    /// The group's id.
    var groupID: String
    /// Its state; `dead` for one that does not exist.
    var state: GroupState
    /// What kind of group it is.
    var protocolType: String
    /// How the work is divided, while it is.
    var protocolName: String
    /// Its members.
    var members: [Member]

    /// A member as people see it.
    struct Member: Hashable, Sendable {
        /// Its id.
        var id: String
        /// The name of a static member.
        var instanceID: String?
        /// What the client calls itself.
        var clientID: String
        /// Where it connects from.
        var clientHost: String
        /// What it says of itself, while the group is stable.
        var metadata: [UInt8]
        /// Its share, while the group is stable.
        var assignment: [UInt8]
    }
}

// What operators ask of groups.
extension GroupCoordinator {
    /// A group as people see it; "Dead" when there is none, as in Kafka.
    func describe(_ groupID: String) -> GroupDescription {
        guard let group = groups[groupID] else {
            return GroupDescription(groupID: groupID, state: .dead, protocolType: "", protocolName: "", members: [])
        }
        let isStable = group.state == .stable
        return GroupDescription(
            groupID: groupID,
            state: group.state,
            protocolType: group.protocolType ?? "",
            protocolName: isStable ? group.protocolName ?? "" : "",
            members: group.members.values.map {
                GroupDescription.Member(
                    id: $0.id,
                    instanceID: $0.instanceID,
                    clientID: $0.clientID,
                    clientHost: $0.clientHost,
                    metadata: isStable ? $0.metadata(for: group.protocolName) : [],
                    assignment: isStable ? $0.assignment : []
                )
            }
        )
    }

    /// All groups by id, without their members; with `states`, those in one of them, by name and without regard to case.
    func list(states: [String] = []) -> [GroupDescription] {
        let wanted = Set(states.map { $0.lowercased() })
        return groups.keys.sorted().compactMap { groupID in
            guard let group = groups[groupID],
                wanted.isEmpty || wanted.contains(group.state.rawValue.lowercased())
            else { return nil }
            return GroupDescription(
                groupID: groupID,
                state: group.state,
                protocolType: group.protocolType ?? "",
                protocolName: group.protocolName ?? "",
                members: []
            )
        }
    }

    /// Deletes a group that nobody is in.
    func delete(_ groupID: String) -> (error: KafkaError, records: [CoordinatorRecord]) {
        guard let group = groups[groupID] else { return (.groupIDNotFound, []) }
        guard group.state == .empty else { return (.nonEmptyGroup, []) }
        return (.none, [.groupDeleted(groupID)])
    }
}
