internal import Foundation

/// The file system of this machine.
package struct SystemLogFiles: LogFiles {
    /// The file system.
    package init() {}

    package func open(_ path: String) throws(LogError) -> any LogFile {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .storage(StorageFault.system("opened", path, errno)) }
        return SystemLogFile(path: path, descriptor: descriptor)
    }

    package func list(_ folder: String) throws(LogError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw .storage(StorageFault.system("listed", folder, errno))
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .storage(StorageFault.system("listed", folder, errno)) }
        return names
    }

    package func createFolder(_ path: String) throws(LogError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw .storage(StorageFault.system("created", path, errno))
            }
        }
    }

    package func rename(_ path: String, to target: String) throws(LogError) {
        guard Glibc.rename(path, target) == 0 else { throw .storage(StorageFault.system("renamed", path, errno)) }
    }

    package func remove(_ path: String) throws(LogError) {
        guard Glibc.remove(path) == 0 || errno == ENOENT else {
            throw .storage(StorageFault.system("removed", path, errno))
        }
    }

    package func syncFolder(_ path: String) throws(LogError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .storage(StorageFault.system("opened", path, errno)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .storage(StorageFault.system("synced", path, errno)) }
    }
}

/// A file of this machine.
private final class SystemLogFile: LogFile {
    let path: String
    let descriptor: Int32

    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func size() throws(LogError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("read") }
        return Int(status.st_size)
    }

    func modified() throws(LogError) -> Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("read") }
        return Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(LogError) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.slice(done, bytes.count)
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(position + done))
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw fault("written")
            }
        }
    }

    func write(
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        at position: Int
    ) throws(LogError) {
        var pieces = (
            iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
        )
        let count = withUnsafeBytes(of: &pieces) {
            pwritev(descriptor, $0.baseAddress?.assumingMemoryBound(to: iovec.self), 2, off_t(position))
        }
        guard count >= 0 || errno == EINTR else { throw fault("written") }
        // Seldom is less written than was asked for: at the end of the disk, or when a signal comes.
        let done = max(0, count)
        if done < first.count { try write(first.slice(done, first.count), at: position + done) }
        let next = max(0, done - first.count)
        if next < second.count { try write(second.slice(next, second.count), at: position + first.count + next) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(LogError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(position + done))
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw fault("read")
            }
        }
        return done
    }

    func truncate(to size: Int) throws(LogError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw fault("cut") }
    }

    func sync() throws(LogError) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw fault("synced") }
        }
    }

    func lock() throws(LogError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw fault("locked") }
        }
        return true
    }

    private func fault(_ what: String) -> LogError { .storage(StorageFault.system(what, path, errno)) }
}
