import Synchronization

/// Counts down from any thread.
final class Counter: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Whether none is left.
    var isEmpty: Bool { left.withLock { $0 == 0 } }

    /// Takes one; false when none is left.
    func take() -> Bool {
        left.withLock { left in
            if left == 0 { return false }
            left -= 1
            return true
        }
    }
}
