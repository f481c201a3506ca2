/// The groups of a pipeline, ready to be asked many times: what lies in which, and what is mapped.
///
/// Made once for a manifest, in time that grows with its steps and groups; every question is then answered from a
/// table. It can be made of any manifest: of two groups with one id the first counts, a parent that does not exist is
/// none, and of groups that lie in each other in a circle none lies in another.
public struct GroupTable: Hashable, Sendable {
    /// The groups, in the order of the manifest; tables refer to positions here.
    public let groups: [GroupSpec]
    /// For each group those it lies in, innermost first, itself included.
    public let lineages: [[Int]]
    /// For each group the positions of the steps in it or in a group that lies in it, ascending.
    public let members: [[Int]]
    /// For each step the position of its group; nil for a step that is in none.
    public let groupOfStep: [Int?]
    /// The groups whose parents go in a circle, or too deep.
    public let entangled: [Int]
    private let positions: [GroupID: Int]

    /// The groups of `manifest`.
    public init(_ manifest: PipelineManifest) {
        groups = manifest.groups
        let positions = Dictionary(
            manifest.groups.enumerated().map { ($1.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.positions = positions
        var entangled: [Int] = []
        let parents = manifest.groups.map { $0.parent.flatMap { positions[$0] } }
        lineages = parents.indices.map { group in
            var lineage = [group]
            while let parent = parents[lineage[lineage.count - 1]] {
                lineage.append(parent)
                // A circle is as deep as one lets it be.
                guard lineage.count > Limits.groupDepth else { continue }
                entangled.append(group)
                return [group]
            }
            return lineage
        }
        self.entangled = entangled
        groupOfStep = manifest.steps.map { $0.group.flatMap { positions[$0] } }
        var members = [[Int]](repeating: [], count: groups.count)
        for (step, group) in groupOfStep.enumerated() {
            guard let group else { continue }
            for ancestor in lineages[group] { members[ancestor].append(step) }
        }
        self.members = members
    }

    /// The position of the group `id`.
    public func position(_ id: GroupID) -> Int? { positions[id] }

    /// The group `id` and all that it lies in, innermost first; empty when there is none of that id.
    public func lineage(of id: GroupID) -> [GroupSpec] {
        positions[id].map { lineages[$0].map { groups[$0] } } ?? []
    }

    /// The mapped group that `id` is or lies in; nil when none of them is mapped.
    public func mapDomain(of id: GroupID) -> GroupSpec? {
        positions[id].flatMap { lineages[$0].first { groups[$0].map != nil } }.map { groups[$0] }
    }

    /// The positions of the steps in the group `id` or in a group that lies in it, ascending.
    public func steps(in id: GroupID) -> [Int] { positions[id].map { members[$0] } ?? [] }

    /// Whether the group at `position` is the one at `other`, or lies in it.
    func lies(_ position: Int, in other: Int) -> Bool { lineages[position].contains(other) }
}
