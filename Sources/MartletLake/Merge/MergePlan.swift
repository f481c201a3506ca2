public import MartletCore

/// What a merge, revert, cherry-pick or restore would do.
public struct MergePlan: Hashable, Sendable {
    /// How it ends.
    public enum Outcome: Hashable, Sendable {
        /// With this commit, when it is stored.
        case commit(CommitRecord)
        /// With nothing: all of it is there already.
        case nothing
        /// With conflicts that must be settled first.
        case conflicts
    }

    /// How it ends.
    public var outcome: Outcome
    /// What came of the trees.
    public var result: TreeMergeResult
    /// The common ancestor of a merge; nil when there is none, and for all that is no merge.
    public var base: ObjectID?

    init(result: TreeMergeResult, parents: [ObjectID], _ note: CommitNote, strategy: MergeStrategy) {
        self.result = result
        guard let root = result.root else {
            outcome = .conflicts
            return
        }
        guard result.changes > 0 || parents.count > 1 else {
            outcome = .nothing
            return
        }
        var metadata = note.metadata
        // Who reads the history must see that one side's changes were dropped.
        if !result.isClean { metadata["conflicts_settled_for"] = strategy.rawValue }
        outcome = .commit(
            CommitRecord(
                parents: parents,
                root: root,
                author: note.author,
                time: note.time,
                message: note.message ?? "Merge",
                run: note.run,
                metadata: metadata
            )
        )
    }

    /// The commit to store.
    ///
    /// - Throws: `MartletError` MT3005 with the first conflicts, MT3013 when there is nothing to commit.
    public func commit() throws(MartletError) -> CommitRecord {
        switch outcome {
        case .commit(let record):
            return record
        case .nothing:
            throw MartletError(
                .nothingToCommit,
                "there is nothing to commit",
                reason: "all of these changes are there already"
            )
        case .conflicts:
            let shown = result.conflicts.prefix(Self.shownConflicts).map(\.description)
            let more = result.conflictCount - shown.count
            throw MartletError(
                .mergeConflict,
                result.conflictCount == 1 ? "there is a conflict" : "there are \(result.conflictCount) conflicts",
                reason: (shown + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n"),
                remedy: "choose a side with --strategy ours or --strategy theirs, or change one side first"
            )
        }
    }

    private static let shownConflicts = 10
}
