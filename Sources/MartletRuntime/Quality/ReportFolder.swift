import Glibc
import MartletCore

/// A folder that a report is built from.
package struct ReportFolder: Hashable, Sendable {
    /// Absolute.
    package var path: String
    /// What its files are called before their path in it.
    package var name: String

    /// The folder at `path`, called `name` in reports.
    package init(path: String, name: String) {
        self.path = path
        self.name = name
    }

    /// A file in a folder, as it was found.
    struct File: Sendable {
        var path: String
        var key: String
        var size: Int
        /// In nanoseconds since 1970.
        var modified: Int64
    }

    /// The JSON files below the folder, in no order; none when there is no such folder.
    ///
    /// Names that begin with a point are passed over, and so is the folder `excluded`, and links to folders, which could
    /// lead in circles.
    func files(excluding excluded: String, limit: Int) -> [File] {
        var walk = Walk(excluded: excluded, limit: limit)
        walk.look(in: path, key: name, depth: 0)
        return walk.files
    }

    private struct Walk {
        let excluded: String
        let limit: Int
        var files: [File] = []

        mutating func look(in folder: String, key: String, depth: Int) {
            guard depth <= Limits.reportFolderDepth, folder != excluded, let stream = opendir(folder) else { return }
            defer { closedir(stream) }
            let descriptor = dirfd(stream)
            var folders: [String] = []
            while files.count < limit, let entry = readdir(stream) {
                let kind = Int32(entry.pointee.d_type)
                let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
                    start.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
                }
                if name.utf8.first == UInt8(ascii: ".") { continue }
                if kind == Int32(DT_DIR) {
                    folders.append(name)
                } else if name.hasSuffix(".json") || name.hasSuffix(".jsonl") {
                    add(name, in: folder, key, descriptor)
                } else if kind == Int32(DT_UNKNOWN) {
                    // Some file systems do not tell what an entry is.
                    var info = stat()
                    let isFolder =
                        fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0
                        && info.st_mode & S_IFMT == S_IFDIR
                    if isFolder { folders.append(name) }
                }
            }
            for name in folders where files.count < limit {
                look(in: "\(folder)/\(name)", key: "\(key)/\(name)", depth: depth + 1)
            }
        }

        private mutating func add(_ name: String, in folder: String, _ key: String, _ descriptor: Int32) {
            var info = stat()
            guard fstatat(descriptor, name, &info, 0) == 0, info.st_mode & S_IFMT == S_IFREG else { return }
            files.append(
                File(
                    path: "\(folder)/\(name)",
                    key: "\(key)/\(name)",
                    size: Int(info.st_size),
                    modified: Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
                )
            )
        }
    }
}

extension ReportFolder.File {
    /// Its content, or why it cannot be read, as the end of a sentence that begins with the file.
    func read() -> Result<[UInt8], ReadFailure> {
        if size > Limits.reportFileBytes { return .failure(ReadFailure(reason: "is larger than 64 MB")) }
        guard let descriptor = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC)) else {
            return .failure(ReadFailure(reason: "cannot be read: \(systemMessage(errno))"))
        }
        var error: Int32 = 0
        // One byte more, to see that the file has not grown.
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                guard let got = descriptor.read(into: rest) else {
                    error = errno
                    return
                }
                if got == 0 { return }
                count += got
            }
        }
        if error != 0 { return .failure(ReadFailure(reason: "cannot be read: \(systemMessage(error))")) }
        return .success(bytes)
    }

    struct ReadFailure: Error {
        var reason: String
    }
}
