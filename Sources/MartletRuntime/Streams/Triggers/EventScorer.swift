package import MartletCore

/// Scores events: a model in a program, behind an address, or in this process.
///
/// The port behind ``EventTrigger``.
package protocol EventScorer: Sendable {
    /// Scores events.
    ///
    /// Calls may overlap. When the calling task is cancelled it has to return soon, with whatever it likes.
    ///
    /// - Parameter events: at least one.
    /// - Returns: one answer an event, in their order.
    /// - Throws: ``ScorerFailure`` when there are no answers for the whole of them.
    func score(_ events: [ScoredInput]) async throws(ScorerFailure) -> [ScoreAnswer]

    /// How often what scores had to be started again.
    var restarts: Int { get }
}

extension EventScorer {
    /// None.
    package var restarts: Int { 0 }
}

/// An event to be scored.
package struct ScoredInput: Hashable, Sendable {
    /// The partition it was read from.
    package var partition: TopicPartition
    /// Its offset there.
    package var offset: Int64
    /// Milliseconds since 1970; -1 when nobody knows.
    package var timestamp: Int64
    /// The key; nil when it has none.
    package var key: [UInt8]?
    /// The value, which is JSON or not.
    package var value: [UInt8]
    /// The headers, in their order.
    package var headers: [RecordHeader]

    /// An event.
    package init(
        partition: TopicPartition,
        offset: Int64,
        timestamp: Int64 = -1,
        key: [UInt8]?,
        value: [UInt8],
        headers: [RecordHeader] = []
    ) {
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// What became of one event.
package enum ScoreAnswer: Hashable, Sendable {
    /// The bytes of one JSON value, which go to the output as they are.
    case json([UInt8])
    /// There is no answer to this event, whatever becomes of others, and another try gives none either.
    case failed(String)

    /// A JSON value as an answer.
    package static func value(_ value: JSONValue) -> Self { .json(JSONText.bytes(value)) }
}

/// Why a scorer has no answers for a whole batch.
package struct ScorerFailure: Error, Hashable, Sendable {
    /// What may be at fault.
    package enum Kind: Hashable, Sendable {
        /// Something in the batch, perhaps: it is tried again, then in halves.
        case batch
        /// Nothing in the batch: the scorer cannot be reached or started.
        case unavailable
    }

    /// What may be at fault.
    package var kind: Kind
    /// The error to show.
    package var failure: MartletError

    /// A failure of a scorer.
    package init(_ kind: Kind, _ failure: MartletError) {
        self.kind = kind
        self.failure = failure
    }
}
