internal import Foundation
internal import Synchronization

/// Names for files that get another name when they are complete.
enum TemporaryName {
    private static let counter = Atomic<Int>(0)

    /// A name that no other thread or process has: the process, when it first asked, and a number.
    static func next() -> String {
        "\(getpid())-\(start)-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    // A process id may be used again, in a container even at once.
    private static let start: String = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return String(time.tv_sec * 1_000_000_000 + time.tv_nsec, radix: 36)
    }()
}
