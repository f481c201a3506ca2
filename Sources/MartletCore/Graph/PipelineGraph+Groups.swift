/// Works out the edges that groups bring.
///
/// Groups are taken from the innermost outwards, so that what is first and last in one is known before anything refers
/// to it, and follows also from waits of its steps for groups within it.
struct GroupEdges {
    private let manifest: PipelineManifest
    private let table: GroupTable
    private let position: [StepID: Int]
    private let writer: [DatasetID: Int]
    /// For each group the steps in it that wait for no other of them.
    private var first: [[Int]]
    /// For each group the steps in it that no other of them waits for, teardowns aside.
    private var last: [[Int]]

    init(_ manifest: PipelineManifest, _ position: [StepID: Int], _ writer: [DatasetID: Int]) {
        self.manifest = manifest
        self.position = position
        self.writer = writer
        table = GroupTable(manifest)
        first = Array(repeating: [], count: table.groups.count)
        last = first
    }

    /// What waits, or is waited for: a step or a group, by its position.
    private enum Node {
        case step(Int)
        case group(Int)
    }

    /// Adds edges until `edges` holds more than `limit` of them.
    mutating func add(to edges: inout [Set<Int>], limit: Int) {
        var count = edges.reduce(0) { $0 + $1.count }
        let (inside, outside) = waits()
        let innermostFirst = table.groups.indices.sorted { table.lineages[$0].count > table.lineages[$1].count }
        for group in innermostFirst {
            link(inside[group] ?? [], to: &edges, &count, limit)
            findEnds(of: group, edges)
        }
        link(outside, to: &edges, &count, limit)
        addSources(to: &edges, &count, limit)
    }

    /// The waits that groups have part in, by the innermost group in which both ends lie.
    private func waits() -> (inside: [Int: [(from: Node, to: Node)]], outside: [(from: Node, to: Node)]) {
        var inside: [Int: [(from: Node, to: Node)]] = [:]
        var outside: [(from: Node, to: Node)] = []
        func add(_ from: Node, _ id: StepID, isGroupNeeded: Bool) {
            let target: Node
            if let step = position[id] {
                if isGroupNeeded { return }
                target = .step(step)
            } else if let group = table.position(GroupID(trusted: id.rawValue)) {
                target = .group(group)
            } else {
                return
            }
            let (left, right) = (lineage(of: from), lineage(of: target))
            // Nothing can wait for what it is part of, nor for a part of itself; the validator says so.
            if case .group(let group) = target, left.contains(group) { return }
            if case .group(let group) = from, right.contains(group) { return }
            let common = left.first { right.contains($0) }
            if let common { inside[common, default: []].append((from, target)) } else { outside.append((from, target)) }
        }
        for (index, step) in manifest.steps.enumerated() {
            for id in step.after { add(.step(index), id, isGroupNeeded: true) }
        }
        for (index, group) in table.groups.enumerated() {
            for id in group.after { add(.group(index), id, isGroupNeeded: false) }
        }
        return (inside, outside)
    }

    /// The groups that a step lies in, or that a group lies in and is.
    private func lineage(of node: Node) -> [Int] {
        switch node {
        case .step(let step): table.groupOfStep[step].map { table.lineages[$0] } ?? []
        case .group(let group): table.lineages[group]
        }
    }

    private func link(_ waits: [(from: Node, to: Node)], to edges: inout [Set<Int>], _ count: inout Int, _ limit: Int) {
        for (from, to) in waits {
            for target in ends(from, first) {
                for source in ends(to, last) where source != target {
                    if edges[target].insert(source).inserted { count += 1 }
                    if count > limit { return }
                }
            }
        }
    }

    private func ends(_ node: Node, _ table: [[Int]]) -> [Int] {
        switch node {
        case .step(let step): [step]
        case .group(let group): table[group]
        }
    }

    private mutating func findEnds(of group: Int, _ edges: [Set<Int>]) {
        let steps = table.members[group]
        let members = Set(steps)
        first[group] = steps.filter { edges[$0].isDisjoint(with: members) }
        var waitedFor: Set<Int> = []
        var followed: Set<Int> = []
        for step in steps {
            let sources = edges[step].intersection(members)
            waitedFor.formUnion(sources)
            if manifest.steps[step].role.teardown == nil { followed.formUnion(sources) }
        }
        // Nobody waits for the tidying up of a group, unless it does nothing else.
        let working = steps.filter { manifest.steps[$0].role.teardown == nil && !followed.contains($0) }
        last[group] = working.isEmpty ? steps.filter { !waitedFor.contains($0) } : working
    }

    /// Every step of a mapped group waits for what the group's items are made of.
    private func addSources(to edges: inout [Set<Int>], _ count: inout Int, _ limit: Int) {
        for (group, spec) in table.groups.enumerated() {
            guard let map = spec.map else { continue }
            let steps = table.members[group]
            let members = Set(steps)
            let sources = Set(map.references.compactMap { position[$0] } + map.datasets.compactMap { writer[$0] })
            for step in steps {
                for source in sources.subtracting(members) {
                    if edges[step].insert(source).inserted { count += 1 }
                    if count > limit { return }
                }
            }
        }
    }
}
