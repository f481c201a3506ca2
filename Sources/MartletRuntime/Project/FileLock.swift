import Foundation
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
    /// `path`: the file, which is made when it is not there. `role`: what the holder is, a word that others can read
    /// with its process id.
    ///
    /// - Throws: ``MartletError`` MT8005 when the file cannot be made.
    public static func take(_ path: String, as role: String? = nil) throws(MartletError) -> FileLock? {
        let lock = FileLock(descriptor: try openFile(path))
        if flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0 { return nil }
        ftruncate(lock.descriptor, 0)
        let text = "\(getpid())\(role.map { " \($0)" } ?? "")\n"
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

    /// What the last holder wrote of itself, whether it still holds the lock or not.
    static func note(_ path: String) -> (pid: Int32, role: Substring)? {
        guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }) else {
            return nil
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let pid = words.first.flatMap({ Int32($0) }) else { return nil }
        return (pid, words.dropFirst().first ?? "")
    }

    private static func openFile(_ path: String) throws(MartletError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw FileSystem.unwritable(path, errno) }
        return descriptor
    }
}
