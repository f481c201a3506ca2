internal import MartletCore

/// Goes through a tree from its least path to its greatest, and leaves to the caller which nodes to enter.
///
/// It keeps one path of nodes. Everything that reads trees is built on it: what can be told from a node's id, last path or
/// count never makes it read the node.
struct TreeWalk: Sendable {
    enum Position: Sendable {
        /// Before a node that was not read yet.
        case subtree(Subtree)
        /// Before a file.
        case item(TreeItem)
        case end
    }

    /// A node that the walk stands before.
    struct Subtree: Sendable {
        let id: ObjectID
        /// Its level; ``rootLevel`` for the root, which tells its own only when it is read.
        let level: Int
        /// What its parent says of it; nil for the root.
        let child: TreeChild?
        /// The greatest path before it in the tree; nil when it is the first of its level.
        let after: LakePath?
        /// Whether no node of its level follows.
        let isLast: Bool

        /// Whether a file of this path, if there is one, is in it.
        func mayHold(_ path: LakePath) -> Bool {
            if let after, path <= after { return false }
            return isBeyond(path)
        }

        /// Whether it has a path that is not below `path`, as far as its parent tells.
        func isBeyond(_ path: LakePath) -> Bool {
            guard let child else { return true }
            return child.last >= path
        }

        /// Whether all its paths are below all of `other`.
        func precedes(_ other: Subtree) -> Bool {
            guard let child, let after = other.after else { return false }
            return child.last <= after
        }
    }

    private struct Frame: Sendable {
        let node: TreeNode
        var index: Int
        let after: LakePath?
        let isLast: Bool
    }

    /// A level above that of every node.
    static let rootLevel = TreeBoundary.levels

    /// The root of the tree.
    let root: ObjectID
    let objects: any ObjectReader
    private var path: [Frame] = []
    /// What the walk stands before.
    private(set) var position: Position

    /// Stands before the tree `root`.
    init(_ root: ObjectID, _ objects: any ObjectReader) {
        self.root = root
        self.objects = objects
        position = .subtree(Subtree(id: root, level: Self.rootLevel, child: nil, after: nil, isLast: true))
    }

    /// Goes past the file or the whole node that the walk stands before.
    mutating func advance() {
        while let depth = path.indices.last {
            path[depth].index += 1
            if path[depth].index < path[depth].node.width { return settle() }
            path.removeLast()
        }
        position = .end
    }

    /// Goes into the node that the walk stands before, to its first file or node.
    mutating func enter() throws(MartletError) {
        guard case .subtree(let subtree) = position else { return }
        let node =
            if let child = subtree.child {
                try TreeNode.below(subtree.level + 1, child, objects)
            } else {
                try TreeNode.root(subtree.id, objects)
            }
        guard node.width > 0 else { return advance() }
        path.append(Frame(node: node, index: 0, after: subtree.after, isLast: subtree.isLast))
        settle()
    }

    /// Goes on to the first file whose path is not below `path`; only forward, and past whole nodes where it can.
    mutating func seek(_ target: LakePath) throws(MartletError) {
        // Nodes that end before the target are left without a look at what else they hold.
        while let frame = path.last, let last = frame.node.last, last < target, path.count > 0 {
            path[path.count - 1].index = frame.node.width - 1
            advance()
        }
        while true {
            switch position {
            case .end: return
            case .item(let item):
                if item.path >= target { return }
                skip(to: target)
            case .subtree(let subtree):
                if subtree.isBeyond(target) { try enter() } else { skip(to: target) }
            }
        }
    }

    /// Goes on within the innermost node, which reaches as far as the target.
    private mutating func skip(to target: LakePath) {
        guard let frame = path.last else { return advance() }
        path[path.count - 1].index = max(frame.node.index(of: target), frame.index + 1) - 1
        advance()
    }

    private mutating func settle() {
        guard let frame = path.last else { return }
        if frame.node.level == 0 {
            position = .item(frame.node.items[frame.index])
            return
        }
        let child = frame.node.children[frame.index]
        position = .subtree(
            Subtree(
                id: child.id,
                level: frame.node.level - 1,
                child: child,
                after: frame.index == 0 ? frame.after : frame.node.children[frame.index - 1].last,
                isLast: frame.isLast && frame.index == frame.node.children.count - 1
            )
        )
    }
}
