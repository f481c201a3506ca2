package import MartletCore
internal import MartletLake

extension WorkingTree {
    /// Goes to a branch or commit: brings all its files into the working tree.
    ///
    /// What is staged goes along where the two do not differ. Files that are changed, or not in the lake, are never
    /// overwritten unless forced.
    ///
    /// `commit`: where to go. `branch`: the branch that is checked out then; nil for the commit alone.
    ///
    /// - Throws: ``MartletError`` MT3052 with the files in the way, MT3059 when staged changes are.
    package func checkout(
        _ commit: ObjectID,
        branch: BranchName?,
        link: LinkMode = .copy,
        isForced: Bool = false,
        progress: @escaping (WorkProgress) -> Void = { _ in }
    ) throws(MartletError) -> MoveReport {
        try locked { () throws(MartletError) in
            let position = try position()
            let commitRoot = try record(of: commit).root
            let root = isForced ? commitRoot : try staged(of: position, onto: commitRoot)
            var state = position.state
            for name in try topNames(of: root)
            where !state.tracked.contains(where: { name == $0 || $0.starts(with: name + [0x2f]) }) {
                state.track(name)
            }
            let paths = try Set(state.tracked + topNames(of: root) + topNames(of: position.stagedRoot))
            let session = try whole(
                from: position,
                to: root,
                paths: Array(paths),
                isForced: isForced,
                link: link,
                progress: progress
            )
            try session.plan()
            try session.execute(root: root)
            (state.branch, state.base, state.staged) = (branch, commit, root == commitRoot ? nil : root)
            try save(state)
            return session.report
        }
    }

    /// Brings some files of a commit into the working tree, and stages them.
    ///
    /// - Throws: ``MartletError`` MT3050 for a path that the commit does not have, MT3052 with the files in the way.
    package func checkout(
        _ paths: [[UInt8]],
        of commit: ObjectID,
        isForced: Bool = false
    ) throws(MartletError) -> MoveReport {
        try locked { () throws(MartletError) in
            let position = try position()
            return try bring(paths, from: record(of: commit).root, position, isForced: isForced)
        }
    }

    /// Makes files as they are staged again, or stages what the last commit has.
    ///
    /// `isStaging`: whether to take back what is staged rather than what is changed.
    ///
    /// - Throws: ``MartletError`` MT3050 for a path that the tree does not have, MT3052 with files that are not in the lake.
    package func restore(_ paths: [[UInt8]], isStaging: Bool) throws(MartletError) -> MoveReport {
        try locked { () throws(MartletError) in
            let position = try position()
            if !isStaging { return try bring(paths, from: position.stagedRoot, position, isForced: true) }
            for path in paths where try !isKnown(path, in: position.baseRoot) {
                if try !isKnown(path, in: position.stagedRoot) { throw try unknown(path, in: position.stagedRoot) }
            }
            let root = try tree(position.stagedRoot, with: paths, of: position.baseRoot)
            var state = position.state
            state.staged = root == position.baseRoot ? nil : root
            try save(state)
            return MoveReport()
        }
    }

    /// Points the branch that is checked out to another commit, and takes back what is staged.
    ///
    /// `isHard`: whether the files go there as well, and changes to them are given up.
    ///
    /// - Throws: ``MartletError`` MT3011 when the branch is protected, MT3004 when it is moved just now.
    package func reset(to commit: ObjectID?, isHard: Bool, by author: WorkAuthor) throws(MartletError) -> MoveReport {
        try locked { () throws(MartletError) in
            let position = try position()
            guard let commit = commit ?? position.state.base else {
                var state = position.state
                state.staged = nil
                try save(state)
                return MoveReport()
            }
            if let branch = position.state.branch, position.head != commit {
                try check(.reset, on: branch)
                let why = "reset"
                try lake.move(
                    branch: branch,
                    from: position.head,
                    to: commit,
                    by: author.name,
                    why: why,
                    at: author.time
                )
            }
            let root = try record(of: commit).root
            var report = MoveReport()
            if isHard {
                let paths = position.state.tracked
                let session = try whole(from: position, to: root, paths: paths, isForced: true)
                try session.plan()
                try session.execute(root: root)
                report = session.report
            }
            var state = position.state
            (state.base, state.staged) = (commit, nil)
            try save(state)
            return report
        }
    }

    // MARK: Some paths

    /// Stages what `root` has at paths, and brings the files there.
    private func bring(
        _ paths: [[UInt8]],
        from root: ObjectID,
        _ position: WorkPosition,
        isForced: Bool
    ) throws(MartletError) -> MoveReport {
        for path in paths where try !isKnown(path, in: root) { throw try unknown(path, in: root) }
        let staged = try tree(position.stagedRoot, with: paths, of: root)
        let session = try whole(from: position, to: staged, paths: paths, isForced: isForced)
        try session.plan()
        try session.execute(root: staged)
        var state = position.state
        state.staged = staged == position.baseRoot ? nil : staged
        for path in paths { state.track(path) }
        try save(state)
        return session.report
    }

    private func isKnown(_ path: [UInt8], in root: ObjectID) throws(MartletError) -> Bool {
        try TreeReader(root: root, objects: lake.objects).count(within: path) > 0
    }

    /// The tree `root` with what `other` has at paths.
    private func tree(
        _ root: ObjectID,
        with paths: [[UInt8]],
        of other: ObjectID
    ) throws(MartletError) -> ObjectID {
        var edits: [LakePath: TreeEdit] = [:]
        for path in paths {
            var difference = TreeDiff(from: root, to: other, objects: lake.objects, within: path)
            while let change = try difference.next() {
                edits[change.path] = TreeEdit(path: change.path, entry: change.new)
            }
        }
        if edits.isEmpty { return root }
        let sorted = edits.values.sorted { $0.path < $1.path }
        return try lake.write { writer throws(MartletError) in try TreeWriter.apply(sorted, to: root, writer) }
    }
}
