import MartletCore

/// What a client is told besides the address.
package struct SparkOptions: Sendable {
    /// Program that the server is told, when the address names none.
    package var userAgent: String
    /// User that the server is told, when the address names none.
    package var userID: String
    /// How failures that may pass are tried again.
    package var retry: RetryPolicy
    /// How the first connection is tried again.
    package var connectRetry: RetryPolicy
    /// File of the certificates (PEM) that are trusted instead of the system's.
    package var trustRoots: String?
    /// Tags of every execution, which interrupts can name.
    package var tags: [String]
    /// Size of the parts that large batches may be sent in, by servers that can (Spark 4.1); nil for whole batches.
    package var preferredChunkBytes: Int?
    /// Waits; a test's wait returns at once.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 up to but without 1, for the waits before retries.
    package var random: @Sendable () -> Double
    /// A new UUID in lower case, for sessions and operations.
    package var makeID: @Sendable () -> String

    /// Options with the defaults of Spark's own clients.
    package init(
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double,
        makeID: @escaping @Sendable () -> String
    ) {
        userAgent = "martlet"
        userID = "martlet"
        retry = RetryPolicy()
        connectRetry = RetryPolicy(retries: Limits.sparkConnectRetries)
        tags = []
        self.sleep = sleep
        self.random = random
        self.makeID = makeID
    }
}
