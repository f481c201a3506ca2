/// Who waits for whom: the steps of a pipeline as numbers, with the edges both ways.
public struct PipelineGraph: Hashable, Sendable {
    /// The steps, in the order of the manifest; edges refer to positions here.
    public let steps: [StepID]
    /// For each step the steps it waits for, ascending, each once.
    public let upstream: [[Int]]
    /// For each step the steps that wait for it, ascending, each once.
    public let downstream: [[Int]]

    /// The graph of `manifest`; references to steps that do not exist are left out, as the validator reports them.
    ///
    /// Edges follow from inputs (whoever writes the dataset), `after`, values used in templates, values wired in
    /// Swift, branches (a step that a branch names waits for the branch) and teardowns (they wait for their setups).
    /// Who waits for a group waits for its last steps, teardowns aside; what a group waits for, its first steps wait
    /// for; what the items of a mapped group are made of, all its steps wait for.
    public init(_ manifest: PipelineManifest) {
        steps = manifest.steps.map(\.id)
        let position = Dictionary(steps.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var writer: [DatasetID: Int] = [:]
        for (index, step) in manifest.steps.enumerated() {
            for output in step.outputs where writer[output.dataset] == nil { writer[output.dataset] = index }
        }
        var edges = [Set<Int>](repeating: [], count: steps.count)
        for (index, step) in manifest.steps.enumerated() {
            for input in step.inputs {
                if let source = writer[input.dataset] { edges[index].insert(source) }
            }
            for id in step.after { if let source = position[id] { edges[index].insert(source) } }
            // That a step uses or tidies up after itself is reported where it says so.
            for id in step.templateReferences.map(\.step) + (step.role.teardown?.setups ?? []) {
                if let source = position[id], source != index { edges[index].insert(source) }
            }
            if case .swift(let action) = step.action {
                for reference in action.valueInputs {
                    if let source = position[reference.step] { edges[index].insert(source) }
                }
            }
            if case .branch(let action) = step.action {
                for id in action.cases.flatMap(\.follow) {
                    if let target = position[id] { edges[target].insert(index) }
                }
            }
        }
        if !manifest.groups.isEmpty {
            var groups = GroupEdges(manifest, position, writer)
            groups.add(to: &edges, limit: Limits.dependenciesPerPipeline)
        }
        upstream = edges.map { $0.sorted() }
        var reverse = [[Int]](repeating: [], count: steps.count)
        for (index, sources) in upstream.enumerated() {
            for source in sources { reverse[source].append(index) }
        }
        downstream = reverse
    }

    /// How many waits of one step for another there are.
    ///
    /// When groups would bring more than ``Limits/dependenciesPerPipeline``, not all are there.
    public var edgeCount: Int { upstream.reduce(0) { $0 + $1.count } }

    /// The steps in an order in which each comes after those it waits for; nil when there is a cycle.
    public var order: [Int]? {
        var waiting = upstream.map(\.count)
        var ready = waiting.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < ready.count {
            for target in downstream[ready[next]] {
                waiting[target] -= 1
                if waiting[target] == 0 { ready.append(target) }
            }
            next += 1
        }
        return ready.count == steps.count ? ready : nil
    }

    /// One circle of steps that wait for each other, in order, or nil when there is none.
    public var cycle: [StepID]? {
        // Colours of a depth-first walk without recursion: 0 unseen, 1 on the path, 2 done.
        var colour = [UInt8](repeating: 0, count: steps.count)
        for root in steps.indices where colour[root] == 0 {
            var path: [(node: Int, next: Int)] = [(root, 0)]
            colour[root] = 1
            while let (node, next) = path.last {
                guard next < downstream[node].count else {
                    colour[node] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = downstream[node][next]
                if colour[target] == 1 {
                    let start = path.firstIndex { $0.node == target } ?? 0
                    return path[start...].map { steps[$0.node] }
                }
                if colour[target] == 0 {
                    colour[target] = 1
                    path.append((target, 0))
                }
            }
        }
        return nil
    }

    /// Every step that waits, directly or not, for the step at `position`.
    public func descendants(of position: Int) -> Set<Int> {
        var found: Set<Int> = []
        var open = downstream[position]
        while let next = open.popLast() {
            if found.insert(next).inserted { open += downstream[next] }
        }
        return found
    }

    /// Every step that the step at `position` waits for, directly or not.
    public func ancestors(of position: Int) -> Set<Int> {
        var found: Set<Int> = []
        var open = upstream[position]
        while let next = open.popLast() {
            if found.insert(next).inserted { open += upstream[next] }
        }
        return found
    }
}
