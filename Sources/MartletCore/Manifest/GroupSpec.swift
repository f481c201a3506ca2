/// A group of steps, which others can wait for as a whole.
public struct GroupSpec: Hashable, Codable, Sendable {
    /// The group's id, which no step and no other group of the pipeline has.
    public var id: GroupID
    /// What the group is for, in a line; nil when it is not described.
    public var description: String?
    /// The group that it is part of; nil when it is part of none.
    public var parent: GroupID?
    /// Steps and groups that its first steps wait for.
    public var after: [StepID]
    /// What all its steps are run once for each of, each instance beside the others of its index.
    public var map: MapSpec?

    /// A group.
    public init(
        id: GroupID,
        description: String? = nil,
        parent: GroupID? = nil,
        after: [StepID] = [],
        map: MapSpec? = nil
    ) {
        self.id = id
        self.description = description
        self.parent = parent
        self.after = after
        self.map = map
    }
}

/// Each answer is worked out anew; who asks often makes a ``GroupTable``.
extension PipelineManifest {
    /// The group with this id.
    public func group(_ id: GroupID) -> GroupSpec? { groups.first { $0.id == id } }

    /// The group `id` and all that it lies in, innermost first; empty when there is none of that id.
    public func lineage(of id: GroupID) -> [GroupSpec] { GroupTable(self).lineage(of: id) }

    /// The mapped group that `id` is or lies in; nil when none of them is mapped.
    public func mapDomain(of id: GroupID) -> GroupSpec? { GroupTable(self).mapDomain(of: id) }

    /// The steps in the group `id` or in a group that lies in it.
    public func steps(in id: GroupID) -> [StepManifest] { GroupTable(self).steps(in: id).map { steps[$0] } }
}
