public import MartletCore

/// Plans commits that bring changes from one place of the history to another: merge, revert, cherry-pick and restore.
///
/// A plan writes the tree and gives the record of the commit; to store it and to move a branch is left to the caller. To see
/// what would happen, plan over ``InMemoryObjects``.
public struct LakeMerging: Sendable {
    let objects: any ObjectWriter
    /// The commits that are merged.
    public let history: CommitHistory
    /// What to do with conflicts.
    public var strategy: MergeStrategy
    /// What is in conflict as a whole.
    public var scope: MergeScope

    /// Plans over the commits of `objects`.
    public init(_ objects: any ObjectWriter, strategy: MergeStrategy = .fail, scope: MergeScope = .datasets) {
        self.objects = objects
        history = CommitHistory(objects: objects)
        self.strategy = strategy
        self.scope = scope
    }

    /// Merges a commit into another, as the heads of two branches.
    ///
    /// There is a commit of both even where one follows on the other. Commits without a common ancestor are merged as if that had been empty.
    ///
    /// - Parameters:
    ///   - theirs: what is merged.
    ///   - ours: what it is merged into; the first parent.
    ///   - note: who, when and why.
    /// - Returns: the plan.
    /// - Throws: `MartletError` MT3002, MT3006, MT3007 as in ``TreeMerge/merge(base:ours:theirs:strategy:scope:_:)``.
    public func merge(
        _ theirs: ObjectID,
        into ours: ObjectID,
        _ note: CommitNote
    ) throws(MartletError) -> MergePlan {
        let base = try history.mergeBase(ours, theirs)
        let baseRoot = if let base { try history.record(base).root } else { try TreeWriter.empty(objects) }
        let theirRoot = try history.record(theirs).root
        var plan = try plan(base: baseRoot, theirs: theirRoot, onto: ours, [ours, theirs], note)
        plan.base = base
        // What is merged already needs no commit; a merge that changes no file still joins two histories.
        if base == theirs { plan.outcome = .nothing }
        return plan
    }

    /// Takes back what a commit changed.
    ///
    /// - Parameters:
    ///   - commit: the commit to take back.
    ///   - head: the commit that the new one follows on.
    ///   - parent: for a merge, against which of its parents, from 1, it is taken back.
    ///   - note: who, when and why.
    /// - Returns: the plan.
    /// - Throws: `MartletError` MT3012 for a merge without `parent`, MT3010 for a parent that it does not have, and as
    ///   ``merge(_:into:_:)``.
    public func revert(
        _ commit: ObjectID,
        on head: ObjectID,
        parent: Int? = nil,
        _ note: CommitNote
    ) throws(MartletError) -> MergePlan {
        let record = try history.record(commit)
        var note = note
        note.metadata["reverts"] = commit.hex
        if note.message == nil { note.message = "Revert \(commit.short): \(record.message)" }
        let before = try root(before: record, commit, parent, verb: "revert")
        return try plan(base: record.root, theirs: before, onto: head, [head], note)
    }

    /// Does again what a commit changed; its message is kept unless another is given.
    ///
    /// - Parameters:
    ///   - commit: the commit to do again.
    ///   - head: the commit that the new one follows on.
    ///   - parent: for a merge, against which of its parents, from 1, its changes are taken.
    ///   - note: who, when and why.
    /// - Returns: the plan.
    /// - Throws: `MartletError` MT3012 for a merge without `parent`, MT3010 for a parent that it does not have, and as
    ///   ``merge(_:into:_:)``.
    public func cherryPick(
        _ commit: ObjectID,
        onto head: ObjectID,
        parent: Int? = nil,
        _ note: CommitNote
    ) throws(MartletError) -> MergePlan {
        let record = try history.record(commit)
        var note = note
        note.metadata["picked"] = commit.hex
        note.metadata["picked_author"] = record.author
        if note.message == nil { note.message = record.message }
        let before = try root(before: record, commit, parent, verb: "cherry-pick")
        return try plan(base: before, theirs: record.root, onto: head, [head], note)
    }

    /// Brings files back to what they were in a commit, as a commit that follows on `head`: a reset that keeps history.
    ///
    /// - Parameters:
    ///   - commit: the commit that has the files as they are to be.
    ///   - head: the commit that the new one follows on.
    ///   - folders: files, or folders with all below them; everything when empty.
    ///   - note: who, when and why.
    /// - Returns: the plan.
    /// - Throws: `MartletError` MT3002 and MT3006 for damaged objects; MT3007 when what comes back does not go with what
    ///   stays.
    public func restore(
        _ commit: ObjectID,
        on head: ObjectID,
        within folders: [LakePath] = [],
        _ note: CommitNote
    ) throws(MartletError) -> MergePlan {
        let (old, new) = (try history.record(head).root, try history.record(commit).root)
        var note = note
        note.metadata["restores"] = commit.hex
        if note.message == nil { note.message = "Restore \(commit.short)" }
        var changes = TreeDiff(from: old, to: new, objects: objects)
        var result = TreeMergeResult()
        var count = 0
        result.root = try TreeWriter.apply(to: old, objects) { () throws(MartletError) in
            while let change = try changes.next() {
                guard folders.isEmpty || folders.contains(where: { change.path.isWithin($0.bytes) }) else { continue }
                count += 1
                return TreeEdit(path: change.path, entry: change.new)
            }
            return nil
        }
        result.changes = count
        return MergePlan(result: result, parents: [head], note, strategy: .fail)
    }

    private func plan(
        base: ObjectID,
        theirs: ObjectID,
        onto head: ObjectID,
        _ parents: [ObjectID],
        _ note: CommitNote
    ) throws(MartletError) -> MergePlan {
        let ours = try history.record(head).root
        let result = try TreeMerge.merge(
            base: base,
            ours: ours,
            theirs: theirs,
            strategy: strategy,
            scope: scope,
            objects
        )
        return MergePlan(result: result, parents: parents, note, strategy: strategy)
    }

    /// The tree before a commit: that of its parent, of the one that was asked for, or the empty one before the first.
    private func root(
        before record: CommitRecord,
        _ id: ObjectID,
        _ parent: Int?,
        verb: String
    ) throws(MartletError) -> ObjectID {
        let count = record.parents.count
        guard count > 1 || parent != nil else {
            if let only = record.parents.first { return try history.record(only).root }
            return try TreeWriter.empty(objects)
        }
        guard let parent else {
            throw MartletError(
                .parentNeeded,
                "cannot \(verb) \(id.short) without knowing against which parent",
                reason: "it is a merge of \(count) commits",
                remedy: "give the number of a parent, from 1 to \(count); 1 is the branch that was merged into"
            )
        }
        guard parent >= 1, parent <= count else {
            throw MartletError(
                .ancestorMissing,
                "\(id.short) has no parent number \(parent)",
                reason: "it has \(count)",
                remedy: count == 0 ? "leave the number out" : "give a number from 1 to \(count)"
            )
        }
        return try history.record(record.parents[parent - 1]).root
    }
}
