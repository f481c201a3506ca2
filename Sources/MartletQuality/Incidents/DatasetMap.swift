public import MartletCore

/// Which datasets are made from which, over all pipelines, and who answers for them.
public struct DatasetMap: Hashable, Sendable {
    /// The datasets that each is made from.
    public private(set) var inputs: [DatasetID: Set<DatasetID>] = [:]
    private var outputs: [DatasetID: Set<DatasetID>] = [:]
    private var owners: [DatasetID: Set<String>] = [:]

    /// A map of nothing.
    public init() {}

    /// The map of what `pipelines` read and write.
    ///
    /// A step's outputs are made from its inputs; the order of steps that share no dataset says nothing of data.
    public init(_ pipelines: some Sequence<PipelineManifest>) {
        for pipeline in pipelines {
            for step in pipeline.steps {
                let owner = step.owner ?? pipeline.owner
                for output in step.outputs {
                    add(output.dataset, from: step.inputs.map(\.dataset), owner: owner)
                }
            }
        }
    }

    /// Notes that `dataset` is made from `inputs`.
    public mutating func add(_ dataset: DatasetID, from inputs: [DatasetID], owner: String? = nil) {
        for input in inputs where input != dataset {
            self.inputs[dataset, default: []].insert(input)
            outputs[input, default: []].insert(dataset)
        }
        if let owner { owners[dataset, default: []].insert(owner) }
    }

    /// What `dataset` is made from, however indirectly: the nearest first, then by name; not itself.
    public func upstream(of dataset: DatasetID) -> [DatasetID] { walk(from: dataset, inputs) }

    /// What is made from `dataset`, however indirectly: the nearest first, then by name; not itself.
    public func downstream(of dataset: DatasetID) -> [DatasetID] { walk(from: dataset, outputs) }

    /// Who answers for these datasets.
    public func owners(of datasets: some Sequence<DatasetID>) -> [String] {
        Set(datasets.flatMap { owners[$0] ?? [] }).sorted()
    }

    private func walk(from start: DatasetID, _ edges: [DatasetID: Set<DatasetID>]) -> [DatasetID] {
        var found: [DatasetID] = []
        var seen: Set<DatasetID> = [start]
        var level = [start]
        while !level.isEmpty {
            let next = Set(level.flatMap { edges[$0] ?? [] }).subtracting(seen).sorted()
            seen.formUnion(next)
            found += next
            level = next
        }
        return found
    }
}
