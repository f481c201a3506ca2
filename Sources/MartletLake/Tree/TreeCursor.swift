public import MartletCore

/// Goes through the files of a tree in the order of their paths; keeps one path of nodes in memory.
public struct TreeCursor: Sendable {
    private var walk: TreeWalk
    private let folder: [UInt8]
    /// Where to go before the next file is given; nil when the walk stands before it.
    private var target: LakePath?
    private var isAtEnd = false

    init(_ walk: TreeWalk, within folder: [UInt8], after: LakePath?) {
        self.walk = walk
        self.folder = folder
        // No path is between one and the same with a NUL behind it.
        let first = after.map { LakePath(trusted: $0.bytes + [0]) } ?? LakePath(trusted: [])
        target = max(first, LakePath(trusted: folder))
    }

    /// The next file; nil at the end.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node, and what the objects' reader throws.
    public mutating func next() throws(MartletError) -> (path: LakePath, entry: FileEntry)? {
        while !isAtEnd {
            if let place = target {
                try walk.seek(place)
                target = nil
            }
            switch walk.position {
            case .end: isAtEnd = true
            case .subtree: try walk.enter()
            case .item(let item):
                if item.path.isWithin(folder) {
                    walk.advance()
                    return (item.path, item.entry)
                }
                // Between `a` and `a/b` there may be `a-b` and `a.b`.
                let inside = LakePath(trusted: folder + [0x2f])
                if item.path < inside { target = inside } else { isAtEnd = true }
            }
        }
        return nil
    }

    /// The first file that is below the cursor's folder rather than at it.
    func firstBelow() throws(MartletError) -> LakePath? {
        var cursor = self
        while let file = try cursor.next() {
            if file.path.bytes.count > folder.count { return file.path }
        }
        return nil
    }

    /// Goes on with the first file whose path is not below `path`; never back.
    public mutating func seek(to path: LakePath) { target = target.map { max($0, path) } ?? path }

    /// Goes past everything in and below a folder: how a listing shows a folder without reading it.
    public mutating func skip(_ folder: [UInt8]) { seek(to: LakePath.end(of: folder)) }
}
