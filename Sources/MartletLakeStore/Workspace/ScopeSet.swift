/// Files and folders that a command is about.
struct ScopeSet: Sendable {
    /// Their paths; the empty one is the whole project.
    let paths: Set<[UInt8]>
    /// The folder that was asked for last: keys come in order, so most ask for the same one.
    private var folder: [UInt8]?
    private var isFolderWithin = false

    init(_ paths: some Sequence<[UInt8]>) { self.paths = Set(paths) }

    /// Whether `key` is one of the paths or below one.
    mutating func contains(_ key: [UInt8]) -> Bool {
        let slash = key.lastIndex(of: 0x2f) ?? 0
        if let folder, folder.count == slash, key.starts(with: folder) {
            if isFolderWithin { return true }
        } else {
            let parent = Array(key[..<slash])
            folder = parent
            isFolderWithin = paths.contains(parent) || hasScope(above: parent)
            if isFolderWithin { return true }
        }
        return paths.contains(key)
    }

    /// Whether a path of the set is a folder above `path`.
    func hasScope(above path: [UInt8]) -> Bool {
        if path.isEmpty { return false }
        if paths.contains([]) { return true }
        return path.indices.contains { path[$0] == 0x2f && paths.contains(Array(path[..<$0])) }
    }
}
