package import MartletCore
internal import MartletLake

/// Where the working tree stands.
package struct WorkPosition: Hashable, Sendable {
    /// What the state file says.
    package var state: WorkspaceState
    /// The commit that the branch points to now; nil when it has none.
    package var head: ObjectID?
    /// The tree that the staged one started from.
    package var baseRoot: ObjectID
    /// The staged tree.
    package var stagedRoot: ObjectID

    /// Whether something is staged.
    package var hasStaged: Bool { stagedRoot != baseRoot }
    /// Whether the branch was moved by others since the working tree saw it.
    package var isBehind: Bool { head != state.base }
}

extension WorkingTree {
    /// Where the working tree stands.
    ///
    /// When runs or other people have moved the branch, and touched nothing that the working tree follows, it goes along.
    ///
    /// - Throws: ``MartletError`` MT3057 when the state is damaged, MT3030 and the like when the lake is.
    package func position() throws(MartletError) -> WorkPosition {
        var state = try loadState()
        let head =
            try state.branch.map { name throws(MartletError) in try lake.refs.head(of: .branch(name)) } ?? state.base
        let base = try state.base.map { id throws(MartletError) in try record(of: id).root }
        let baseRoot: ObjectID
        if let base { baseRoot = base } else { baseRoot = try emptyRoot() }
        let staged = state.staged ?? baseRoot
        guard let head, head != state.base else {
            return WorkPosition(state: state, head: head, baseRoot: baseRoot, stagedRoot: staged)
        }
        let headRoot = try record(of: head).root
        // A commit that was cut off after the branch was moved, or a move past the working tree.
        var canGoAlong = headRoot == staged
        if !canGoAlong, staged == baseRoot { canGoAlong = try !isFollowed(state, from: baseRoot, to: headRoot) }
        if canGoAlong {
            state.base = head
            state.staged = nil
            return WorkPosition(state: state, head: head, baseRoot: headRoot, stagedRoot: headRoot)
        }
        return WorkPosition(state: state, head: head, baseRoot: baseRoot, stagedRoot: staged)
    }

    /// Whether two trees differ in something that the working tree follows.
    private func isFollowed(
        _ state: WorkspaceState,
        from: ObjectID,
        to: ObjectID
    ) throws(MartletError) -> Bool {
        for path in state.tracked {
            var difference = TreeDiff(from: from, to: to, objects: lake.objects, within: path)
            if try difference.next() != nil { return true }
        }
        return false
    }
}
