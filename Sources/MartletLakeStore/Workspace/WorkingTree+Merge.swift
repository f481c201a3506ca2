package import MartletCore
package import MartletLake

/// What a merge came to, or would come to.
package struct MergeReport: Hashable, Sendable {
    /// The commits that were brought together, and the one they both come from.
    package var ours: ObjectID, theirs: ObjectID, base: ObjectID?
    /// The branch that was merged into.
    package var branch: BranchName
    /// What became of the branch; nil when there were conflicts, or in a trial.
    package var result: CommitResult?
    /// At how many paths the merged tree differs from the branch's.
    package var changes = 0
    /// What both sides changed differently, as far as it is listed, and how much there is.
    package var conflicts: [MergeConflict] = [], conflictCount = 0
    /// Whether the branch only has to go forward, or has it all already.
    package var isFastForward = false, isUpToDate = false
}

/// What is to be done to a branch by bringing together three trees.
struct MergePlan {
    var base: ObjectID
    var theirs: ObjectID
    var message: String
    /// The second parent of the commit; nil for a revert and a cherry-pick.
    var parent: ObjectID?
    var metadata: [String: String] = [:]
    var why: String
}

extension WorkingTree {
    /// Merges a commit into the branch that is checked out, or into another one.
    ///
    /// With conflicts that the strategy does not settle nothing is changed.
    ///
    /// `name`: how the commit is called in the message. `isTrial`: whether only to find out.
    ///
    /// - Throws: ``MartletError`` MT3059 when something is staged, MT3052 when files are in the way, MT3060 when no branch
    ///   is checked out, MT3004 when the branch is moved just now.
    package func merge(
        _ theirs: ObjectID,
        named name: String,
        into branch: BranchName? = nil,
        strategy: MergeStrategy = .fail,
        message: String? = nil,
        isTrial: Bool = false,
        by author: WorkAuthor
    ) throws(MartletError) -> MergeReport {
        try locked { () throws(MartletError) in
            let position = try position()
            let target: BranchName
            if let branch { target = branch } else { target = try requireBranch(position) }
            let isHere = target == position.state.branch
            if isHere, !isTrial { try requireSettled(position, for: "a merge") }
            guard let ours = try lake.refs.head(of: .branch(target)) else { throw try unknown(branch: target) }
            let base = try history.mergeBase(ours, theirs)
            var report = MergeReport(ours: ours, theirs: theirs, base: base, branch: target)
            if base == theirs {
                report.isUpToDate = true
                return report
            }
            let theirRoot = try record(of: theirs).root
            if base == ours {
                let ourRoot = try record(of: ours).root
                report.isFastForward = true
                report.changes = try countChanges(from: ourRoot, to: theirRoot)
                if isTrial { return report }
                var result = CommitResult(commit: theirs, branch: target, changes: report.changes, isFastForward: true)
                result.files = try advance(
                    target,
                    from: ours,
                    to: theirs,
                    theirRoot,
                    isHere ? position : nil,
                    "merge",
                    author
                )
                report.result = result
                return report
            }
            let baseRoot: ObjectID
            if let base { baseRoot = try record(of: base).root } else { baseRoot = try emptyRoot() }
            let plan = MergePlan(
                base: baseRoot,
                theirs: theirRoot,
                message: message ?? "Merge \(name) into \(target)",
                parent: theirs,
                metadata: strategy == .fail ? [:] : ["merge.strategy": strategy.rawValue],
                why: "merge"
            )
            try carryOut(plan, strategy, isTrial: isTrial, isHere ? position : nil, &report, author)
            return report
        }
    }

    /// Does the contrary of what a commit did, at the end of the branch that is checked out.
    ///
    /// `parent`: which parent of a merge counts as the state before it, from 1.
    ///
    /// - Throws: ``MartletError`` MT3012 for a merge without `parent`, and as ``merge(_:named:into:strategy:message:isTrial:by:)``.
    package func revert(
        _ commit: ObjectID,
        parent: Int? = nil,
        strategy: MergeStrategy = .fail,
        isTrial: Bool = false,
        by author: WorkAuthor
    ) throws(MartletError) -> MergeReport {
        let record = try record(of: commit)
        let before = try root(before: record, commit, parent)
        let plan = MergePlan(
            base: record.root,
            theirs: before,
            message: "Revert \"\(record.message)\"",
            metadata: ["revert.of": commit.hex],
            why: "revert"
        )
        return try apply(plan, of: commit, strategy, isTrial, author)
    }

