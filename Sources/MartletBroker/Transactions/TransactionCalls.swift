import MartletCore

/// A producer of a transactional id, as it names itself.
struct ProducerIdentity: Hashable, Sendable {
    /// The producer's id; -1 for none.
    var producerID: Int64
    /// Its epoch; -1 for none.
    var epoch: Int16

    /// No producer: what a client says that has none yet.
    static let none = ProducerIdentity(producerID: -1, epoch: -1)
}

/// The answer to InitProducerId.
struct InitProducerIDAnswer: Hashable, Sendable {
    /// Whether it worked.
    var error: KafkaError
    /// What the client is from now on.
    var identity: ProducerIdentity = .none
}

/// What was decided about a transaction: first the records are made durable, then they are applied, then, if there is an
/// ending, that is carried out, then the client is answered.
struct TransactionDecision<Answer: Hashable & Sendable>: Hashable, Sendable {
    /// To be made durable, in this order, then applied.
    var records: [CoordinatorRecord] = []
    /// The transactional id whose ending starts with that: see ``TransactionCoordinator/ending(of:)``.
    var ends: String?
    /// What the client is told.
    var answer: Answer

    /// Nothing changes: what the client is told at once.
    static func unchanged(_ answer: Answer) -> Self { Self(answer: answer) }
}

/// A transaction whose outcome is decided and durable, and has to be written wherever it left something.
///
/// 1. A control batch with the producer's id and epoch to each partition that still exists, durable.
/// 2. ``TransactionCoordinator/completion(of:now:)``: its records durable, then applied.
///
/// After a crash in between, all is done again: further markers and records of the same ending change nothing.
struct TransactionEnding: Hashable, Sendable {
    /// The id that the application chose.
    var transactionalID: String
    /// The producer's id, for the markers.
    var producerID: Int64
    /// The producer's epoch, for the markers; a higher one than the batches have when the producer was fenced off.
    var producerEpoch: Int16
    /// Commit or abort.
    var isCommitted: Bool
    /// Where markers go, in order.
    var partitions: [TopicPartition]
}
