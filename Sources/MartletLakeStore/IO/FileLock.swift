internal import Foundation
internal import MartletCore

/// A lock between processes and threads, held until it is released or its process ends (flock(2)).
struct FileLock: ~Copyable {
    /// How a lock is taken.
    enum Mode {
        case shared
        case exclusive
        /// Exclusive, or not at all.
        case exclusiveIfFree
    }

    private let file: Descriptor

    /// Takes the lock that the file `path` stands for, and waits for it if needed; nil when it should not wait.
    ///
    /// - Throws: ``MartletError`` MT8005 when the file cannot be made.
    static func take(_ path: String, _ mode: Mode) throws(MartletError) -> FileLock? {
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw Failure.writing(path, errno) }
        let file = Descriptor(owning: number)
        let operation =
            switch mode {
            case .shared: LOCK_SH
            case .exclusive: LOCK_EX
            case .exclusiveIfFree: LOCK_EX | LOCK_NB
            }
        while flock(file.number, operation) != 0 {
            if errno == EINTR { continue }
            if errno == EWOULDBLOCK { return nil }
            throw Failure.writing(path, errno)
        }
        return FileLock(file: file)
    }

    private init(file: consuming Descriptor) { self.file = file }
}
