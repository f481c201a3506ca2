internal import MartletCore
internal import MartletLake

/// Decides which paths become outs of their own when nobody has said so.
struct DVCOutGrouping {
    /// A path that becomes an out.
    struct Group {
        var path: [UInt8]
        var isDirectory: Bool
        var files: [(path: LakePath, entry: FileEntry)]
    }

    private(set) var groups: [Group] = []

    /// Groups files, which are ordered by path; no group holds a `taken` path.
    init(_ files: [(path: LakePath, entry: FileEntry)], taken: [[UInt8]]) {
        // What each file asks for: its dataset's folder, or the file itself.
        var roots: Set<[UInt8]> = []
        for file in files {
            guard let dataset = file.entry.dataset.map({ Array($0.rawValue.utf8) }) else { continue }
            let isFolder = file.path.isWithin(dataset) && file.path.bytes != dataset
            roots.insert(isFolder ? dataset : file.path.bytes)
        }
        // Folders above something that is an out of its own cannot be one.
        var blocked: Set<[UInt8]> = []
        for path in roots.union(taken) { for folder in Self.folders(above: path) { blocked.insert(folder) } }
        var index: [[UInt8]: Int] = [:]
        for file in files {
            let folders = Self.folders(above: file.path.bytes)
            // A dataset within another one's folder goes along with that.
            let root = folders.first { roots.contains($0) } ?? (roots.contains(file.path.bytes) ? file.path.bytes : nil)
            let path = root ?? folders.first { !blocked.contains($0) } ?? file.path.bytes
            if let place = index[path] {
                groups[place].files.append(file)
            } else {
                index[path] = groups.count
                groups.append(Group(path: path, isDirectory: path != file.path.bytes, files: [file]))
            }
        }
    }

    /// The folders above a path, the topmost first.
    private static func folders(above path: [UInt8]) -> [[UInt8]] {
        path.indices.filter { path[$0] == 0x2f }.map { Array(path[..<$0]) }
    }
}
