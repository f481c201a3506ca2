package import MartletCore
internal import MartletLake

extension WorkingTree {
    /// Makes a commit of what is staged, at the end of the branch that is checked out.
    ///
    /// When runs or other people have moved the branch meanwhile, what is staged is brought together with that first.
    ///
    /// - Throws: ``MartletError`` MT3013 when nothing is staged, MT3060 when no branch is checked out, MT3011 when it is
    ///   protected, MT3059 when the branch was moved and the same files changed, MT3004 when it is moved just now.
    package func commit(
        _ message: String,
        by author: WorkAuthor,
        metadata: [String: String] = [:],
        allowsEmpty: Bool = false
    ) throws(MartletError) -> CommitResult {
        try locked { () throws(MartletError) in
            let position = try position()
            let branch = try requireBranch(position)
            try check(.commit, on: branch)
            guard position.hasStaged || allowsEmpty else {
                throw MartletError(
                    .nothingToCommit,
                    "nothing is staged",
                    remedy: "stage files with `martlet lake add PATH`; `martlet lake status` shows what has changed"
                )
            }
            let headRoot = try position.head.map { id throws(MartletError) in try self.record(of: id).root }
            var root = position.stagedRoot
            if let headRoot, position.isBehind { root = try staged(of: position, onto: headRoot) }
            let session = following(from: position, to: root)
            try session.plan()
            let record = CommitRecord(
                parents: position.head.map { [$0] } ?? [],
                root: root,
                author: author.name,
                time: author.time,
                message: message,
                metadata: metadata
            )
            let id = try put(record)
            try lake.move(branch: branch, from: position.head, to: id, by: author.name, why: "commit", at: author.time)
            if root != position.stagedRoot { try session.execute(root: root) }
            var state = position.state
            (state.base, state.staged) = (id, nil)
            try save(state)
            let changes = try countChanges(from: headRoot ?? position.baseRoot, to: root)
            return CommitResult(commit: id, branch: branch, changes: changes, files: session.report)
        }
    }

    /// Writes a commit's record.
    func put(_ record: CommitRecord) throws(MartletError) -> ObjectID {
        try lake.write { writer throws(MartletError) in try writer.put(record.encoded, as: .commit) }
    }

    /// At how many paths two trees differ.
    func countChanges(from: ObjectID, to: ObjectID) throws(MartletError) -> Int {
        var difference = TreeDiff(from: from, to: to, objects: lake.objects)
        var count = 0
        while try difference.next() != nil { count += 1 }
        return count
    }

    /// The branch that is checked out.
    ///
    /// - Throws: ``MartletError`` MT3060 when there is none.
    func requireBranch(_ position: WorkPosition) throws(MartletError) -> BranchName {
        if let branch = position.state.branch { return branch }
        throw MartletError(
            .notOnBranch,
            "no branch is checked out, but commit \(position.state.base?.short ?? "")",
            remedy: "make a branch there: `martlet lake branch NAME`, then `martlet lake checkout NAME`"
        )
    }
}