    /// Does what a commit did once more, at the end of the branch that is checked out.
    ///
    /// `parent`: which parent of a merge counts as the state before it, from 1.
    ///
    /// - Throws: ``MartletError`` as ``revert(_:parent:strategy:isTrial:by:)``.
    package func cherryPick(
        _ commit: ObjectID,
        parent: Int? = nil,
        strategy: MergeStrategy = .fail,
        isTrial: Bool = false,
        by author: WorkAuthor
    ) throws(MartletError) -> MergeReport {
        let record = try record(of: commit)
        let before = try root(before: record, commit, parent)
        var metadata = record.metadata
        metadata["cherry-pick.of"] = commit.hex
        metadata["cherry-pick.author"] = record.author
        let plan = MergePlan(
            base: before,
            theirs: record.root,
            message: record.message,
            metadata: metadata,
            why: "cherry-pick"
        )
        return try apply(plan, of: commit, strategy, isTrial, author)
    }

    private func apply(
        _ plan: MergePlan,
        of commit: ObjectID,
        _ strategy: MergeStrategy,
        _ isTrial: Bool,
        _ author: WorkAuthor
    ) throws(MartletError) -> MergeReport {
        try locked { () throws(MartletError) in
            let position = try position()
            let branch = try requireBranch(position)
            try check(.commit, on: branch)
            if !isTrial { try requireSettled(position, for: "a \(plan.why)") }
            guard let ours = position.head else { throw try unknown(branch: branch) }
            var report = MergeReport(ours: ours, theirs: commit, base: nil, branch: branch)
            try carryOut(plan, strategy, isTrial: isTrial, position, &report, author)
            return report
        }
    }

    /// Merges the trees, and makes the commit.
    private func carryOut(
        _ plan: MergePlan,
        _ strategy: MergeStrategy,
        isTrial: Bool,
        _ position: WorkPosition?,
        _ report: inout MergeReport,
        _ author: WorkAuthor
    ) throws(MartletError) {
        let ourRoot = try record(of: report.ours).root
        let merged = try lake.write { writer throws(MartletError) in
            try TreeMerge.merge(
                base: plan.base,
                ours: ourRoot,
                theirs: plan.theirs,
                strategy: strategy,
                scope: .datasets,
                writer
            )
        }
        report.conflicts = merged.conflicts
        report.conflictCount = merged.conflictCount
        guard let root = merged.root else { return }
        report.changes = try countChanges(from: ourRoot, to: root)
        if isTrial { return }
        if report.changes == 0, plan.parent == nil {
            throw MartletError(
                .nothingToCommit,
                "the \(plan.why) would change nothing",
                reason: "\(report.branch) is already as it would be",
                remedy: "nothing to do"
            )
        }
        let record = CommitRecord(
            parents: [report.ours] + [plan.parent].compactMap(\.self),
            root: root,
            author: author.name,
            time: author.time,
            message: plan.message,
            metadata: plan.metadata
        )
        let id = try put(record)
        var result = CommitResult(commit: id, branch: report.branch, changes: report.changes)
        result.files = try advance(report.branch, from: report.ours, to: id, root, position, plan.why, author)
        report.result = result
    }

    /// Moves a branch, and the files with it when it is checked out.
    func advance(
        _ branch: BranchName,
        from: ObjectID?,
        to commit: ObjectID,
        _ root: ObjectID,
        _ position: WorkPosition?,
        _ why: String,
        _ author: WorkAuthor
    ) throws(MartletError) -> MoveReport {
        let session = position.map { following(from: $0, to: root) }
        try session?.plan()
        try lake.move(branch: branch, from: from, to: commit, by: author.name, why: why, at: author.time)
        guard let session, var state = position?.state else { return MoveReport() }
        try session.execute(root: root)
        (state.base, state.staged) = (commit, nil)
        try save(state)
        return session.report
    }

    /// The tree before a commit.
    private func root(before record: CommitRecord, _ commit: ObjectID, _ parent: Int?) throws(MartletError) -> ObjectID
    {
        let parents = record.parents
        if let parent {
            guard parents.indices.contains(parent - 1) else {
                throw MartletError(
                    .ancestorMissing,
                    "\(commit.short) has no parent \(parent)",
                    remedy: parents.isEmpty ? "it is the first commit" : "use 1 to \(parents.count)"
                )
            }
            return try self.record(of: parents[parent - 1]).root
        }
        guard parents.count < 2 else {
            throw MartletError(
                .parentNeeded,
                "\(commit.short) is a merge, so it is not clear what it changed",
                reason: "its parents are \(parents.map(\.short).joined(separator: " and "))",
                remedy: "say against which one with --parent 1 or --parent 2"
            )
        }
        guard let only = parents.first else { return try emptyRoot() }
        return try self.record(of: only).root
    }
}
