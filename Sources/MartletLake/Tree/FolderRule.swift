internal import MartletCore

/// The rule that a file and a folder cannot have one name, checked where a tree has new files.
enum FolderRule {
    /// Checks the new files of the second tree of a difference.
    ///
    /// - Throws: `MartletError` MT3007.
    static func check(_ difference: TreeDiff) throws(MartletError) {
        var changes = difference
        try check(in: TreeWalk(difference.to, difference.objects)) { () throws(MartletError) in
            while let change = try changes.next() {
                if change.kind == .added { return change.path }
            }
            return nil
        }
    }

    /// Checks files, given in order, against all others of a tree.
    ///
    /// - Throws: `MartletError` MT3007.
    static func check(
        in tree: TreeWalk,
        _ newFiles: () throws(MartletError) -> LakePath?
    ) throws(MartletError) {
        // One walk forward does: what is looked for, folders of a new file before the file, is in the order of paths.
        var walk = tree
        var checked: [UInt8] = []
        while let file = try newFiles() {
            let path = file.bytes
            // Folders that hold the new file before as well were looked for then.
            let shared = zip(path, checked).prefix { $0 == $1 }.count
            for slash in path.indices.dropFirst(shared) where path[slash] == 0x2f {
                let folder = LakePath(trusted: Array(path[..<slash]))
                try walk.seek(folder)
                if case .item(let item) = walk.position, item.path == folder {
                    throw TreeWriter.clashing(file: folder, with: file)
                }
            }
            checked = path
            if let below = try first(below: file, in: &walk) {
                throw TreeWriter.clashing(file: file, with: below)
            }
        }
    }

    private static func first(below file: LakePath, in walk: inout TreeWalk) throws(MartletError) -> LakePath? {
        try walk.seek(LakePath(trusted: file.bytes + [0]))
        // What starts with the file's path stands right behind it, so mostly this tells already.
        guard case .item(let next) = walk.position, next.path.bytes.starts(with: file.bytes) else { return nil }
        if next.path.isWithin(file.bytes) { return next.path }
        return try TreeReader(root: walk.root, objects: walk.objects).cursor(within: file.bytes).firstBelow()
    }
}
