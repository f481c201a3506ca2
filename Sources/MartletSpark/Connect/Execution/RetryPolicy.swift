import MartletCore

/// How often a request is tried again, and how long is waited before.
///
/// The defaults are those of Spark's own clients: 15 times, 50 ms growing fourfold up to a minute, with up to half a
/// second at random once the wait is two seconds, and a wait that the server asks for up to ten minutes.
package struct RetryPolicy: Hashable, Sendable {
    /// Times that a request is tried again.
    package var retries: Int
    /// The first wait.
    package var initialDelay: Duration
    /// What each wait is multiplied by.
    package var factor: Double
    /// The longest wait.
    package var maximumDelay: Duration
    /// Most that is added at random.
    package var jitter: Duration
    /// Wait from which on something is added.
    package var jitterFrom: Duration
    /// Longest wait that the server may ask for.
    package var maximumServerDelay: Duration

    /// A policy.
    package init(
        retries: Int = Limits.sparkRetries,
        initialDelay: Duration = .milliseconds(50),
        factor: Double = 4,
        maximumDelay: Duration = .seconds(60),
        jitter: Duration = .milliseconds(500),
        jitterFrom: Duration = .seconds(2),
        maximumServerDelay: Duration = .seconds(Limits.sparkServerDelaySeconds)
    ) {
        self.retries = retries
        self.initialDelay = initialDelay
        self.factor = factor
        self.maximumDelay = maximumDelay
        self.jitter = jitter
        self.jitterFrom = jitterFrom
        self.maximumServerDelay = maximumServerDelay
    }

    /// The wait before a retry, or nil when there have been enough.
    ///
    /// - Parameters:
    ///   - retry: how many retries there were before this one.
    ///   - serverDelay: what the server asked for, if it did.
    ///   - random: from 0 up to but without 1.
    /// - Returns: the wait, or nil.
    package func delay(beforeRetry retry: Int, serverDelay: Duration?, random: Double) -> Duration? {
        guard retry < retries else { return nil }
        var delay = initialDelay
        for _ in 0..<max(0, retry) where delay < maximumDelay { delay = min(maximumDelay, delay * factor) }
        delay = min(maximumDelay, delay)
        if delay >= jitterFrom { delay += jitter * min(max(random, 0), 1) }
        if let serverDelay { delay = max(delay, min(serverDelay, maximumServerDelay)) }
        return delay
    }
}
