package import MartletCore
package import MartletLake

extension WorkingTree {
    /// Compares files, what is staged and what is committed.
    ///
    /// `limit`: most files named of each kind; they are counted beyond it.
    ///
    /// - Throws: ``MartletError`` MT3051 when a folder cannot be read, MT3057 when the state is damaged, MT3030 and the
    ///   like when the lake is.
    package func status(limit: Int = .max) throws(MartletError) -> WorkStatus {
        let position = try position()
        var status = WorkStatus(position: position)
        status.behind = try behind(position)
        if position.hasStaged {
            var difference = TreeDiff(from: position.baseRoot, to: position.stagedRoot, objects: lake.objects)
            while let change = try difference.next() {
                status.staged.add(change.path, WorkStatus.Change(change.kind), atMost: limit)
            }
        }
        let scan = try StatusScan(self, status, limit: limit)
        try scan.run(followedScopes(position.state))
        if !scan.refreshed.isEmpty { try refresh(scan.refreshed, of: position) }
        return scan.status
    }

    /// What is at the paths that are followed; patterns do not hide what was added by name.
    func followedScopes(_ state: WorkspaceState) throws(MartletError) -> [WalkScope] {
        var scopes: [WalkScope] = []
        for path in state.tracked { scopes.append(try root.scope(path, isTracked: true)) }
        return scopes
    }

    /// How many commits the branch has that the working tree has not seen.
    private func behind(_ position: WorkPosition) throws(MartletError) -> Int? {
        guard position.isBehind, let head = position.head else { return nil }
        var count = 0
        var next: ObjectID? = head
        while let id = next, id != position.state.base, count < Limits.commitsCounted {
            next = try record(of: id).parents.first
            count += 1
        }
        return max(1, count)
    }

    /// Notes the stamps of files that had to be read, so that they need not be the next time; not when another command
    /// is about to write the index anyway.
    private func refresh(
        _ stamps: [(path: [UInt8], stamp: WorkStamp)],
        of position: WorkPosition
    ) throws(MartletError) {
        try lockedIfFree { () throws(MartletError) in
            guard try self.position().stagedRoot == position.stagedRoot else { return }
            let records = try records(of: position.stagedRoot)
            let index = try WorkIndexWriter(path: indexPath)
            var rest = stamps[...]
            while try records.next() {
                var record = records.record
                if let next = rest.first, next.path == record.path {
                    record.stamp = next.stamp
                    rest = rest.dropFirst()
                }
                try index.append(record)
            }
            try index.finish(root: position.stagedRoot)
        }
    }
}

extension WorkStatus.Change {
    /// What a difference of trees says.
    package init(_ kind: TreeChange.Kind) {
        switch kind {
        case .added: self = .added
        case .modified: self = .modified
        case .removed: self = .removed
        }
    }
}
