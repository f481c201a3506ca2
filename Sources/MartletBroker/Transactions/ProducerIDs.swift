internal import MartletCore

/// Gives out producer ids, none of them twice, whatever happens.
///
/// Ids are reserved in blocks: only those below a durable bound are given out, and after a restart giving out begins at
/// the bound.
struct ProducerIDs: Hashable, Sendable {
    /// The id to be given out next.
    private(set) var next: Int64 = 0
    /// Ids from here on are not reserved; durable.
    private(set) var end: Int64 = 0

    /// Nothing reserved.
    init() {}

    /// The next id; nil when ``reservation`` has to be made durable and applied first.
    mutating func take() -> Int64? {
        guard next < end else { return nil }
        defer { next += 1 }
        return next
    }

    /// The record that reserves another block, to be made durable and applied; nil while enough are left.
    var reservation: CoordinatorRecord? {
        guard end - next <= Limits.producerIDBlock / 2, end < .max - Limits.producerIDBlock else { return nil }
        return .producerIDs(below: end + Limits.producerIDBlock)
    }

    /// The next id, and what has to be made durable so that others follow.
    mutating func takeAndReserve() -> (id: Int64?, records: [CoordinatorRecord]) {
        let records = reservation.map { [$0] } ?? []
        return (take(), records)
    }

    /// A client without a transactional id wants to be a producer (InitProducerId): it gets a new id whoever it was, as
    /// in Kafka.
    mutating func initProducerID() -> TransactionDecision<InitProducerIDAnswer> {
        let (id, records) = takeAndReserve()
        guard let id else { return .withoutID(records) }
        let identity = ProducerIdentity(producerID: id, epoch: 0)
        return TransactionDecision(records: records, answer: InitProducerIDAnswer(error: .none, identity: identity))
    }

    /// Takes over a bound that is durable now.
    mutating func apply(below bound: Int64) { end = max(end, bound) }

    /// Takes over a bound of before a restart: any id below it may be in use.
    mutating func replay(below bound: Int64) {
        end = max(end, bound)
        next = end
    }
}
