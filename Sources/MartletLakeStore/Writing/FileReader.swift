internal import CLinux
internal import Crypto
internal import Foundation
internal import MartletCore
internal import MartletLake

/// Reads files for one thread into memory that is used again, and adds them.
final class FileReader {
    private let writer: LakeWriter
    private let threads: ThreadPool?
    private let compressor = Compressor()
    // One byte more than a whole file has, so that one read tells whether it is larger.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Limits.wholeFileBytes + 1,
        alignment: 64
    )

    /// A reader that adds to `writer`.
    ///
    /// `threads`: what the hashes of a large file are spread over; nil to use this thread alone.
    init(_ writer: LakeWriter, threads: ThreadPool?) {
        self.writer = writer
        self.threads = threads
    }

    deinit { buffer.deallocate() }

    /// Adds one file; its path ends in a NUL, and a relative one is relative to `folder`.
    ///
    /// - Throws: ``MartletError`` MT3037 when it cannot be read or is no file, MT3033 when it keeps changing; MT8004 or
    ///   MT8005 when the lake cannot be written.
    func add(_ path: UnsafePointer<CChar>, in folder: Int32) throws(MartletError) -> AddedFile {
        if let added = try add(path, in: folder, below: .max) { return added }
        throw Failure.reading(Self.text(path), EFBIG)
    }

    /// Adds one file unless it has `limit` bytes or more; then the answer is nil.
    ///
    /// - Throws: as ``add(_:in:)`` does.
    func add(
        _ path: UnsafePointer<CChar>,
        in folder: Int32,
        below limit: Int
    ) throws(MartletError) -> AddedFile? {
        for _ in 0...Limits.changedFileRetries {
            // A named pipe in its place must not be waited for.
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            let number =
                folder == AT_FDCWD
                ? openat(folder, path, flags | O_CLOEXEC) : clinux_open_beneath(folder, path, flags, 0)
            guard number >= 0 else { throw Failure.reading(Self.text(path), errno) }
            let file = Descriptor(owning: number)
            switch try add(file, path, below: limit) {
            case .added(let added): return added
            case .tooLarge: return nil
            case .changed: continue
            }
        }
        throw MartletError(
            .fileChangedWhileRead,
            "\(Self.text(path)) changes while it is read",
            reason: "it was read \(Limits.changedFileRetries + 1) times, and each time written to meanwhile",
            remedy: "let its writer finish, then add it again"
        )
    }

    private static func text(_ path: UnsafePointer<CChar>) -> String {
        DisplayBytes.text(of: Array(UnsafeRawBufferPointer(start: path, count: strlen(path))))
    }

    private enum Outcome {
        case added(AddedFile)
        case tooLarge
        case changed
    }

    private func add(
        _ file: borrowing Descriptor,
        _ path: UnsafePointer<CChar>,
        below limit: Int
    ) throws(MartletError) -> Outcome {
        var before = stat()
        guard fstat(file.number, &before) == 0 else { throw Failure.reading(Self.text(path), errno) }
        guard before.st_mode & S_IFMT == S_IFREG else {
            throw MartletError(
                .sourceUnreadable,
                "\(Self.text(path)) is not a file",
                reason: "only files can be added, not links, devices or pipes",
                remedy: "leave it out, or put a file in its place"
            )
        }
        let stamp = FileStamp(before)
        guard stamp.size < limit else { return .tooLarge }
        var entry: FileEntry
        if stamp.size <= Limits.wholeFileBytes {
            let count = file.readFully(into: buffer)
            guard count >= 0 else { throw Failure.reading(Self.text(path), errno) }
            guard count == stamp.size else { return .changed }
            entry = try addWhole(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        } else {
            let isHuge = stamp.size >= Limits.readAheadBytes
            let large = try LargeFile(writer, file: file.number, threads: isHuge ? threads : nil)
            guard let read = try large.add(size: stamp.size, named: { Self.text(path) }) else { return .changed }
            entry = read
        }
        var after = stat()
        guard fstat(file.number, &after) == 0 else { throw Failure.reading(Self.text(path), errno) }
        guard FileStamp(after) == stamp else { return .changed }
        entry.isExecutable = stamp.isExecutable
        return .added(AddedFile(entry: entry, stamp: stamp))
    }

    private func addWhole(_ bytes: UnsafeRawBufferPointer) throws(MartletError) -> FileEntry {
        let id = ObjectID(hashing: bytes)
        let md5 = MD5Digest(hashing: bytes)
        if !writer.has(id) { try writer.add(id, bytes, as: .data, compressor) }
        return FileEntry(content: id, md5: md5, size: bytes.count)
    }
}

extension MD5Digest {
    /// The digest of these bytes.
    init(hashing bytes: UnsafeRawBufferPointer) {
        var hash = Insecure.MD5()
        hash.update(bufferPointer: bytes)
        self.init(hash.finalize())
    }

    init(_ digest: Insecure.MD5.Digest) {
        // An MD5 always has 16 bytes, so the second way is never taken.
        self = digest.withUnsafeBytes { MD5Digest(bytes: $0) } ?? .zero
    }
}
