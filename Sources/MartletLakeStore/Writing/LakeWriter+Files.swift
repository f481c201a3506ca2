internal import Foundation
public import MartletCore
public import MartletLake
internal import Synchronization

extension LakeWriter {
    /// Adds a file: in one object up to ``Limits/wholeFileBytes``, above it in chunks.
    ///
    /// Links are not followed. MD5, SHA-256 and chunks come from one read. A file that changes meanwhile is read again.
    ///
    /// - Throws: ``MartletError`` MT3037 when it cannot be read or is no file, MT3033 when it keeps changing; MT8004 or
    ///   MT8005 when the lake cannot be written.
    public func add(fileAt path: String) throws(MartletError) -> AddedFile {
        var info = stat()
        let isHuge = stat(path, &info) == 0 && Int(info.st_size) >= Limits.readAheadBytes
        let threads = isHuge ? ThreadPool() : nil
        defer { threads?.close() }
        let reader = FileReader(self, threads: threads)
        var path = Array(path.utf8CString)
        return try reader.add(&path, in: AT_FDCWD)
    }

    /// Adds many files below a folder on all processors, as ``add(fileAt:)`` does.
    ///
    /// Links on the way are not followed either. `progress` is told, from any thread, that so many files more, with so many
    /// bytes, are done.
    ///
    /// - Returns: what was added, in the order of `files`.
    /// - Throws: the first error; what was added before it stays for the grace period.
    public func add(
        filesAt files: [LakePath],
        in folder: String,
        progress: (@Sendable (_ files: Int, _ bytes: Int) -> Void)? = nil
    ) throws(MartletError) -> [AddedFile] {
        guard let root = Descriptor.folder(folder) else { throw Failure.reading(folder, errno) }
        let results = Slots<AddedFile>(count: files.count)
        let huge = Mutex<[Int]>([])
        let descriptor = root.number
        try Parallel.forPieces(of: files.count, piece: 64) { () throws(MartletError) -> FilePiece in
            FilePiece(FileReader(self, threads: nil))
        } _: { range, piece throws(MartletError) in
            var bytes = 0
            var count = 0
            for index in range {
                guard let added = try piece.add(files[index], in: descriptor, below: Limits.readAheadBytes) else {
                    huge.withLock { $0.append(index) }
                    continue
                }
                results.set(added, at: index)
                bytes += added.entry.size
                count += 1
            }
            progress?(count, bytes)
        }
        let rest = huge.withLock { $0.sorted() }
        if !rest.isEmpty {
            let threads = ThreadPool()
            defer { threads.close() }
            let piece = FilePiece(FileReader(self, threads: threads))
            for index in rest {
                guard let added = try piece.add(files[index], in: descriptor, below: .max) else { continue }
                results.set(added, at: index)
                progress?(1, added.entry.size)
            }
        }
        return try results.all()
    }
}

/// What a thread has that adds many files.
private final class FilePiece {
    private let reader: FileReader
    private let path = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 4_097)

    init(_ reader: FileReader) { self.reader = reader }

    deinit { path.deallocate() }

    /// Adds a file; nil when it is not below `size` bytes.
    func add(_ file: LakePath, in folder: Int32, below size: Int) throws(MartletError) -> AddedFile? {
        guard file.bytes.count < path.count else { throw Failure.reading(file.display, ENAMETOOLONG) }
        UnsafeMutableRawBufferPointer(path).copyBytes(from: file.bytes)
        path[file.bytes.count] = 0
        guard let start = UnsafePointer(path.baseAddress) else { return nil }
        return try reader.add(start, in: folder, below: size)
    }
}
