internal import MartletCore

/// The files that edits add to a tree, remembered as long as they are few, to be checked when the tree is written.
struct NewFiles {
    private var paths: [LakePath] = []
    private var areTooMany = false

    /// Takes in an edit at a path where there was no file.
    mutating func note(_ edit: TreeEdit) {
        guard edit.entry != nil, !areTooMany else { return }
        paths.append(edit.path)
        if paths.count > Limits.rememberedPaths {
            areTooMany = true
            paths = []
        }
    }

    /// Checks that no file has the name of a folder.
    ///
    /// - Throws: `MartletError` MT3007.
    func check(from old: ObjectID, to new: ObjectID, _ objects: any ObjectReader) throws(MartletError) {
        if areTooMany { return try FolderRule.check(TreeDiff(from: old, to: new, objects: objects)) }
        var rest = paths.makeIterator()
        try FolderRule.check(in: TreeWalk(new, objects)) { rest.next() }
    }
}
