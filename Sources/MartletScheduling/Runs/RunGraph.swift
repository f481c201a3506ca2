import MartletCore

/// What follows from a manifest alone: edges, mapped domains, setups and teardowns, leaves.
struct RunGraph: Sendable {
    /// Steps that are mapped together: one mapped step, or all steps of a mapped group.
    struct Domain: Sendable {
        var steps: [Int]
        var map: MapSpec
        /// The steps that the lists are made of; all must have ended first.
        var sources: [Int]
    }

    let edges: PipelineGraph
    /// The position of each step.
    let place: [StepID: Int]
    /// The step that writes each dataset.
    let writer: [DatasetID: Int]
    let domains: [Domain]
    /// By step, the domain it belongs to.
    let domain: [Int?]
    /// By step, whether it is mapped together with one of the steps directly before it.
    let isPaired: [Bool]
    let isSetup: [Bool]
    let isTeardown: [Bool]
    /// By step, the setups that it is between or after; they are cleared with it.
    let setups: [[Int]]
    /// By step, those of its setups that are not directly before it, and so none of its trigger rule's business: they
    /// must have succeeded before it starts.
    let indirectSetups: [[Int]]
    /// By teardown, the steps between its setups and itself, all of which must have ended.
    let between: [[Int]]
    /// By step, those besides the ones directly after it that have to be looked at when it ends.
    let watchers: [[Int]]
    /// The steps whose outcomes decide the run's.
    let leaves: [Int]

    init(_ manifest: PipelineManifest) {
        let edges = PipelineGraph(manifest)
        self.edges = edges
        let count = edges.steps.count
        isSetup = manifest.steps.map { $0.role == .setup }
        isTeardown = manifest.steps.map { $0.role.teardown != nil }
        let isIgnorable = manifest.steps.map { $0.role.teardown.map { !$0.failsRun } ?? false }
        let effective = edges.steps.indices.filter { step in
            !isIgnorable[step] && edges.downstream[step].allSatisfy { isIgnorable[$0] }
        }
        leaves = effective.isEmpty ? edges.steps.indices.filter { edges.downstream[$0].isEmpty } : effective

        var domains: [Domain] = []
        var domain = [Int?](repeating: nil, count: count)
        let position = Dictionary(edges.steps.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        place = position
        var writer: [DatasetID: Int] = [:]
        for (index, step) in manifest.steps.enumerated() {
            for output in step.outputs where writer[output.dataset] == nil { writer[output.dataset] = index }
        }
        self.writer = writer
        func sources(_ map: MapSpec) -> [Int] {
            let files = map.sources.compactMap { source in
                if case .files(let files) = source.list { writer[files.dataset] } else { nil }
            }
            return Array(Set(map.references.compactMap { position[$0] } + files)).sorted()
        }
        let table = GroupTable(manifest)
        var groups: [GroupID: Int] = [:]
        for (index, step) in manifest.steps.enumerated() {
            if let group = step.group, let mapped = table.mapDomain(of: group), let map = mapped.map {
                let place = groups[mapped.id] ?? domains.count
                if place == domains.count {
                    groups[mapped.id] = place
                    domains.append(Domain(steps: [], map: map, sources: sources(map)))
                }
                domains[place].steps.append(index)
                domain[index] = place
            } else if let map = step.map {
                domain[index] = domains.count
                domains.append(Domain(steps: [index], map: map, sources: sources(map)))
            }
        }
        self.domains = domains
        self.domain = domain
        isPaired = edges.steps.indices.map { step in
            domain[step] != nil && edges.upstream[step].contains { domain[$0] == domain[step] }
        }

        let roles = Self.roles(manifest, edges, position)
        setups = roles.setups
        between = roles.between
        var watchers = [[Int]](repeating: [], count: count)
        var indirect = watchers
        for step in edges.steps.indices where !roles.setups[step].isEmpty || !roles.between[step].isEmpty {
            let direct = Set(edges.upstream[step])
            indirect[step] = roles.setups[step].filter { !direct.contains($0) }
            for source in Set(indirect[step] + roles.between[step]).sorted() where !direct.contains(source) {
                watchers[source].append(step)
            }
        }
        indirectSetups = indirect
        self.watchers = watchers
    }

    /// Which setups matter to which steps (a transitive setup with no teardown, or with one after the step), and what
    /// lies between setups and their teardowns.
    private static func roles(
        _ manifest: PipelineManifest,
        _ edges: PipelineGraph,
        _ position: [StepID: Int]
    ) -> (setups: [[Int]], between: [[Int]]) {
        var setups = [[Int]](repeating: [], count: edges.steps.count)
        var between = setups
        var teardowns: [Int: [Int]] = [:]
        for (index, step) in manifest.steps.enumerated() {
            for setup in step.role.teardown?.setups ?? [] {
                if let setup = position[setup] { teardowns[setup, default: []].append(index) }
            }
        }
        for (index, step) in manifest.steps.enumerated() where step.role == .setup {
            let after = edges.descendants(of: index)
            let own = teardowns[index] ?? []
            let scopes = own.map { edges.ancestors(of: $0) }
            for step in after.sorted() where manifest.steps[step].role.teardown == nil {
                if scopes.isEmpty || scopes.contains(where: { $0.contains(step) }) { setups[step].append(index) }
            }
            for (teardown, scope) in zip(own, scopes) {
                between[teardown] = Set(between[teardown]).union(after.intersection(scope)).sorted()
            }
        }
        return (setups, between)
    }
}
