public import MartletCore

/// What differs between two versions of a pipeline, in the words of the manifest.
public struct ManifestDiff: Hashable, Sendable {
    /// One key whose value is another.
    public struct Change: Hashable, Sendable {
        /// The key, with dots between its parts, as in `retry.retries` or `params.month.maximum`.
        public var key: String
        /// The value of the former version; nil when it had none.
        public var old: JSONValue?
        /// The value of the latter version; nil when it has none.
        public var new: JSONValue?

        /// A change of `key` from `old` to `new`.
        public init(_ key: String, from old: JSONValue?, to new: JSONValue?) {
            self.key = key
            self.old = old
            self.new = new
        }
    }

    /// A step that both versions have.
    public struct ChangedStep: Hashable, Sendable {
        /// The step.
        public var step: StepID
        /// What differs in it.
        public var changes: [Change]

        /// The step with what differs.
        public init(_ step: StepID, _ changes: [Change]) {
            self.step = step
            self.changes = changes
        }
    }

    /// What differs in the pipeline besides its steps.
    public var pipeline: [Change]
    /// Steps that only the latter version has.
    public var added: [StepID]
    /// Steps that only the former version has.
    public var removed: [StepID]
    /// Steps that differ, in the order of the latter version.
    public var changed: [ChangedStep]
    /// Whether the steps that both have stand in another order, which changes nothing about what runs.
    public var isReordered: Bool

    /// Whether the two are the same.
    public var isEmpty: Bool {
        pipeline.isEmpty && added.isEmpty && removed.isEmpty && changed.isEmpty && !isReordered
    }

    /// What differs from `old` to `new`.
    public init(from old: PipelineManifest, to new: PipelineManifest) {
        pipeline = ManifestTree.changes(from: ManifestTree.members(of: old), to: ManifestTree.members(of: new))
        let former = Dictionary(old.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let latter = Dictionary(new.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        added = new.steps.map(\.id).filter { former[$0] == nil }
        removed = old.steps.map(\.id).filter { latter[$0] == nil }
        changed = new.steps.compactMap { step in
            guard let before = former[step.id], before != step else { return nil }
            let changes = ManifestTree.changes(
                from: ManifestTree.members(of: before),
                to: ManifestTree.members(of: step)
            )
            return changes.isEmpty ? nil : ChangedStep(step.id, changes)
        }
        isReordered =
            old.steps.map(\.id).filter { latter[$0] != nil } != new.steps.map(\.id).filter { former[$0] != nil }
    }
}
