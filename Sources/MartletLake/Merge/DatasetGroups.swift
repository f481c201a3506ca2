internal import MartletCore

/// The datasets that a merge touches, those together that a file moved between: they are taken from one side together.
struct DatasetGroups {
    private struct Facts {
        var oursChanged = false
        var theirsChanged = false
        var differs = false
        var clashes = false

        /// Whether a side must be chosen for the whole group.
        var isConflict: Bool { clashes || (oursChanged && theirsChanged && differs) }

        mutating func add(_ other: Facts) {
            oursChanged = oursChanged || other.oursChanged
            theirsChanged = theirsChanged || other.theirsChanged
            differs = differs || other.differs
            clashes = clashes || other.clashes
        }
    }

    /// The dataset that stands for the group of each; itself, or one nearer to that.
    private var leaders: [DatasetID: DatasetID] = [:]
    private var facts: [DatasetID: Facts] = [:]
    /// Where the sides first differ, for the report.
    private var firstSteps: [DatasetID: MergeStep] = [:]

    /// Takes in a path that a side changed.
    mutating func note(_ step: MergeStep, _ datasets: [DatasetID]) {
        guard let leader = join(datasets) else { return }
        let differs = step.ours != step.theirs
        facts[leader, default: Facts()].add(
            Facts(oursChanged: step.oursChanged, theirsChanged: step.theirsChanged, differs: differs)
        )
        if differs { for dataset in datasets where firstSteps[dataset] == nil { firstSteps[dataset] = step } }
    }

    /// Takes in that files of these datasets cannot be beside each other.
    mutating func noteClash(_ datasets: [DatasetID]) {
        guard let leader = join(datasets) else { return }
        facts[leader, default: Facts()].clashes = true
    }

    /// Whether a side must be chosen for what these datasets own.
    func isConflict(_ datasets: [DatasetID]) -> Bool {
        datasets.contains { dataset in facts[leader(of: dataset)]?.isConflict ?? false }
    }

    /// The datasets for which a side must be chosen, by name.
    var conflicts: [MergeConflict] {
        firstSteps.filter { isConflict([$0.key]) }.sorted { $0.key < $1.key }.map {
            MergeConflict(.dataset, $0.value, dataset: $0.key)
        }
    }

    private func leader(of dataset: DatasetID) -> DatasetID {
        var leader = dataset
        while let next = leaders[leader], next != leader { leader = next }
        return leader
    }

    private mutating func join(_ datasets: [DatasetID]) -> DatasetID? {
        guard let first = datasets.first else { return nil }
        let leader = leader(of: first)
        leaders[first] = leader
        for dataset in datasets.dropFirst() {
            let other = self.leader(of: dataset)
            leaders[dataset] = leader
            guard other != leader else { continue }
            leaders[other] = leader
            facts[leader, default: Facts()].add(facts.removeValue(forKey: other) ?? Facts())
        }
        return leader
    }
}
