public import MartletCore

/// Goes through commits and those before them, the latest first.
///
/// Of two that clocks put the wrong way round the later one by its own clock comes first.
public struct CommitLog: Sendable {
    private struct Pending: Sendable {
        let id: ObjectID
        let record: CommitRecord
    }

    private let history: CommitHistory
    private let firstParent: Bool
    private let paths: [LakePath]
    private var starts: [ObjectID]
    private var left: Int?
    private var queue = CommitQueue<Pending>()
    private var seen: Set<ObjectID> = []

    init(_ history: CommitHistory, _ starts: [ObjectID], limit: Int?, firstParent: Bool, paths: [LakePath]) {
        self.history = history
        self.starts = starts
        left = limit
        self.firstParent = firstParent
        self.paths = paths
    }

    /// The next commit; nil at the end.
    ///
    /// - Throws: `MartletError` MT3002 for an object that is no commit, and what the objects' reader throws.
    public mutating func next() throws(MartletError) -> (id: ObjectID, record: CommitRecord)? {
        if let left, left <= 0 { return nil }
        for start in starts { try push(start) }
        starts = []
        while let commit = queue.pop() {
            let parents = firstParent ? Array(commit.record.parents.prefix(1)) : commit.record.parents
            let same = try parentWithSameFiles(commit.record, parents)
            for parent in same.map({ [$0] }) ?? parents { try push(parent) }
            guard same == nil, try isShown(commit.record) else { continue }
            left = left.map { $0 - 1 }
            return (commit.id, commit.record)
        }
        return nil
    }

    private mutating func push(_ id: ObjectID) throws(MartletError) {
        guard seen.insert(id).inserted else { return }
        let record = try history.record(id)
        queue.push(Pending(id: id, record: record), at: record.time)
    }

    /// The parent that all of the files came from: the others have nothing to tell about them.
    private func parentWithSameFiles(
        _ record: CommitRecord,
        _ parents: [ObjectID]
    ) throws(MartletError) -> ObjectID? {
        if paths.isEmpty { return nil }
        for parent in parents {
            if try areSame(record.root, history.record(parent).root) { return parent }
        }
        return nil
    }

    private func areSame(_ left: ObjectID, _ right: ObjectID) throws(MartletError) -> Bool {
        for path in paths {
            var diff = TreeDiff(from: left, to: right, objects: history.objects, within: path.bytes)
            if try diff.next() != nil { return false }
        }
        return true
    }

    /// Whether a commit that no parent is like has to do with the files: one without parents must have some of them.
    private func isShown(_ record: CommitRecord) throws(MartletError) -> Bool {
        if paths.isEmpty || !record.parents.isEmpty { return true }
        let tree = TreeReader(root: record.root, objects: history.objects)
        for path in paths {
            var cursor = tree.cursor(within: path.bytes)
            if try cursor.next() != nil { return true }
        }
        return false
    }
}
