package import MartletCore

/// The clocks of a stream runner: wall time for the engine, and time to wait by.
package struct StreamTimer: Sendable {
    /// The wall time.
    package let wallTime: any TimeSource
    /// How long ago some fixed instant was; never goes back.
    package let elapsed: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// Waits by `clock`.
    package init<Waiting: Clock<Duration>>(clock: Waiting, wallTime: any TimeSource) {
        let start = clock.now
        self.wallTime = wallTime
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
    }
}
