internal import Foundation
package import MartletCore
internal import Synchronization

/// A journal in a file of the disk.
package final class DiskJournalFile: JournalFile {
    private let path: String
    private let descriptor = Mutex<Int32>(-1)

    /// The file at a path; it is made with the first write, in a folder that must exist.
    package init(path: String) { self.path = path }

    deinit {
        let number = descriptor.withLock { $0 }
        if number >= 0 { close(number) }
    }

    package func read() throws(MartletError) -> [UInt8] {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            if errno == ENOENT { return [] }
            throw failure(errno, "read")
        }
        defer { close(number) }
        var info = stat()
        guard fstat(number, &info) == 0 else { throw failure(errno, "read") }
        guard Int(info.st_size) <= Limits.coordinatorJournalBytes else { throw failure(EFBIG, "read") }
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(info.st_size)) { buffer, count in
            while let base = buffer.baseAddress, count < buffer.count {
                let got = Foundation.read(number, base + count, buffer.count - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { problem = errno }
                guard got > 0 else { return }
                count += got
            }
        }
        guard problem == 0 else { throw failure(problem, "read") }
        return bytes
    }

    package func append(_ bytes: [UInt8]) throws(MartletError) {
        try use { number in
            lseek(number, 0, SEEK_END) < 0 ? errno : Self.writeAll(number, bytes)
        }
    }

    package func sync() throws(MartletError) {
        var current: Int32 = -1
        try use { number in
            current = number
            return 0
        }
        // Not while the number is held: others add to the file meanwhile. Nobody replaces it then.
        while fdatasync(current) != 0 { guard errno == EINTR else { throw failure(errno, "write") } }
    }

    package func truncate(to length: Int) throws(MartletError) {
        try use { ftruncate($0, off_t(length)) == 0 ? 0 : errno }
    }

    package func replace(with bytes: [UInt8]) throws(MartletError) {
        let temporary = path + ".new"
        let number = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw failure(errno, "write") }
        var problem = Self.writeAll(number, bytes)
        if problem == 0, fsync(number) != 0 { problem = errno }
        if problem == 0, rename(temporary, path) != 0 { problem = errno }
        guard problem == 0 else {
            close(number)
            unlink(temporary)
            throw failure(problem, "write")
        }
        // From here on the file is this one, whatever becomes of the folder's entry.
        let old = descriptor.withLock { current in
            defer { current = number }
            return current
        }
        if old >= 0 { close(old) }
        try syncFolder()
    }

    private func syncFolder() throws(MartletError) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let name = slash == path.startIndex ? (path.hasPrefix("/") ? "/" : ".") : String(path[..<slash])
        let folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(errno, "write") }
        defer { close(folder) }
        // File systems that cannot do it, such as some network ones, say so with EINVAL.
        guard fsync(folder) == 0 || errno == EINVAL else { throw failure(errno, "write") }
    }

    /// Does something with the open file, which gives 0 or the errno.
    private func use(_ body: (Int32) -> Int32) throws(MartletError) {
        let problem = descriptor.withLock { number -> Int32 in
            if number < 0 {
                number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
                if number < 0 { return errno }
            }
            return body(number)
        }
        guard problem == 0 else { throw failure(problem, "write") }
    }

    private static func writeAll(_ number: Int32, _ bytes: [UInt8]) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = write(number, base, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return 0
        }
    }

    private func failure(_ number: Int32, _ verb: String) -> MartletError {
        let isFull = number == ENOSPC || number == EDQUOT
        return MartletError(
            isFull ? .diskFull : verb == "read" ? .storeUnavailable : .fileUnwritable,
            isFull ? "the disk is full: cannot write \(path)" : "cannot \(verb) \(path)",
            reason: String(cString: strerror(number)),
            remedy: isFull ? "free some space and try again" : "make the file and its folder readable and writable"
        )
    }
}
