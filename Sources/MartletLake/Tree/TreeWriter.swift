public import MartletCore

/// Writes trees: the same files make the same tree, in whatever order and by whatever edits they came.
public enum TreeWriter {
    /// Writes the tree without files.
    ///
    /// - Returns: the id of its root.
    public static func empty(_ objects: any ObjectWriter) throws(MartletError) -> ObjectID {
        try objects.put(TreeNode(items: []).encoded, as: .node)
    }

    /// Writes a tree of files ordered by path, each path once; memory does not grow with their number.
    ///
    /// - Throws: `MartletError` MT3007 for a file and a folder of one name, MT9002 when the files are out of order, and
    ///   what the objects' writer throws.
    public static func build(
        _ files: some Sequence<(path: LakePath, entry: FileEntry)>,
        _ objects: any ObjectWriter
    ) throws(MartletError) -> ObjectID {
        var builder = TreeBuilder(objects)
        var before = OpenFiles<Void>()
        var previous: LakePath?
        for file in files {
            try inOrder(file.path, after: previous)
            if let clash = before.file(over: file.path) { throw clashing(file: clash.path, with: file.path) }
            before.open(file.path, ())
            try builder.append(TreeItem(path: file.path, entry: file.entry))
            previous = file.path
        }
        return try builder.finish()
    }

    /// Writes the tree that edits make of another; costs the edits and the depth of the tree, not its size.
    ///
    /// - Parameters:
    ///   - edits: ordered by path, each path once; a removal of what is not there does nothing.
    ///   - root: the root of the other tree.
    ///   - objects: where the new nodes go.
    /// - Returns: the id of the new root.
    /// - Throws: `MartletError` MT3007 when a file and a folder would have one name, MT3006 for a malformed node, MT9002
    ///   when the edits are out of order, and what the objects' writer throws.
    public static func apply(
        _ edits: [TreeEdit],
        to root: ObjectID,
        _ objects: any ObjectWriter
    ) throws(MartletError) -> ObjectID {
        var rest = edits.makeIterator()
        return try apply(to: root, objects) { () throws(MartletError) in rest.next() }
    }

    /// Like ``apply(_:to:_:)``, with edits that are made one by one.
    static func apply(
        to root: ObjectID,
        _ objects: any ObjectWriter,
        edits: () throws(MartletError) -> TreeEdit?
    ) throws(MartletError) -> ObjectID {
        var walk = TreeWalk(root, objects)
        var builder = TreeBuilder(objects)
        var newFiles = NewFiles()
        var edit = try edits()
        if edit == nil { return root }

        func followingEdit() throws(MartletError) -> TreeEdit? {
            let next = try edits()
            if let next { try inOrder(next.path, after: edit?.path) }
            return next
        }

        while true {
            switch walk.position {
            case .subtree(let subtree):
                if let child = subtree.child, isUntouched(subtree, by: edit), builder.isBoundary(upTo: subtree.level) {
                    try builder.append(child, level: subtree.level)
                    walk.advance()
                } else {
                    try walk.enter()
                }
            case .item(let item):
                guard let change = edit, change.path <= item.path else {
                    try builder.append(item)
                    walk.advance()
                    continue
                }
                if change.path == item.path { walk.advance() } else { newFiles.note(change) }
                if let entry = change.entry { try builder.append(TreeItem(path: change.path, entry: entry)) }
                edit = try followingEdit()
            case .end:
                while let change = edit {
                    newFiles.note(change)
                    if let entry = change.entry { try builder.append(TreeItem(path: change.path, entry: entry)) }
                    edit = try followingEdit()
                }
                let result = try builder.finish()
                try newFiles.check(from: root, to: result, objects)
                return result
            }
        }
    }

    /// Whether a node stays as it is.
    ///
    /// The last of its level may have been ended by the end of the tree rather than by its
    /// keys, so it stays only if nothing follows.
    private static func isUntouched(_ subtree: TreeWalk.Subtree, by edit: TreeEdit?) -> Bool {
        guard let edit else { return true }
        return !subtree.isLast && !subtree.isBeyond(edit.path)
    }

    private static func inOrder(_ path: LakePath, after previous: LakePath?) throws(MartletError) {
        guard let previous, path <= previous else { return }
        throw MartletError(
            .internalFault,
            "a tree was given \(path) after \(previous)",
            reason: "it takes paths in order"
        )
    }

    /// The error of a file that lies where others need a folder.
    static func clashing(file: LakePath, with other: LakePath) -> MartletError {
        MartletError(
            .fileAndFolder,
            "\(file) cannot be a file and a folder at once",
            reason: "there is \(other) as well",
            remedy: "remove or rename one of them"
        )
    }
}
