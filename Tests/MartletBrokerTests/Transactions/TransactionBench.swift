import MartletCore
import Testing

@testable import MartletBroker

/// The coordinators with a clock; every decision becomes durable at once.
struct TransactionBench {
    var state = CoordinatorState()
    var now: Int64 = 1_000_000
    var records: [CoordinatorRecord] = []

    init() { persist(state.producerIDs.reservation.map { [$0] } ?? []) }

    mutating func persist(_ new: [CoordinatorRecord]) {
        records += new
        state.apply(new)
    }

    mutating func take<Answer>(_ decision: TransactionDecision<Answer>) -> Answer {
        persist(decision.records)
        if let id = decision.ends { finish(id) }
        return decision.answer
    }

    /// Writes no markers, and completes.
    mutating func finish(_ id: String) { persist(state.transactions.completion(of: id, now: now)) }

    mutating func decideInit(
        _ id: String = "x",
        timeout: Int32 = 60_000,
        expected: ProducerIdentity = .none,
        version: Int16 = 4
    ) -> TransactionDecision<InitProducerIDAnswer> {
        state.initProducerID(
            id,
            timeout: timeout,
            expected: expected,
            version: version,
            now: now
        )
    }

    mutating func start(
        _ id: String = "x",
        timeout: Int32 = 60_000,
        expected: ProducerIdentity = .none,
        version: Int16 = 4
    ) -> InitProducerIDAnswer { take(decideInit(id, timeout: timeout, expected: expected, version: version)) }

    mutating func add(
        _ identity: ProducerIdentity,
        _ partitions: [Int32],
        id: String = "x",
        version: Int16 = 3
    ) -> KafkaError {
        let partitions = partitions.map { TopicPartition("t", $0) }
        return take(state.transactions.addPartitions(id, identity, partitions, version: version, now: now))
    }

    mutating func add(_ identity: ProducerIdentity, group: String, id: String = "x", version: Int16 = 3) -> KafkaError {
        take(state.transactions.addGroup(id, identity, group, version: version, now: now))
    }

    mutating func decideEnd(
        _ identity: ProducerIdentity,
        commit: Bool,
        id: String = "x",
        version: Int16 = 3
    ) -> TransactionDecision<KafkaError> {
        state.transactions.end(id, identity, isCommitted: commit, version: version, now: now)
    }

    mutating func end(_ identity: ProducerIdentity, commit: Bool, id: String = "x", version: Int16 = 3) -> KafkaError {
        take(decideEnd(identity, commit: commit, id: id, version: version))
    }

    /// Commits offset `offset` of t-0 for a group in the transaction.
    mutating func commit(
        _ offset: Int64,
        _ identity: ProducerIdentity,
        group: String = "g",
        id: String = "x"
    ) -> KafkaError {
        let error = state.transactions.validateOffsets(id, identity, group)
        guard error == .none else { return error }
        let decision = state.groups.commit(
            group,
            GroupCaller(memberID: "", generation: -1),
            [OffsetToCommit(partition: TopicPartition("t", 0), offset: offset)],
            producerID: identity.producerID,
            now: now
        )
        persist(decision.records)
        return decision.errors.first ?? .unknownServerError
    }

    func phase(_ id: String = "x") -> TransactionPhase? { state.transactions.transactions[id]?.phase }

    func offset(_ group: String = "g", isStable: Bool = true) -> OffsetAnswer {
        state.groups.offset(group, TopicPartition("t", 0), isStable: isStable)
    }

    /// The state after a crash, from the first so many records.
    func restarted(after count: Int? = nil) -> (bench: TransactionBench, endings: [TransactionEnding]) {
        var bench = self
        bench.state = CoordinatorState()
        bench.records = Array(records.prefix(count ?? records.count))
        let endings = bench.state.replay(bench.records, now: now)
        bench.persist(bench.state.producerIDs.reservation.map { [$0] } ?? [])
        return (bench, endings)
    }
}
