import Synchronization

/// Collects lines from any thread.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    @Sendable func take(_ line: String) { lines.withLock { $0.append(line) } }
}
