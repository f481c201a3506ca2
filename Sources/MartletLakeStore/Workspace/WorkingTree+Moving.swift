package import MartletCore
internal import MartletLake

extension WorkingTree {
    /// The way to another tree for the files that are followed, which costs what the trees differ in.
    func following(
        from position: WorkPosition,
        to root: ObjectID,
        isForced: Bool = false,
        progress: @escaping (WorkProgress) -> Void = { _ in }
    ) -> MoveSession {
        MoveSession(self, isForced: isForced, progress: progress) { [self] () throws(MartletError) in
            ChangedCandidates(
                try records(of: position.stagedRoot),
                self.root,
                TreeDiff(from: position.stagedRoot, to: root, objects: lake.objects),
                followed: position.state.tracked
            )
        }
    }

    /// The way to another tree for all files of both; what is missing is written.
    func whole(
        from position: WorkPosition,
        to root: ObjectID,
        paths: [[UInt8]],
        isForced: Bool = false,
        link: LinkMode = .copy,
        progress: @escaping (WorkProgress) -> Void = { _ in }
    ) throws(MartletError) -> MoveSession {
        var scopes: [WalkScope] = []
        for path in paths { scopes.append(try self.root.scope(path, isTracked: true)) }
        return MoveSession(self, link: link, isForced: isForced, progress: progress) { () throws(MartletError) in
            WholeCandidates(
                try WorkJoin(self.records(of: position.stagedRoot), self.root, scopes: scopes),
                paths: paths,
                target: root,
                objects: self.lake.objects
            )
        }
    }

    /// Writes files below the project's folder, on all cores.
    func write(_ files: [FilePlacement]) throws(MartletError) -> [WorkStamp] {
        try lake.write(files, into: rootText, replacing: true).map { WorkStamp($0) }
    }

    /// The first parts of all paths of a tree.
    func topNames(of root: ObjectID) throws(MartletError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        var cursor = TreeReader(root: root, objects: lake.objects).cursor()
        while let file = try cursor.next() {
            let name = Array(file.path.bytes.prefix { $0 != 0x2f })
            names.append(name)
            if name.count < file.path.bytes.count { cursor.skip(name) }
        }
        return names
    }

    /// The staged tree with what was done since it started, on top of another tree.
    ///
    /// - Throws: ``MartletError`` MT3059 when both changed the same files.
    func staged(of position: WorkPosition, onto root: ObjectID) throws(MartletError) -> ObjectID {
        if !position.hasStaged { return root }
        let result = try lake.write { writer throws(MartletError) in
            try TreeMerge.merge(base: position.baseRoot, ours: root, theirs: position.stagedRoot, writer)
        }
        if let merged = result.root { return merged }
        let shown = result.conflicts.prefix(Limits.shownFiles).map(\.path.display).joined(separator: "\n")
        let rest = result.conflictCount - min(result.conflictCount, Limits.shownFiles)
        throw MartletError(
            .stagedInTheWay,
            "\(result.conflictCount == 1 ? "1 staged file" : "\(result.conflictCount) staged files") changed there as well",
            reason: shown + (rest > 0 ? "\nand \(rest) more" : ""),
            remedy: "commit what is staged on a branch of its own, or take it back with `martlet lake reset`"
        )
    }

    /// Refuses to go on while something is staged, or while the branch is elsewhere than the files.
    func requireSettled(_ position: WorkPosition, for what: String) throws(MartletError) {
        if position.hasStaged {
            throw MartletError(
                .stagedInTheWay,
                "something is staged, so \(what) cannot begin",
                remedy: "commit it first, or take it back with `martlet lake reset`"
            )
        }
        if position.isBehind, let branch = position.state.branch, position.head != nil {
            throw MartletError(
                .stagedInTheWay,
                "the files are not at the end of \(branch), so \(what) cannot begin",
                reason: "runs or other people have moved the branch",
                remedy: "bring the files there with `martlet lake checkout \(branch)`"
            )
        }
    }
}

extension WorkingTree {
    /// Brings the files to the end of the branch, when it was moved and nothing is staged.
    ///
    /// - Throws: ``MartletError`` MT3052 with the files in the way.
    package func catchUp() throws(MartletError) -> MoveReport {
        try locked { () throws(MartletError) in
            let position = try position()
            guard position.isBehind, !position.hasStaged, let head = position.head else { return MoveReport() }
            let root = try record(of: head).root
            let session = following(from: position, to: root)
            try session.plan()
            try session.execute(root: root)
            var state = position.state
            (state.base, state.staged) = (head, nil)
            try save(state)
            return session.report
        }
    }
}
