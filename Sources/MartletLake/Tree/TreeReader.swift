public import MartletCore

/// Reads a tree: the files of one commit, by path.
public struct TreeReader: Sendable {
    /// The id of its root node.
    public let root: ObjectID
    let objects: any ObjectReader

    /// The tree whose root node is `root`.
    public init(root: ObjectID, objects: any ObjectReader) {
        self.root = root
        self.objects = objects
    }

    /// How many files it has; reads one node.
    public var count: Int {
        get throws(MartletError) { try TreeNode.root(root, objects).count }
    }

    /// The file at a path; nil when there is none, or a folder.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node, and what the objects' reader throws.
    public func entry(at path: LakePath) throws(MartletError) -> FileEntry? {
        var node = try TreeNode.root(root, objects)
        while true {
            let index = node.index(of: path)
            guard index < node.width else { return nil }
            if node.level == 0 {
                let item = node.items[index]
                return item.path == path ? item.entry : nil
            }
            node = try TreeNode.below(node.level, node.children[index], objects)
        }
    }

    /// Goes through the files in or below a folder, by path; through all of them when none is given.
    ///
    /// - Parameters:
    ///   - folder: a path without a slash at either end; if it is a file's, the cursor has just that file.
    ///   - after: begins behind this path.
    /// - Returns: the cursor, before the first of them.
    public func cursor(within folder: [UInt8] = [], after: LakePath? = nil) -> TreeCursor {
        TreeCursor(TreeWalk(root, objects), within: folder, after: after)
    }

    /// How many files are in or below a folder; costs two searches, however many there are.
    public func count(within folder: [UInt8]) throws(MartletError) -> Int {
        if folder.isEmpty { return try count }
        if try entry(at: LakePath(trusted: folder)) != nil { return 1 }
        return try rank(of: LakePath.end(of: folder)) - rank(of: LakePath(trusted: folder + [0x2f]))
    }

    /// How many files have a lesser path.
    func rank(of path: LakePath) throws(MartletError) -> Int {
        var node = try TreeNode.root(root, objects)
        var rank = 0
        while true {
            let index = node.index(of: path)
            if node.level == 0 { return rank + index }
            for child in node.children[..<index] { rank &+= child.count }
            guard index < node.width else { return rank }
            node = try TreeNode.below(node.level, node.children[index], objects)
        }
    }
}

extension LakePath {
    /// What follows on everything below `folder`: `0` stands behind `/` in ASCII.
    static func end(of folder: [UInt8]) -> LakePath { LakePath(trusted: folder + [0x30]) }
}
