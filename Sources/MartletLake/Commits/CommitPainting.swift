internal import MartletCore

/// Finds common ancestors by painting what each commit descends from, the latest commits first, until nothing is left that
/// only one of them has.
///
/// Reads each commit once and does not go far beyond the answer where clocks are right; where they are wrong it goes
/// further, and may give ancestors of the answer as well, which ``withoutAncestors(_:)`` leaves out.
struct CommitPainting {
    struct Found: Hashable {
        let id: ObjectID
        let time: Timestamp
    }

    private struct Paint: OptionSet {
        let rawValue: UInt8
        static let left = Paint(rawValue: 1)
        static let right = Paint(rawValue: 2)
        static let both: Paint = [.left, .right]
        /// Before a common ancestor that was found.
        static let before = Paint(rawValue: 4)
    }

    private struct Node {
        let time: Timestamp
        let parents: [ObjectID]
        var paint: Paint = []
        var isQueued = false
    }

    private let history: CommitHistory
    private var nodes: [ObjectID: Node] = [:]
    private var queue = CommitQueue<ObjectID>()
    /// How many queued commits could still lead to an answer.
    private var open = 0

    init(_ history: CommitHistory) { self.history = history }

    mutating func commonAncestors(_ left: ObjectID, _ right: ObjectID) throws(MartletError) -> [Found] {
        try add(left, .left)
        try add(right, .right)
        var found: Set<ObjectID> = []
        while open > 0, let id = queue.pop() {
            guard var node = nodes[id] else { continue }
            node.isQueued = false
            nodes[id] = node
            let isOpen = !node.paint.contains(.before)
            if isOpen { open -= 1 }
            if isOpen, node.paint == .both { found.insert(id) }
            let paint = node.paint.isSuperset(of: .both) ? node.paint.union(.before) : node.paint
            for parent in node.parents { try add(parent, paint) }
        }
        return found.compactMap { id in
            guard let node = nodes[id], !node.paint.contains(.before) else { return nil }
            return Found(id: id, time: node.time)
        }
    }

    /// Leaves out commits that others of them descend from.
    func withoutAncestors(_ commits: [Found]) throws(MartletError) -> [Found] {
        var left = Set(commits.map(\.id))
        var seen: Set<ObjectID> = []
        var rest: [ObjectID] = []
        for commit in commits { rest += try parents(of: commit.id) }
        while left.count > 1, let id = rest.popLast() {
            guard seen.insert(id).inserted else { continue }
            left.remove(id)
            rest += try parents(of: id)
        }
        return commits.filter { left.contains($0.id) }
    }

    private mutating func add(_ id: ObjectID, _ paint: Paint) throws(MartletError) {
        var node = if let known = nodes[id] { known } else { try read(id) }
        let before = node.paint
        node.paint.formUnion(paint)
        defer { nodes[id] = node }
        guard node.paint != before else { return }
        let wasOpen = node.isQueued && !before.contains(.before)
        let isOpen = !node.paint.contains(.before)
        open += (isOpen ? 1 : 0) - (wasOpen ? 1 : 0)
        if !node.isQueued {
            node.isQueued = true
            queue.push(id, at: node.time)
        }
    }

    private func read(_ id: ObjectID) throws(MartletError) -> Node {
        let record = try history.record(id)
        return Node(time: record.time, parents: record.parents)
    }

    private func parents(of id: ObjectID) throws(MartletError) -> [ObjectID] {
        if let node = nodes[id] { return node.parents }
        return try history.record(id).parents
    }
}
