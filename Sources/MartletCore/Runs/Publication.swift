/// What a run gave to everyone: its data, merged into a branch whole.
public struct Publication: Hashable, Codable, Sendable {
    /// The branch that the run worked on.
    public var branch: BranchName
    /// The branch that has the data now.
    public var target: BranchName
    /// The commit of the target that has it first.
    public var commit: ObjectID
    /// What was written, once for each dataset.
    public var datasets: [Writing]

    /// A publication of `branch` in `target`.
    public init(branch: BranchName, target: BranchName, commit: ObjectID, datasets: [Writing] = []) {
        self.branch = branch
        self.target = target
        self.commit = commit
        self.datasets = datasets
    }

    /// A dataset and who wrote it.
    public struct Writing: Hashable, Codable, Sendable {
        /// The dataset.
        public var dataset: DatasetID
        /// The step that wrote it.
        public var step: StepID
        /// Where the step wrote it; the folder of all parts when its step is mapped.
        public var path: String?

        /// The dataset that `step` wrote.
        public init(dataset: DatasetID, step: StepID, path: String? = nil) {
            self.dataset = dataset
            self.step = step
            self.path = path
        }
    }
}
