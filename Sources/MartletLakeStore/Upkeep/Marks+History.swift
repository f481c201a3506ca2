internal import MartletCore
internal import MartletLake

extension Marks {
    /// Marks what commits keep, and the commits before them.
    ///
    /// - Throws: ``MartletError`` MT3031 and others when something is damaged or missing, so that it cannot be known what
    ///   is needed.
    func mark(_ roots: [RetentionPolicy.Root]) throws(MartletError) {
        // Those that keep most first: a commit that was met then needs no second visit for one that keeps less.
        let ordered = roots.sorted { left, right in
            guard let first = left.since else { return right.since != nil }
            guard let second = right.since else { return false }
            return first < second
        }
        for root in ordered { try mark(root) }
    }

    private func mark(_ root: RetentionPolicy.Root) throws(MartletError) {
        var open = [root.commit]
        while let id = open.popLast() {
            guard let record = try visit(id, isRoot: id == root.commit, since: root.since) else { continue }
            open += record
        }
    }

    /// Marks one commit, and its files if it keeps them.
    ///
    /// - Returns: the commits before it; nil when it was met before.
    private func visit(_ id: ObjectID, isRoot: Bool, since: Timestamp?) throws(MartletError) -> [ObjectID]? {
        let isNew = try mark(id)
        if isNew == nil, !isRoot { return nil }
        guard let place = isNew ?? find(id) else { return nil }
        guard let bytes = place.pack.object(at: place.position) else { throw PackStore.damaged(id, in: place.pack) }
        let record = try CommitRecord(encoded: bytes, id: id)
        if isRoot || since.map({ record.time >= $0 }) ?? true { try markAll(record.root) }
        return isNew == nil ? nil : record.parents
    }
}
