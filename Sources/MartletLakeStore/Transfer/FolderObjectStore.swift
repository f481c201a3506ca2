internal import Foundation
public import MartletCore
internal import MartletLake

/// An ``ObjectStore`` in a folder, a file for each object: a disk that several machines mount, or the one in a drawer.
///
/// An object is written beside its place, synced and renamed. Conditions hold among all who use this type on one machine,
/// or on several where the file system's locks reach across them.
public struct FolderObjectStore: ObjectStore {
    /// The folder.
    public let folder: String

    /// A store in a folder, which is made when something is written to it.
    public init(_ folder: String) { self.folder = folder }

    /// The folder.
    public var location: String { folder }

    /// The objects whose names start with `prefix`, ordered by name.
    ///
    /// - Throws: ``MartletError`` MT3037 when a folder cannot be read.
    public func list(prefix: String) async throws(MartletError) -> [StoredObject] {
        try await Blocking.run { () throws(MartletError) in
            let start = prefix.lastIndex(of: "/").map { String(prefix[...$0].dropLast()) } ?? ""
            var found: [StoredObject] = []
            try collect(start, prefix, &found)
            return found.sorted { $0.name < $1.name }
        }
    }

    private func collect(_ name: String, _ prefix: String, _ found: inout [StoredObject]) throws(MartletError) {
        let path = name.isEmpty ? folder : "\(folder)/\(name)"
        guard let names = Folder.names(in: path) else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw Failure.reading(path, errno)
        }
        for part in names where !part.hasPrefix(Folder.temporaryPrefix) && part != Self.lockName {
            let full = name.isEmpty ? part : "\(name)/\(part)"
            guard full.hasPrefix(prefix) || prefix.hasPrefix(full + "/") else { continue }
            var info = stat()
            guard stat("\(folder)/\(full)", &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                try collect(full, prefix, &found)
            } else if full.hasPrefix(prefix) {
                found.append(StoredObject(name: full, size: Int(info.st_size)))
            }
        }
    }

    /// The object's bytes, or those of `range` that exist; nil when there is no such object.
    ///
    /// - Throws: ``MartletError`` MT3091 when it is larger than ``Limits/objectBytesInMemory`` and no range is given, MT3037
    ///   when it cannot be read.
    public func read(
        _ name: String,
        range: Range<Int>? = nil
    ) async throws(MartletError) -> (bytes: [UInt8], tag: ObjectTag)? {
        let path = try path(of: name)
        return try await Blocking.run { () throws(MartletError) in try Self.read(path, range) }
    }

    private static func read(
        _ path: String,
        _ range: Range<Int>?
    ) throws(MartletError) -> (bytes: [UInt8], tag: ObjectTag)? {
        guard let file = Descriptor.reading(path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Failure.reading(path, errno)
        }
        var info = stat()
        guard fstat(file.number, &info) == 0 else { throw Failure.reading(path, errno) }
        guard info.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(info.st_size)
        let wanted = (range ?? 0..<size).clamped(to: 0..<size)
        guard range != nil || size <= Limits.objectBytesInMemory else {
            throw MartletError(
                .storedObjectTooLarge,
                "\(path) has \(size) bytes, more than are read at once",
                remedy: "read a range of it, or fetch it into a file"
            )
        }
        var failed: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted.count) { buffer, count in
            lseek(file.number, off_t(wanted.lowerBound), SEEK_SET)
            let read = file.readFully(
                into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<wanted.count])
            )
            if read < 0 { failed = errno }
            count = max(0, read)
        }
        if failed != 0 { throw Failure.reading(path, failed) }
        return (bytes, tag(of: bytes, isWhole: wanted.count == size, FileStamp(info)))
    }

    /// A small object's tag is its hash: times are too coarse for writes that follow on each other at once.
    private static func tag(of bytes: [UInt8], isWhole: Bool, _ stamp: FileStamp) -> ObjectTag {
        if isWhole, bytes.count <= 1 << 20 { return ObjectTag(ObjectID(hashing: bytes).hex) }
        return ObjectTag("\(stamp.inode)-\(stamp.size)-\(stamp.changed)")
    }

    /// Copies an object into a new file, whole; goes on where an earlier try to the same file ended.
    ///
    /// - Throws: ``MartletError`` MT3037, MT8004 or MT8005.
    public func fetch(
        _ name: String,
        into path: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) -> Bool {
        let source = try self.path(of: name)
        return try await Blocking.run { () throws(MartletError) in
            guard let from = Descriptor.reading(source) else {
                if errno == ENOENT || errno == ENOTDIR { return false }
                throw Failure.reading(source, errno)
            }
            let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard number >= 0 else { throw Failure.writing(path, errno) }
            let to = Descriptor(owning: number)
            let start = lseek(number, 0, SEEK_END)
            lseek(from.number, start, SEEK_SET)
            if start > 0 { progress(Int(start)) }
            try FileCopy.bytes(source, from, path, to, progress)
            let error = to.sync()
            if error != 0 { throw Failure.writing(path, error) }
            return true
        }
    }

    /// Stores bytes under `name`, if `condition` holds.
    ///
    /// - Throws: ``MartletError`` MT3090 when the condition does not hold; MT8004 or MT8005.
    @discardableResult
    public func write(
        _ bytes: [UInt8],
        to name: String,
        if condition: PutCondition
    ) async throws(MartletError) -> ObjectTag {
        let path = try path(of: name)
        return try await Blocking.run { () throws(MartletError) in
            let parent = Self.parent(of: path)
            try Folder.make(parent)
            let lock = try FileLock.take("\(folder)/\(Self.lockName)", .exclusive)
            defer { _ = lock }
            let now = condition == .always ? nil : try Self.read(path, nil)?.tag
            switch condition {
            case .always: break
            case .ifAbsent: if now != nil { throw conditionFailed(name, "there is one") }
            case .ifMatches(let tag): if now != tag { throw conditionFailed(name, "someone else changed it") }
            }
            try Folder.replace(path, with: bytes, syncing: parent)
            return try Self.read(path, 0..<bytes.count)?.tag ?? ObjectTag("")
        }
    }

    private func conditionFailed(_ name: String, _ reason: String) -> MartletError {
        MartletError(
            .objectConditionFailed,
            "\(name) in \(location) is not in the state that was expected",
            reason: reason,
            remedy: "fetch what is there now, then try again"
        )
    }

    /// Stores a file under `name`, replacing what is there.
    ///
    /// - Throws: ``MartletError`` MT3037, MT8004 or MT8005.
    public func send(
        _ path: String,
        to name: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) {
        let target = try self.path(of: name)
        try await Blocking.run { () throws(MartletError) in
            guard let from = Descriptor.reading(path) else { throw Failure.reading(path, errno) }
            let parent = Self.parent(of: target)
            try Folder.make(parent)
            let temporary = "\(parent)/\(Folder.temporaryPrefix)\(TemporaryName.next())"
            guard let to = Descriptor.creating(temporary) else { throw Failure.writing(target, errno) }
            do throws(MartletError) {
                try FileCopy.bytes(path, from, target, to, progress)
                var error = to.sync()
                if error == 0, rename(temporary, target) != 0 { error = errno }
                if error != 0 { throw Failure.writing(target, error) }
            } catch {
                unlink(temporary)
                throw error
            }
            try Folder.sync(parent)
        }
    }

    /// Removes an object; one that is not there is fine.
    ///
    /// - Throws: ``MartletError`` MT8005.
    public func remove(_ name: String) async throws(MartletError) {
        let path = try path(of: name)
        try await Blocking.run { () throws(MartletError) in
            if unlink(path) != 0, errno != ENOENT, errno != ENOTDIR { throw Failure.writing(path, errno) }
        }
    }

    private static let lockName = ".lock"

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private func path(of name: String) throws(MartletError) -> String {
        // A name from a listing of another store must not lead out of the folder.
        _ = try LakePath(validating: name.utf8)
        return "\(folder)/\(name)"
    }
}
