internal import MartletCore

/// A file of a tree: a path and what is there.
struct TreeItem: Hashable, Sendable {
    var path: LakePath
    var entry: FileEntry
}

/// A node below an inner node.
struct TreeChild: Hashable, Sendable {
    /// The greatest path below it.
    var last: LakePath
    var id: ObjectID
    /// How many files are below it.
    var count: Int
}

/// A node of a tree: a leaf with files, or an inner node with the nodes below it; both ordered by path.
struct TreeNode: Hashable, Sendable {
    /// How far above the leaves it is; 0 for a leaf.
    var level: Int
    /// The files of a leaf.
    var items: [TreeItem]
    /// The nodes below an inner node.
    var children: [TreeChild]

    init(items: [TreeItem]) {
        level = 0
        self.items = items
        children = []
    }

    init(level: Int, children: [TreeChild]) {
        self.level = level
        items = []
        self.children = children
    }

    /// How many files or nodes it holds.
    var width: Int { level == 0 ? items.count : children.count }

    /// The greatest path in or below it; nil for the leaf of an empty tree.
    var last: LakePath? { level == 0 ? items.last?.path : children.last?.last }

    /// How many files are in or below it.
    var count: Int { level == 0 ? items.count : children.reduce(0) { $0 &+ $1.count } }

    /// The first index whose path is not below `path`: where a search goes on.
    func index(of path: LakePath) -> Int {
        var (low, high) = (0, width)
        while low < high {
            let middle = (low + high) / 2
            let key = level == 0 ? items[middle].path : children[middle].last
            if key < path { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Reads a root.
    static func root(_ id: ObjectID, _ objects: any ObjectReader) throws(MartletError) -> TreeNode {
        try TreeNode(encoded: objects.object(id), id: id)
    }

    /// Reads a node below one of `level`, which must be what its parent says of it.
    static func below(
        _ level: Int,
        _ child: TreeChild,
        _ objects: any ObjectReader
    ) throws(MartletError) -> TreeNode {
        let node = try TreeNode(encoded: objects.object(child.id), id: child.id)
        guard node.level == level - 1, node.last == child.last, node.count == child.count else {
            throw MalformedObject("it is not what the node above says").error("a node of a tree", child.id)
        }
        return node
    }
}
