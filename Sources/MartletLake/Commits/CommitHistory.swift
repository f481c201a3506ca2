public import MartletCore

/// Commits and how they follow on each other.
public struct CommitHistory: Sendable {
    let objects: any ObjectReader

    /// The commits that `objects` has.
    public init(objects: any ObjectReader) { self.objects = objects }

    /// A commit.
    ///
    /// - Throws: `MartletError` MT3002 when the object is none, and what the objects' reader throws.
    public func record(_ id: ObjectID) throws(MartletError) -> CommitRecord {
        try CommitRecord(encoded: objects.object(id), id: id)
    }

    /// Goes through commits and all before them, the latest first; reads each only when it is asked for.
    ///
    /// - Parameters:
    ///   - starts: where to begin, as the heads of branches.
    ///   - limit: most commits to give; nil gives all.
    ///   - firstParent: whether to leave out what came by merges.
    ///   - paths: give only commits that changed something in or below one of these; all when empty.
    /// - Returns: the log, before its first commit.
    public func log(
        from starts: [ObjectID],
        limit: Int? = nil,
        firstParent: Bool = false,
        paths: [LakePath] = []
    ) -> CommitLog {
        CommitLog(self, starts, limit: limit, firstParent: firstParent, paths: paths)
    }

    /// The best common ancestor of two commits: one that no other common ancestor follows on.
    ///
    /// After merges crosswise there are several; the latest of them is given, of equally late ones that with the least id.
    ///
    /// - Returns: nil when they have none.
    /// - Throws: `MartletError` MT3002 for an object that is no commit, and what the objects' reader throws.
    public func mergeBase(_ left: ObjectID, _ right: ObjectID) throws(MartletError) -> ObjectID? {
        var painting = CommitPainting(self)
        let found = try painting.commonAncestors(left, right)
        let best = found.count > 1 ? try painting.withoutAncestors(found) : found
        return best.max { ($0.time, $1.id) < ($1.time, $0.id) }?.id
    }

    /// Whether `commit` is `descendant` or came before it.
    ///
    /// - Throws: `MartletError` MT3002 for an object that is no commit, and what the objects' reader throws.
    public func isAncestor(_ commit: ObjectID, of descendant: ObjectID) throws(MartletError) -> Bool {
        if commit == descendant { return true }
        var painting = CommitPainting(self)
        return try painting.commonAncestors(commit, descendant).contains { $0.id == commit }
    }
}
