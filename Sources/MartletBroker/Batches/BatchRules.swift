internal import MartletCore

/// What a topic accepts of the batches that are produced to it.
package struct BatchRules: Hashable, Sendable {
    /// Whose batch it is.
    package enum Origin: Hashable, Sendable {
        /// A client's: no control batches.
        case client
        /// The transaction coordinator's own, or one that is moved from another log.
        case broker
    }

    /// Which batches have their records gone through, so that no consumer meets damaged ones.
    package enum RecordChecks: Hashable, Sendable {
        /// None: the checksum is trusted.
        case none
        /// Those that are not compressed, which costs little.
        case plain
        /// All; compressed ones are decompressed, within the limit of the decompressor.
        case all
    }

    /// Longest batch: `max.message.bytes`.
    package var maxMessageBytes: Int
    /// Whether each record needs a key: `cleanup.policy` with `compact`.
    package var needsKeys: Bool
    /// Whose batches these are.
    package var origin: Origin
    /// Whether the client's version of Produce knows zstd: from 7.
    package var allowsZstd: Bool
    /// Latest timestamp that is accepted, in milliseconds since 1970; nil for any.
    ///
    /// The broker's clock and `message.timestamp.after.max.ms` give it.
    package var latestTimestamp: Int64?
    /// Which batches have their records checked.
    package var recordChecks: RecordChecks

    /// Rules, as they are for a client of a topic with Kafka's defaults.
    package init(
        maxMessageBytes: Int = Limits.defaultBatchBytes,
        needsKeys: Bool = false,
        origin: Origin = .client,
        allowsZstd: Bool = true,
        latestTimestamp: Int64? = nil,
        recordChecks: RecordChecks = .plain
    ) {
        self.maxMessageBytes = maxMessageBytes
        self.needsKeys = needsKeys
        self.origin = origin
        self.allowsZstd = allowsZstd
        self.latestTimestamp = latestTimestamp
        self.recordChecks = recordChecks
    }
}
