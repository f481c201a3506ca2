internal import Foundation
internal import MartletCore

/// What the lake does with folders and whole small files.
enum Folder {
    /// How names of files begin that get another name when they are complete; no ref's file is named so.
    static let temporaryPrefix = "%tmp-"

    /// Makes a folder and those above it.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    static func make(_ path: String) throws(MartletError) {
        if mkdir(path, 0o755) == 0 { return }
        var number = errno
        if number == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try make(String(path[..<slash]))
            number = mkdir(path, 0o755) == 0 ? 0 : errno
        }
        var info = stat()
        if number == 0 || (number == EEXIST && stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR) { return }
        throw Failure.writing(path, number)
    }

    /// The names in a folder, in no order; nil with errno set when it cannot be read.
    static func names(in path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes new and removed names in a folder durable.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    static func sync(_ path: String) throws(MartletError) {
        guard let folder = Descriptor.folder(path) else { throw Failure.writing(path, errno) }
        let error = folder.sync()
        // File systems that cannot do it, such as some network ones, say so with EINVAL.
        if error != 0, error != EINVAL { throw Failure.writing(path, error) }
    }

    /// The bytes of a small file; nil when there is none.
    ///
    /// - Throws: ``MartletError`` MT3037.
    static func read(_ path: String) throws(MartletError) -> [UInt8]? {
        guard let file = Descriptor.reading(path) else {
            if errno == ENOENT { return nil }
            throw Failure.reading(path, errno)
        }
        var info = stat()
        guard fstat(file.number, &info) == 0 else { throw Failure.reading(path, errno) }
        var failed: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(info.st_size)) { buffer, count in
            let read = file.readFully(into: UnsafeMutableRawBufferPointer(buffer))
            if read < 0 { failed = errno }
            count = max(0, read)
        }
        if failed != 0 { throw Failure.reading(path, failed) }
        return bytes
    }

    /// Replaces a small file so that a reader, or a crash, finds the old or the new one; durable when it returns.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    static func replace(_ path: String, with bytes: [UInt8], syncing folder: String) throws(MartletError) {
        let temporary = "\(folder)/\(temporaryPrefix)\(TemporaryName.next())"
        guard let file = Descriptor.creating(temporary) else { throw Failure.writing(path, errno) }
        var error = bytes.withUnsafeBytes { file.writeAll($0) }
        if error == 0 { error = file.sync() }
        if error == 0, rename(temporary, path) != 0 { error = errno }
        if error != 0 {
            unlink(temporary)
            throw Failure.writing(path, error)
        }
        try sync(folder)
    }
}
