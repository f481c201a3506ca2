internal import Foundation
public import MartletCore
public import MartletLake

extension Lake {
    /// How names of files begin that are written beside the file that they replace; what a killed process leaves of them
    /// may be removed.
    public static let temporaryFilePrefix = ".martlet-new-"

    /// Writes a file of the lake, checked against its ids, to a path; not synced to the disk.
    ///
    /// The folder of `path` exists. A file that is there is in the way, unless it is to be replaced: then in one step.
    ///
    /// - Returns: what the file system says of the new file.
    /// - Throws: ``MartletError`` MT3030 or MT3031 when an object is missing or damaged, MT3038 when something is in the
    ///   way, MT8004 or MT8005 when it cannot be written.
    @discardableResult
    public func write(_ entry: FileEntry, to path: String, replacing: Bool = false) throws(MartletError) -> FileStamp {
        let (folder, name) =
            path.lastIndex(of: "/").map { (String(path[...$0]), path[path.index(after: $0)...]) } ?? (".", path[...])
        guard let root = Descriptor.folder(folder) else { throw Failure.writing(path, errno) }
        let placement = FilePlacement(path: try LakePath(validating: name.utf8), entry: entry)
        return try FilePlacer(self, root: root.number, rootName: folder, replacing: replacing).place(placement, nil)
    }

    /// Writes many files of the lake below a folder, on all processors.
    ///
    /// The folder exists; folders in it that are missing are made, and links are not followed. Files that are there are in
    /// the way, unless they are to be replaced: then in one step each. Not synced to the disk. `progress` is told, from any
    /// thread, that so many files more, with so many bytes, are done.
    ///
    /// - Returns: what the file system says of the new files, in the order of `files`.
    /// - Throws: ``MartletError`` MT3030 or MT3031 when an object is missing or damaged, MT3038 when something is in the
    ///   way, MT8004 or MT8005 when one cannot be written; files written before stay.
    public func write(
        _ files: [FilePlacement],
        into folder: String,
        replacing: Bool = false,
        progress: (@Sendable (_ files: Int, _ bytes: Int) -> Void)? = nil
    ) throws(MartletError) -> [FileStamp] {
        guard let root = Descriptor.folder(folder) else { throw Failure.writing(folder, errno) }
        let descriptor = root.number
        let results = Slots<FileStamp>(count: files.count)
        let order = try storedOrder(files)
        // Pieces are long, so that threads are seldom in one folder, whose lock they would share.
        let piece = max(16, min(2_048, files.count / (ThreadPool.processors * 8)))
        try Parallel.forPieces(of: files.count, piece: piece) { () throws(MartletError) -> FilePlacer in
            FilePlacer(self, root: descriptor, rootName: folder, replacing: replacing)
        } _: { range, placer throws(MartletError) in
            var bytes = 0
            for number in range {
                let (index, place) = order[number]
                results.set(try placer.place(files[index], place), at: index)
                bytes += files[index].entry.size
            }
            progress?(range.count, bytes)
        }
        return try results.all()
    }

    /// The files in the order in which their objects are stored, with their places; those in chunks at the end.
    private func storedOrder(
        _ files: [FilePlacement]
    ) throws(MartletError) -> [(index: Int, place: PackSet.Location?)] {
        let packs = objects.current
        var order: [(index: Int, place: PackSet.Location?)] = []
        order.reserveCapacity(files.count)
        var keys: [(pack: UInt64, offset: UInt32, number: Int)] = []
        keys.reserveCapacity(files.count)
        for (index, file) in files.enumerated() {
            let place = file.entry.storage == .whole ? packs.find(file.entry.content) : nil
            order.append((index, place))
            let offset = place.map { $0.pack.index.record(at: $0.position).offset }
            keys.append((place?.pack.name.prefix ?? .max, offset ?? .max, index))
        }
        keys.sort { ($0.pack, $0.offset, $0.number) < ($1.pack, $1.offset, $1.number) }
        return keys.map { order[$0.number] }
    }
}
