internal import MartletCore
internal import MartletLake

/// Compares the files of the working tree with the staged tree; reads only those whose stamps cannot tell.
final class StatusScan {
    private let tree: WorkingTree
    private let limit: Int
    /// The file system's time when the scan began.
    private let start: Int64
    private(set) var status: WorkStatus
    /// Stamps of files that were read and have what is staged, in the order of keys.
    private(set) var refreshed: [(path: [UInt8], stamp: WorkStamp)] = []

    /// Files that have to be read.
    private var waiting: [(record: IndexRecord, source: [UInt8])] = []

    init(_ tree: WorkingTree, _ status: WorkStatus, limit: Int) throws(MartletError) {
        start = try tree.fileSystemTime()
        self.tree = tree
        self.status = status
        self.limit = limit
    }

    func run(_ scopes: [WalkScope]) throws(MartletError) {
        let join = try WorkJoin(tree.records(of: status.position.stagedRoot), tree.root, scopes: scopes)
        while let sighting = try join.next() {
            switch sighting {
            case .unfollowed: continue
            case .missing:
                status.files += 1
                note(join.path, .removed)
            case .untracked(.refused(let refusal)):
                guard status.problems.count < Limits.workProblems else { continue }
                let path = join.path
                status.problems.append(WorkProblem(path: LakePath(trusted: path), error: refusal.error(path)))
            case .untracked:
                status.untracked.add(LakePath(trusted: join.path), .added, atMost: limit)
            case .present(let found):
                status.files += 1
                compare(found, join.record)
            }
        }
        readWaiting()
        // What was read comes later than what its neighbours are.
        status.changed.items.sort { $0.path < $1.path }
    }

    private func compare(_ found: FolderWalk.Found, _ record: IndexRecord) {
        guard let stamp = found.stamp, stamp.size == record.size, stamp.isExecutable == record.isExecutable else {
            return note(record.path, .modified)
        }
        if stamp == record.stamp { return }
        var source = record.path
        if case .link(_, let target) = found { source = target }
        waiting.append((record, source))
        if waiting.count >= Limits.filesPerBatch { readWaiting() }
    }

    private func readWaiting() {
        let findings = ContentCheck.findings(waiting.map { tree.root.absolute($0.source) })
        for (file, finding) in zip(waiting, findings) {
            if let finding, finding.content == file.record.content {
                if let stamp = finding.stamp.settled(before: start) { refreshed.append((file.record.path, stamp)) }
            } else {
                note(file.record.path, .modified)
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private func note(_ path: [UInt8], _ change: WorkStatus.Change) {
        status.changed.add(LakePath(trusted: path), change, atMost: limit)
    }
}
