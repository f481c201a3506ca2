public import MartletCore

/// When a delivery that failed is tried again.
public enum DeliveryBackoff {
    /// Decides on the next attempt.
    ///
    /// The pauses double from 1 second to `Limits.deliveryBackoffSeconds`, each shortened by up to half at random so
    /// that receivers which come back are not called by all at once. What a receiver asks for comes first.
    ///
    /// - Parameters:
    ///   - attempts: how often it was tried.
    ///   - retryAfter: the pause that the receiver asks for.
    ///   - jitter: a random number, 0 to 1.
    ///   - now: the time.
    /// - Returns: the instant of the next attempt; nil when it is given up.
    public static func next(
        after attempts: Int,
        retryAfter: Duration?,
        jitter: Double,
        at now: Timestamp
    ) -> Timestamp? {
        if attempts >= Limits.deliveryAttempts { return nil }
        let seconds = Double(min(Limits.deliveryBackoffSeconds, 1 << min(max(0, attempts - 1), 16)))
        let pause = seconds * (1 - min(1, max(0, jitter)) / 2)
        let asked = min(retryAfter?.seconds ?? 0, Double(Limits.retryAfterSeconds))
        return now + .seconds(max(pause, asked))
    }
}
