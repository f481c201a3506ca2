internal import MartletCore
internal import MartletLake

/// What the trees before and after have at a key, and what is there.
struct MoveCandidate {
    /// The key.
    var path: [UInt8]
    /// What the staged tree has; nil when nothing.
    var record: IndexRecord?
    /// What the tree has that is gone to; nil when nothing.
    var target: FileEntry?
    /// What the working tree has; nil when nothing.
    var found: FolderWalk.Found?
    /// Whether the file is to be as the tree; if not, only the index is.
    var isFollowed: Bool
}

/// Goes through the keys of two trees, in order.
protocol MoveCandidates: AnyObject {
    /// The next key; nil at the end.
    func next() throws(MartletError) -> MoveCandidate?
}

/// All keys of the trees and all files: for a checkout, which mends what is missing.
final class WholeCandidates: MoveCandidates {
    private let join: WorkJoin
    private var cursor: TreeCursor
    private var sighting: WorkJoin.Sighting?
    private var target: (path: LakePath, entry: FileEntry)?
    private var hasBegun = false
    private var scopes: ScopeSet

    init(_ join: WorkJoin, paths: [[UInt8]], target root: ObjectID, objects: any ObjectReader) {
        self.join = join
        scopes = ScopeSet(paths)
        cursor = TreeReader(root: root, objects: objects).cursor()
    }

    func next() throws(MartletError) -> MoveCandidate? {
        if !hasBegun {
            hasBegun = true
            sighting = try join.next()
            target = try cursor.next()
        }
        let order: Int
        switch (sighting, target) {
        case (nil, nil): return nil
        case (nil, _): order = 1
        case (_, nil): order = -1
        case (_, .some(let target)): order = PathOrder.compare(join.path, target.path.bytes)
        }
        if order > 0, let file = target {
            target = try cursor.next()
            let path = file.path.bytes
            return MoveCandidate(path: path, target: file.entry, isFollowed: scopes.contains(path))
        }
        var candidate = MoveCandidate(path: join.path, isFollowed: true)
        switch sighting {
        case .unfollowed:
            candidate.record = join.record
            candidate.isFollowed = false
        case .missing: candidate.record = join.record
        case .present(let found):
            candidate.record = join.record
            candidate.found = found
        case .untracked(let found): candidate.found = found
        case nil: break
        }
        if order == 0 {
            candidate.target = target?.entry
            target = try cursor.next()
        }
        sighting = try join.next()
        return candidate
    }
}

/// All keys, of which only those where the trees differ are looked at: for a merge, which costs what it changes.
final class ChangedCandidates: MoveCandidates {
    private let records: StagedRecords
    private let root: FolderRoot
    private var difference: TreeDiff
    private var change: TreeChange?
    private var scopes: ScopeSet
    private var hasRecord = false
    private var hasBegun = false

    init(_ records: StagedRecords, _ root: FolderRoot, _ difference: TreeDiff, followed: [[UInt8]]) {
        self.records = records
        self.root = root
        self.difference = difference
        scopes = ScopeSet(followed)
    }

    func next() throws(MartletError) -> MoveCandidate? {
        if !hasBegun {
            hasBegun = true
            change = try difference.next()
            hasRecord = try records.next()
        }
        let order: Int
        switch (hasRecord, change) {
        case (false, nil): return nil
        case (true, nil): order = -1
        case (false, _): order = 1
        case (true, .some(let change)): order = PathOrder.compare(records.record.path, change.path.bytes)
        }
        if order < 0 {
            let record = records.record
            hasRecord = try records.next()
            return MoveCandidate(path: record.path, record: record, target: record.entry, isFollowed: false)
        }
        guard let change else { return nil }
        var candidate = MoveCandidate(path: change.path.bytes, target: change.new, isFollowed: false)
        if order == 0 {
            candidate.record = records.record
            hasRecord = try records.next()
        }
        candidate.isFollowed = scopes.contains(candidate.path)
        if candidate.isFollowed { candidate.found = root.look(at: candidate.path) }
        self.change = try difference.next()
        return candidate
    }
}

extension IndexRecord {
    /// What a tree would have for the record, as far as the index needs it.
    var entry: FileEntry {
        FileEntry(content: content, md5: .zero, size: Int(size), isExecutable: isExecutable)
    }
}
