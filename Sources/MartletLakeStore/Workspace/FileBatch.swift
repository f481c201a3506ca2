internal import MartletCore
internal import MartletLake

/// Writes files in batches on all cores, and their records in order.
final class FileBatch {
    private let tree: WorkingTree
    private let index: WorkIndexWriter?
    private let link: LinkMode
    private var waiting: [(path: LakePath, entry: FileEntry, stamp: WorkStamp?, isFile: Bool)] = []
    private var files = 0
    private var bytes = 0

    init(_ tree: WorkingTree, _ index: WorkIndexWriter?, link: LinkMode) {
        self.tree = tree
        self.index = index
        self.link = link
    }

    /// Writes a file and its record.
    func write(_ entry: FileEntry, _ path: [UInt8]) throws(MartletError) {
        waiting.append((LakePath(trusted: path), entry, nil, true))
        files += 1
        bytes += entry.size
        if files >= Limits.filesPerBatch || bytes >= Limits.bytesPerBatch { try flush() }
    }

    /// Writes a record alone.
    func pass(_ entry: FileEntry, _ path: [UInt8], _ stamp: WorkStamp?) throws(MartletError) {
        if waiting.isEmpty { return try append(LakePath(trusted: path), entry, stamp) }
        waiting.append((LakePath(trusted: path), entry, stamp, false))
        if waiting.count >= Limits.recordsPerBatch { try flush() }
    }

    /// Writes what waits.
    func flush() throws(MartletError) {
        if waiting.isEmpty { return }
        let wanted = waiting.filter(\.isFile).map { FilePlacement(path: $0.path, entry: $0.entry) }
        var stamps = try (link == .copy ? tree.write(wanted) : tree.link(wanted, link))[...]
        let start = try tree.fileSystemTime()
        for file in waiting {
            let stamp = file.isFile ? stamps.popFirst()?.settled(before: start) : file.stamp
            try append(file.path, file.entry, stamp)
        }
        waiting.removeAll(keepingCapacity: true)
        (files, bytes) = (0, 0)
    }

    private func append(_ path: LakePath, _ entry: FileEntry, _ stamp: WorkStamp?) throws(MartletError) {
        try index?.append(
            path.bytes,
            content: entry.content,
            size: Int64(entry.size),
            isExecutable: entry.isExecutable,
            stamp: stamp
        )
    }
}
