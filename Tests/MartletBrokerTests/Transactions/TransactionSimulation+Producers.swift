import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

// What producers do.
extension TransactionSimulation {
    mutating func failed(_ process: Int, _ error: KafkaError) {
        switch error {
        case .concurrentTransactions, .coordinatorNotAvailable, .coordinatorLoadInProgress: break
        case .producerFenced, .invalidProducerEpoch, .invalidProducerIDMapping, .invalidTxnState:
            fenced += 1
            restart(process)
        default: Issue.record("seed \(seed): \(error)")
        }
    }

    /// The process begins anew, and forgets everything.
    mutating func restart(_ process: Int) {
        forget(process)
        processes[process].identity = nil
    }

    mutating func forget(_ process: Int) {
        processes[process].transaction = nil
        processes[process].partitions = []
        processes[process].hasGroup = false
        processes[process].ending = nil
    }

    mutating func initialised(_ process: Int, _ answer: InitProducerIDAnswer) {
        processes[process].isWaiting = false
        guard answer.error == .none else { return failed(process, answer.error) }
        // Only a producer that asks again may hear the same twice, and none here does.
        #expect(identities.insert(answer.identity).inserted, "seed \(seed): \(answer.identity) given out twice")
        processes[process].identity = answer.identity
    }

    mutating func start(_ process: Int) {
        processes[process].isWaiting = true
        let decision = server.state.initProducerID(
            name(processes[process].id),
            timeout: 10_000,
            version: 4,
            now: now
        )
        take(
            decision,
            .initialised(process, decision.answer),
            else: .initialised(process, InitProducerIDAnswer(error: .coordinatorNotAvailable))
        )
    }

    mutating func add(_ process: Int, _ identity: ProducerIdentity) {
        let id = processes[process].id
        if processes[process].transaction == nil {
            processes[process].transaction = ids.count
            ids.append(id)
        }
        processes[process].isWaiting = true
        if Int.random(in: 0..<3, using: &random) == 0 {
            let decision = server.state.transactions.addGroup(name(id), identity, "g", version: 3, now: now)
            take(
                decision,
                .added(process, [], true, decision.answer),
                else: .added(process, [], true, .coordinatorNotAvailable)
            )
        } else {
            let partitions = Set((0..<2).map { _ in Int32.random(in: 0..<3, using: &random) })
            let decision = server.state.transactions.addPartitions(
                name(id),
                identity,
                partitions.map { TopicPartition("t", $0) },
                version: 3,
                now: now
            )
            take(
                decision,
                .added(process, partitions, false, decision.answer),
                else: .added(process, [], false, .coordinatorNotAvailable)
            )
        }
    }

    mutating func produce(_ process: Int, _ identity: ProducerIdentity, _ transaction: Int) {
        guard let partition = processes[process].partitions.randomElement(using: &random) else { return }
        let error = server.state.transactions.validateProduce(identity, to: TopicPartition("t", partition))
        guard error == .none else { return failed(process, error) }
        let known = epochs[Int(partition)][identity.producerID] ?? -1
        guard identity.epoch >= known else { return failed(process, .invalidProducerEpoch) }
        epochs[Int(partition)][identity.producerID] = identity.epoch
        logs[Int(partition)].append(.data(producerID: identity.producerID, transaction: transaction))
    }

    mutating func commitOffset(_ process: Int, _ identity: ProducerIdentity, _ transaction: Int) {
        let id = processes[process].id
        let error = server.state.transactions.validateOffsets(name(id), identity, "g")
        guard error == .none else { return failed(process, error) }
        let decision = server.state.groups.commit(
            "g",
            GroupCaller(memberID: "", generation: -1),
            [OffsetToCommit(partition: TopicPartition("t", Int32(id)), offset: Int64(transaction))],
            producerID: identity.producerID,
            now: now
        )
        #expect(decision.errors == [.none])
        _ = server.hand(decision.records, .committed(transaction: transaction))
    }

    mutating func end(_ process: Int, _ identity: ProducerIdentity) {
        let isCommitted = processes[process].ending ?? (Int.random(in: 0..<3, using: &random) > 0)
        processes[process].ending = isCommitted
        processes[process].isWaiting = true
        let decision = server.state.transactions.end(
            name(processes[process].id),
            identity,
            isCommitted: isCommitted,
            version: 3,
            now: now
        )
        take(decision, .ended(process, decision.answer), else: .ended(process, .coordinatorNotAvailable))
    }

    mutating func abortTimedOut() {
        for decision in server.state.transactions.abortTimedOut(now: now) { take(decision, .nothing, else: .nothing) }
    }

    /// A consumer looks at the offsets.
    mutating func look() {
        for id in 0..<3 as Range<Int32> {
            let answer = server.state.groups.offset("g", TopicPartition("t", id), isStable: true)
            if let offset = answer.committed?.offset { seen.insert(Int(offset)) }
        }
    }
}
