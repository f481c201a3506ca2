package import MartletCore

/// What a trigger has done, and how it is.
package struct TriggerStatus: Hashable, Sendable {
    /// Why a trigger ended without an error.
    package enum Ending: String, Hashable, Sendable {
        /// All that there was at the start is answered.
        case end
        /// It was asked to.
        case stopped
        /// Its task was cancelled.
        case cancelled
    }

    /// Events that were read.
    package var events = 0
    /// Records without a value that were passed over.
    package var tombstones = 0
    /// Answers that were committed.
    package var answers = 0
    /// Events without an answer that were committed as dead letters.
    package var failures = 0
    /// Batches that were answered.
    package var batches = 0
    /// Batches that failed and were tried again, whole or in halves.
    package var retries = 0
    /// Seconds that the scorer took, over all batches.
    package var scoringSeconds = 0.0
    /// Events that are being scored now.
    package var inFlight = 0
    /// Events that are read and not yet committed.
    package var buffered = 0
    /// How often what scores was started again.
    package var restarts = 0
    /// Transactions that were committed.
    package var commits = 0
    /// Transactions that had to be aborted and written again.
    package var aborts = 0
    /// Rebalances in which partitions came or went.
    package var rebalances = 0
    /// Partitions that it has.
    package var assigned: Set<TopicPartition> = []
    /// Whether its input is paused.
    package var isPaused = false
    /// Why the scorer is down; nil when it is not.
    package var scorerFailure: MartletError?
    /// Records that are not done, by partition, where that is known.
    package var lag: [TopicPartition: Int64] = [:]
    /// Why it ended; nil while it runs.
    package var ending: Ending?

    /// Nothing done yet.
    package init() {}
}
