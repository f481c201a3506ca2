/// A lock that is held across a suspension.
final class SharedLock: @unchecked Sendable {
    // Sendable: the lock is a descriptor, and only closed.
    private let lock: FileLock

    init?(_ lock: consuming FileLock?) {
        guard let lock else { return nil }
        self.lock = lock
    }
}
