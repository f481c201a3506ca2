internal import CLinux
internal import Foundation
internal import MartletCore
internal import MartletLake

/// Writes files of the lake below a folder, for one thread.
final class FilePlacer {
    private let lake: Lake
    private let root: Int32
    private let rootName: String
    private let replacing: Bool
    private let scratch = ObjectScratch()
    // The folder that the last file went to: the next one mostly goes there as well.
    private var parent: [UInt8]?
    private var parentDescriptor: Int32 = -1
    private var name: [CChar] = []

    init(_ lake: Lake, root: Int32, rootName: String, replacing: Bool) {
        self.lake = lake
        self.root = root
        self.rootName = rootName
        self.replacing = replacing
    }

    deinit { leaveParent() }

    /// Writes one file; `place` says where its only object is, when that is known.
    func place(_ file: FilePlacement, _ place: PackSet.Location?) throws(MartletError) -> FileStamp {
        let path = file.path.bytes
        let slash = path.lastIndex(of: 0x2f)
        try enter(Array(path[..<(slash ?? 0)]), for: file.path)
        name.removeAll(keepingCapacity: true)
        for byte in path[(slash.map { $0 + 1 } ?? 0)...] { name.append(CChar(bitPattern: byte)) }
        name.append(0)
        let mode: mode_t = file.entry.isExecutable ? 0o755 : 0o644
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = openat(parentDescriptor, name, flags, mode)
        if number >= 0 {
            do throws(MartletError) {
                return try fill(Descriptor(owning: number), file, place)
            } catch {
                unlinkat(parentDescriptor, name, 0)
                throw error
            }
        }
        guard errno == EEXIST else { throw failure(file.path, errno) }
        guard replacing else { throw inTheWay(file.path, EEXIST) }
        let temporary = "\(Lake.temporaryFilePrefix)\(TemporaryName.next())"
        let other = openat(parentDescriptor, temporary, flags, mode)
        guard other >= 0 else { throw failure(file.path, errno) }
        do throws(MartletError) {
            var stamp = try fill(Descriptor(owning: other), file, place)
            guard renameat(parentDescriptor, temporary, parentDescriptor, name) == 0 else {
                throw inTheWay(file.path, errno)
            }
            // The new name changed the time of the last change of anything.
            var info = stat()
            if fstatat(parentDescriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 { stamp = FileStamp(info) }
            return stamp
        } catch {
            unlinkat(parentDescriptor, temporary, 0)
            throw error
        }
    }

    private func fill(
        _ target: consuming Descriptor,
        _ file: FilePlacement,
        _ place: PackSet.Location?
    ) throws(MartletError) -> FileStamp {
        var written = 0
        let descriptor = target.number
        func write(_ bytes: UnsafeRawBufferPointer) throws(MartletError) {
            let error = Descriptor.writeAll(descriptor, bytes)
            if error != 0 { throw failure(file.path, error) }
            written += bytes.count
        }
        switch file.entry.storage {
        case .whole: try copy(file.entry.content, place, write)
        case .chunked(let list):
            var cursor = try ChunkCursor(list: list, size: file.entry.size, objects: lake.objects)
            while let chunk = try cursor.next() { try copy(chunk.id, nil, write) }
        }
        guard written == file.entry.size else {
            throw MartletError(
                .objectDamaged,
                "\(file.path) has \(written) bytes in the lake, not \(file.entry.size)",
                remedy: "see with `martlet lake verify` what is damaged"
            )
        }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw failure(file.path, errno) }
        return FileStamp(info)
    }

    /// Hands on an object's bytes, checked against its id.
    private func copy(
        _ id: ObjectID,
        _ place: PackSet.Location?,
        _ write: (UnsafeRawBufferPointer) throws(MartletError) -> Void
    ) throws(MartletError) {
        let found: PackSet.Location
        if let place { found = place } else { found = try lake.objects.location(of: id) }
        if try found.pack.withObject(at: found.position, scratch, write) { return }
        // There may be another copy, and if not, this says so.
        let bytes = try lake.objects.object(id)
        var failure: MartletError?
        bytes.withUnsafeBytes { bytes in
            do throws(MartletError) { try write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private func enter(_ folder: [UInt8], for path: LakePath) throws(MartletError) {
        if parent == folder { return }
        leaveParent()
        let flags = O_RDONLY | O_DIRECTORY
        if folder.isEmpty {
            parentDescriptor = openat(root, ".", flags | O_CLOEXEC)
        } else {
            let text = folder.map { CChar(bitPattern: $0) } + [0]
            parentDescriptor = clinux_open_beneath(root, text, flags, 0)
            if parentDescriptor < 0, errno == ENOENT {
                try make(folder, for: path)
                parentDescriptor = clinux_open_beneath(root, text, flags, 0)
            }
        }
        guard parentDescriptor >= 0 else { throw inTheWay(path, errno) }
        parent = folder
    }

    /// Makes a folder and those above it, none of them through a link.
    private func make(_ folder: [UInt8], for path: LakePath) throws(MartletError) {
        var above = Descriptor(owning: openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        for part in folder.split(separator: 0x2f) {
            let text = part.map { CChar(bitPattern: $0) } + [0]
            if mkdirat(above.number, text, 0o755) != 0, errno != EEXIST { throw failure(path, errno) }
            let next = openat(above.number, text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw inTheWay(path, errno) }
            above = Descriptor(owning: next)
        }
    }

    private func leaveParent() {
        if parentDescriptor >= 0 { close(parentDescriptor) }
        parentDescriptor = -1
        parent = nil
    }

    private func failure(_ path: LakePath, _ number: Int32) -> MartletError {
        Failure.writing("\(rootName)/\(path)", number)
    }

    private func inTheWay(_ path: LakePath, _ number: Int32) -> MartletError {
        switch number {
        case EEXIST, EISDIR, ENOTDIR, ELOOP, EXDEV, ENOTEMPTY:
            MartletError(
                .fileInTheWay,
                "something is in the way of \(rootName)/\(path)",
                reason: number == ELOOP || number == EXDEV
                    ? "a folder on the way is a link" : String(cString: strerror(number)),
                remedy: "move it away, or ask for it to be replaced"
            )
        default: failure(path, number)
        }
    }
}
