public import MartletCore

/// Goes through the paths at which two trees differ, in order; costs what differs, because nodes with the same id are
/// left unread.
public struct TreeDiff: Sendable {
    /// The root of the first tree.
    public let from: ObjectID
    /// The root of the second tree.
    public let to: ObjectID
    let objects: any ObjectReader
    private let scope: Scope
    private var old: TreeWalk
    private var new: TreeWalk

    /// The differences of two trees in or below a folder; everywhere when none is given.
    public init(from: ObjectID, to: ObjectID, objects: any ObjectReader, within folder: [UInt8] = []) {
        self.from = from
        self.to = to
        self.objects = objects
        scope = Scope(folder)
        old = TreeWalk(from, objects)
        new = TreeWalk(to, objects)
    }

    /// The next difference; nil at the end.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node, and what the objects' reader throws.
    public mutating func next() throws(MartletError) -> TreeChange? {
        while true {
            scope.prune(&old)
            scope.prune(&new)
            switch (old.position, new.position) {
            case (.end, .end):
                return nil
            case (.subtree(let left), .subtree(let right)):
                if left.id == right.id {
                    // The same files on both sides, whatever their nodes hang from.
                    old.advance()
                    new.advance()
                } else if left.precedes(right) {
                    try old.enter()
                } else if right.precedes(left) {
                    try new.enter()
                } else {
                    // Equal nodes have equal levels, so the higher of two is what to look into.
                    if left.level >= right.level { try old.enter() }
                    if right.level >= left.level { try new.enter() }
                }
            case (.subtree(let left), .item(let item)):
                if let after = left.after, item.path <= after { return addition(item) }
                try old.enter()
            case (.item(let item), .subtree(let right)):
                if let after = right.after, item.path <= after { return removal(item) }
                try new.enter()
            case (.subtree, .end):
                try old.enter()
            case (.end, .subtree):
                try new.enter()
            case (.item(let item), .end):
                return removal(item)
            case (.end, .item(let item)):
                return addition(item)
            case (.item(let left), .item(let right)):
                if left.path < right.path { return removal(left) }
                if right.path < left.path { return addition(right) }
                old.advance()
                new.advance()
                if left.entry != right.entry {
                    return TreeChange(path: left.path, old: left.entry, new: right.entry)
                }
            }
        }
    }

    private mutating func removal(_ item: TreeItem) -> TreeChange {
        old.advance()
        return TreeChange(path: item.path, old: item.entry, new: nil)
    }

    private mutating func addition(_ item: TreeItem) -> TreeChange {
        new.advance()
        return TreeChange(path: item.path, old: nil, new: item.entry)
    }
}

/// The part of the paths that is looked at.
private struct Scope: Sendable {
    private let folder: LakePath
    private let end: LakePath

    init(_ folder: [UInt8]) {
        self.folder = LakePath(trusted: folder)
        end = LakePath.end(of: folder)
    }

    /// Goes past whatever is outside.
    func prune(_ walk: inout TreeWalk) {
        if folder.bytes.isEmpty { return }
        while true {
            switch walk.position {
            case .subtree(let subtree):
                if subtree.isBeyond(folder), subtree.after.map({ $0 < end }) ?? true { return }
            case .item(let item):
                if item.path.isWithin(folder.bytes) { return }
            case .end:
                return
            }
            walk.advance()
        }
    }
}
