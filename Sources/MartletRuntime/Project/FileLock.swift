import Glibc
public import MartletCore

/// A lock on a file that the system releases when the process ends, however it ends: flock(2).
public final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // Closing is not enough: a process that is just being started has a copy of the descriptor until its program is.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the lock, or returns nil when another holds it.
    ///
    /// - Throws: ``MartletError`` MT8005 when the file cannot be made.
    public static func take(_ path: String) throws(MartletError) -> FileLock? {
        let lock = FileLock(descriptor: try openFile(path))
        if flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0 { return nil }
        ftruncate(lock.descriptor, 0)
        let text = "\(getpid())\n"
        _ = text.withCString { pwrite(lock.descriptor, $0, strlen($0), 0) }
        return lock
    }

    /// Whether another process holds the lock; `pid` is what the holder wrote, when it can be read.
    public static func holder(_ path: String) -> (isHeld: Bool, pid: Int?) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return (false, nil) }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return (false, nil) }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = max(0, pread(descriptor, &buffer, buffer.count, 0))
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        return (true, Int(text.prefix { $0.isNumber }))
    }

    private static func openFile(_ path: String) throws(MartletError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw FileSystem.unwritable(path, errno) }
        return descriptor
    }
}
