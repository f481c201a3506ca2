/// How a trigger tells the time and waits.
package struct TriggerTime: Sendable {
    /// The time since some fixed point.
    package let now: @Sendable () -> Duration
    /// Waits until a time.
    let wait: @Sendable (Duration) async throws -> Void

    /// The time of a clock.
    package init(_ clock: some Clock<Duration>) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        wait = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    }
}
