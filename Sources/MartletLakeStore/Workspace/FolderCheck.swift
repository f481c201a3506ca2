internal import Glibc

/// Looks whether files can be written where they are to be: folders above them must be folders, and no folder may have
/// their name.
struct FolderCheck {
    /// Whether all that was found may be given up.
    private(set) var isPassable = true

    private var sound: [UInt8]?
    /// Files and links that stand where a folder is to be.
    private var files: Set<[UInt8]> = []
    /// Folders that stand where a file is to be.
    private var folders: [[UInt8]] = []

    /// Looks at the path of a file that is to be written.
    mutating func look(at path: [UInt8], _ root: FolderRoot) {
        if let info = RawPath.status(root.absolute(path)), info.st_mode & S_IFMT == S_IFDIR { folders.append(path) }
        let parent = RawPath.split(path).folder
        if parent == sound { return }
        for end in parent.indices.filter({ parent[$0] == 0x2f }) + [parent.count] where end > 0 {
            let folder = Array(parent[..<end])
            guard let info = RawPath.status(root.absolute(folder)) else { break }
            if info.st_mode & S_IFMT != S_IFDIR {
                files.insert(folder)
                return
            }
        }
        sound = parent
    }

    /// What is in the way when the files `removals` are gone.
    mutating func obstacles(_ root: FolderRoot, removing removals: Set<[UInt8]>) -> [[UInt8]] {
        var found = files.subtracting(removals).sorted { $0.lexicographicallyPrecedes($1) }
        for folder in folders {
            let walk = FolderWalk(root, scopes: [WalkScope(path: folder, kind: .folder)])
            var isInTheWay = false
            while let next = try? walk.next() {
                if case .refused = next {
                    isInTheWay = true
                } else if !removals.contains(walk.path) {
                    isInTheWay = true
                }
            }
            if isInTheWay { found.append(folder) }
        }
        isPassable = found.isEmpty
        return found
    }
}
