internal import MartletCore

/// Writes a tree from its files in order, or from whole nodes of another tree where those are what it would write anyway.
///
/// For each level it keeps the entries since the last boundary, and nothing else.
struct TreeBuilder {
    private struct Level {
        var children: [TreeChild] = []
        /// Whether a node of this level was written.
        var hasNodes = false
    }

    private let objects: any ObjectWriter
    private var items: [TreeItem] = []
    /// The inner levels, that right above the leaves first.
    private var levels: [Level] = []

    init(_ objects: any ObjectWriter) { self.objects = objects }

    /// Whether a node of `level` could begin here: everything before it is in nodes.
    func isBoundary(upTo level: Int) -> Bool { items.isEmpty && levels.prefix(level).allSatisfy(\.children.isEmpty) }

    mutating func append(_ item: TreeItem) throws(MartletError) {
        items.append(item)
        if TreeBoundary.follows(item.path, level: 0, count: items.count) { try endLeaf() }
    }

    /// Adds a whole node of another tree, which must begin at a boundary here and end at one or end the tree.
    mutating func append(_ child: TreeChild, level: Int) throws(MartletError) {
        while levels.count <= level { levels.append(Level()) }
        levels[level].children.append(child)
        if TreeBoundary.follows(child.last, level: level + 1, count: levels[level].children.count) {
            try endNode(above: level)
        }
    }

    /// Writes what is left and gives the id of the root.
    mutating func finish() throws(MartletError) -> ObjectID {
        if levels.isEmpty { return try objects.put(TreeNode(items: items).encoded, as: .node) }
        if !items.isEmpty { try endLeaf() }
        var below = 0
        while true {
            let level = levels[below]
            if below == levels.count - 1, !level.hasNodes, level.children.count == 1 {
                return try lowestRoot(level.children[0], level: below)
            }
            if !level.children.isEmpty { try endNode(above: below) }
            below += 1
        }
    }

    private mutating func endLeaf() throws(MartletError) {
        let node = TreeNode(items: items)
        items.removeAll(keepingCapacity: true)
        try add(node)
    }

    private mutating func endNode(above level: Int) throws(MartletError) {
        let node = TreeNode(level: level + 1, children: levels[level].children)
        levels[level].children.removeAll(keepingCapacity: true)
        levels[level].hasNodes = true
        try add(node)
    }

    private mutating func add(_ node: TreeNode) throws(MartletError) {
        guard let last = node.last else { return }
        let id = try objects.put(node.encoded, as: .node)
        try append(TreeChild(last: last, id: id, count: node.count), level: node.level)
    }

    /// A root has two nodes below it or is a leaf: when all else was removed, what is left may hang from nodes of one.
    private func lowestRoot(_ child: TreeChild, level: Int) throws(MartletError) -> ObjectID {
        var (child, level) = (child, level)
        while level > 0 {
            let node = try TreeNode.below(level + 1, child, objects)
            guard node.children.count == 1 else { break }
            (child, level) = (node.children[0], level - 1)
        }
        return child.id
    }
}
