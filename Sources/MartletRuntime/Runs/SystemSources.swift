import Foundation
public import MartletCore

/// The system's wall clock.
public struct SystemTime: TimeSource {
    /// A source that reads the system's clock whenever it is asked.
    public init() {}

    /// The system's time, to the microsecond; it may jump when someone sets the clock.
    public var now: Timestamp {
        var value = timespec()
        clock_gettime(CLOCK_REALTIME, &value)
        return Timestamp(microseconds: Int64(value.tv_sec) * 1_000_000 + Int64(value.tv_nsec) / 1000)
    }
}

/// Identifiers from the system's random generator.
public struct RandomIDs: IDGenerator {
    /// A generator with no seed of its own.
    public init() {}

    /// Six random characters of a-z and 2-7: 30 bits.
    public func suffix() -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        return String((0..<6).map { _ in letters[Int(generator.next() & 31)] })
    }
}
