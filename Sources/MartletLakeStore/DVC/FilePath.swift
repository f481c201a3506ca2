internal import Foundation
internal import MartletCore
internal import MartletLake

/// What is asked of paths whose names are bytes.
enum FilePath {
    /// A name in a folder.
    struct Entry {
        var name: [UInt8]
        var isFolder: Bool
    }

    static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// The size of a file; nil when there is none, or something else than a file.
    static func size(_ path: [UInt8], below folder: String) -> Int? {
        var info = stat()
        let found = withPath(path, below: folder) { stat($0, &info) }
        return found == 0 && info.st_mode & S_IFMT == S_IFREG ? Int(info.st_size) : nil
    }

    /// Calls `body` with a folder and a path below it as C has them.
    static func withPath<T>(_ path: [UInt8], below folder: String, _ body: (UnsafePointer<CChar>) -> T) -> T {
        let bytes = Array(folder.utf8) + [0x2f] + path + [0]
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                // Never empty: the path ends in a zero.
                text.baseAddress.map(body) ?? body("")
            }
        }
    }

    /// The names in a folder; links to folders are files.
    ///
    /// - Throws: ``MartletError`` MT3037.
    static func entries(of path: String) throws(MartletError) -> [Entry] { try entries(of: [], below: path) }

    static func entries(of path: [UInt8], below root: String) throws(MartletError) -> [Entry] {
        guard let folder = withPath(path, below: root, { opendir($0) }) else { throw Failure.reading(root, errno) }
        defer { closedir(folder) }
        var entries: [Entry] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                    Array(
                        UnsafeBufferPointer(
                            start: bytes,
                            count: strlen(UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self))
                        )
                    )
                }
            }
            if name == [0x2e] || name == [0x2e, 0x2e] { continue }
            var isFolder = entry.pointee.d_type == 4
            if entry.pointee.d_type == 0 {
                var info = stat()
                isFolder =
                    withPath(path + [0x2f] + name, below: root) { lstat($0, &info) } == 0
                    && info.st_mode & S_IFMT == S_IFDIR
            }
            entries.append(Entry(name: name, isFolder: isFolder))
        }
        return entries
    }

    /// The files at any depth below a folder, as paths below it.
    ///
    /// - Throws: ``MartletError`` MT3037.
    static func files(below root: String) throws(MartletError) -> [LakePath] {
        var files: [LakePath] = []
        var folders: [[UInt8]] = [[]]
        while let folder = folders.popLast() {
            for entry in try entries(of: folder, below: root) {
                let path = folder.isEmpty ? entry.name : folder + [0x2f] + entry.name
                if entry.isFolder { folders.append(path) } else { files.append(LakePath(trusted: path)) }
            }
        }
        return files.sorted()
    }

    /// A path below a root, with `.` and `..` taken out; nil when it leads out of the root.
    static func normalized(_ parts: [String]) -> String? {
        var names: [Substring] = []
        for name in parts.flatMap({ $0.split(separator: "/") }) where name != "." {
            if name == ".." {
                guard names.popLast() != nil else { return nil }
            } else {
                names.append(name)
            }
        }
        return parts.dropFirst().contains { $0.hasPrefix("/") } ? nil : names.joined(separator: "/")
    }
}
