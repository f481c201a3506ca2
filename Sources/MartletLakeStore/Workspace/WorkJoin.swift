internal import MartletCore
internal import MartletLake

/// Goes through the staged records and the files of the working tree side by side, in the order of keys.
final class WorkJoin {
    /// What is to be seen at a key.
    enum Sighting {
        /// A record that the walk does not look for.
        case unfollowed
        /// A record whose file is gone.
        case missing
        /// A record and what is at its path.
        case present(FolderWalk.Found)
        /// Something without a record.
        case untracked(FolderWalk.Found)
    }

    /// The record of the sighting; not for one that is untracked.
    var record: IndexRecord { records.record }
    /// The key of the sighting.
    var path: [UInt8] { isAtRecord ? records.record.path : walk.path }

    private let records: StagedRecords
    private let walk: FolderWalk
    private let root: FolderRoot
    private var scopes: ScopeSet
    private var hasRecord: Bool
    private var found: FolderWalk.Found?
    private var isAtRecord = false
    private var isFileTaken = false

    /// Joins records with what is in `scopes` below `root`.
    init(_ records: StagedRecords, _ root: FolderRoot, scopes: [WalkScope]) throws(MartletError) {
        self.records = records
        self.root = root
        self.scopes = ScopeSet(scopes.map(\.path))
        walk = FolderWalk(root, scopes: WalkScope.ordered(scopes))
        hasRecord = true
        isAtRecord = true
        isFileTaken = true
    }

    /// Goes on to the next key; nil at the end.
    func next() throws(MartletError) -> Sighting? {
        if isAtRecord, hasRecord { hasRecord = try records.next() }
        if isFileTaken {
            found = try walk.next()
            isFileTaken = false
        }
        guard hasRecord else {
            isAtRecord = false
            isFileTaken = true
            return found.map(Sighting.untracked)
        }
        let order = found == nil ? -1 : PathOrder.compare(records.record.path, walk.path)
        isAtRecord = order <= 0
        isFileTaken = order >= 0
        if order > 0, let found { return .untracked(found) }
        if order == 0, let found { return .present(found) }
        if !scopes.contains(records.record.path) { return .unfollowed }
        // What is in the lake is followed, whatever patterns say.
        if walk.hasIgnored, let found = root.look(at: records.record.path) { return .present(found) }
        return .missing
    }
}
