import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct InitProducerIDTests {
    @Test func theFirstProducer() {
        var bench = TransactionBench()
        #expect(
            bench.start() == InitProducerIDAnswer(error: .none, identity: ProducerIdentity(producerID: 0, epoch: 0))
        )
        #expect(bench.start("y").identity == ProducerIdentity(producerID: 1, epoch: 0))
        #expect(
            bench.state.initProducerID(nil, timeout: 0, version: 4, now: 0).answer.identity
                == ProducerIdentity(producerID: 2, epoch: 0)
        )
    }

    @Test(arguments: [
        ("", 1_000, ProducerIdentity.none, KafkaError.invalidRequest),
        ("x", 0, .none, .invalidTransactionTimeout), ("x", -1, .none, .invalidTransactionTimeout),
        ("x", 900_001, .none, .invalidTransactionTimeout), ("x", 900_000, .none, .none),
        ("x", 1_000, ProducerIdentity(producerID: 3, epoch: -1), .invalidRequest),
        ("x", 1_000, ProducerIdentity(producerID: -1, epoch: 2), .invalidRequest),
        // An id of before its transactional id expired: the client goes on with a new one.
        ("x", 1_000, ProducerIdentity(producerID: 77, epoch: 2), .none),
    ])
    func requests(id: String, timeout: Int32, expected: ProducerIdentity, error: KafkaError) {
        var bench = TransactionBench()
        let answer = bench.start(id, timeout: timeout, expected: expected)
        #expect(answer.error == error)
        #expect((answer.identity == .none) == (error != .none))
    }

    @Test func anotherProducerFencesTheFirst() {
        var bench = TransactionBench()
        let old = bench.start().identity
        let new = bench.start().identity
        #expect(new == ProducerIdentity(producerID: old.producerID, epoch: 1))
        #expect(bench.add(old, [0], version: 3) == .producerFenced)
        #expect(bench.add(old, [0], version: 1) == .invalidProducerEpoch)
        #expect(bench.add(old, group: "g", version: 2) == .producerFenced)
        #expect(bench.add(old, group: "g", version: 0) == .invalidProducerEpoch)
        #expect(bench.end(old, commit: true, version: 2) == .producerFenced)
        #expect(bench.end(old, commit: true, version: 1) == .invalidProducerEpoch)
        #expect(bench.commit(1, old) == .invalidProducerEpoch)
        #expect(bench.start(expected: old, version: 4).error == .producerFenced)
        #expect(bench.start(expected: old, version: 3).error == .invalidProducerEpoch)
        let stranger = ProducerIdentity(producerID: 99, epoch: 1)
        #expect(bench.add(stranger, [0]) == .invalidProducerIDMapping)
        #expect(bench.add(new, [0], id: "other") == .invalidProducerIDMapping)
        #expect(bench.end(stranger, commit: true) == .invalidProducerIDMapping)
        #expect(bench.commit(1, stranger) == .invalidProducerIDMapping)
        #expect(bench.add(new, [0]) == .none)
    }

    @Test func theSameProducerGoesOn() {
        // KIP-360: with its id and epoch it gets the next one, and the same again if it did not hear.
        var bench = TransactionBench()
        let first = bench.start().identity
        let second = bench.start(expected: first).identity
        #expect(second.epoch == 1)
        #expect(bench.start(expected: first).identity == second)
        #expect(bench.start(expected: first).identity == second)
        let third = bench.start(expected: second).identity
        #expect(third.epoch == 2)
        #expect(bench.start(expected: first).error == .producerFenced)
        // Once another producer came, nobody may go on with what was before.
        let other = bench.start().identity
        #expect(other.epoch == 3)
        #expect(bench.start(expected: third).error == .producerFenced)
        #expect(bench.start(expected: other).identity.epoch == 4)
    }

    @Test func anOpenTransactionIsAbortedFirst() {
        var bench = TransactionBench()
        let old = bench.start().identity
        #expect(bench.add(old, [3, 1]) == .none)
        let decision = bench.decideInit()
        #expect(decision.answer.error == .concurrentTransactions)
        // Until that is durable, and until it is carried out, everybody has to wait.
        #expect(bench.decideInit().answer.error == .concurrentTransactions)
        #expect(bench.decideEnd(old, commit: true).answer == .concurrentTransactions)
        bench.persist(decision.records)
        #expect(bench.decideInit().answer.error == .concurrentTransactions)
        #expect(
            bench.state.transactions.ending(of: "x")
                == TransactionEnding(
                    transactionalID: "x",
                    producerID: old.producerID,
                    producerEpoch: 1,
                    isCommitted: false,
                    partitions: [TopicPartition("t", 1), TopicPartition("t", 3)]
                )
        )
        bench.finish("x")
        #expect(bench.start().identity.epoch == 2)
        #expect(bench.end(old, commit: true) == .producerFenced)
    }

    @Test func aProducerThatGivesUpItsOwnTransaction() {
        var bench = TransactionBench()
        let old = bench.start().identity
        #expect(bench.add(old, [1]) == .none)
        #expect(bench.start(expected: old).error == .concurrentTransactions)
        #expect(bench.phase() == .completeAbort)
        // It asks again with the epoch it knows.
        #expect(bench.start(expected: old).identity.epoch == 1)
        // One that was replaced must not end the transaction of the one that replaced it.
        let new = bench.start().identity
        #expect(bench.add(new, [1]) == .none)
        #expect(bench.start(expected: old).error == .producerFenced)
        #expect(bench.phase() == .ongoing)
    }

    /// A producer of the last epochs, as a thousand starts would leave it.
    private func aged(_ epoch: Int16, last: Int16 = -1, phase: TransactionPhase = .empty) -> TransactionBench {
        var bench = TransactionBench()
        bench.persist([
            .transaction(
                TransactionRecord(
                    transactionalID: "x",
                    producerID: 500,
                    producerEpoch: epoch,
                    lastProducerEpoch: last,
                    timeout: 60_000,
                    phase: phase,
                    startTime: phase == .ongoing ? bench.now : -1,
                    updateTime: bench.now
                )
            )
        ])
        return bench
    }

    @Test func epochsThatEnd() {
        var bench = aged(32_765)
        #expect(bench.start().identity == ProducerIdentity(producerID: 500, epoch: 32_766))
        // 32767 is never given to anybody: it is what the last one is fenced off with.
        #expect(bench.start().identity == ProducerIdentity(producerID: 0, epoch: 0))

        bench = aged(32_766)
        let old = ProducerIdentity(producerID: 500, epoch: 32_766)
        let new = bench.start(expected: old).identity
        #expect(new == ProducerIdentity(producerID: 0, epoch: 0))
        // It did not hear, and asks again.
        #expect(bench.start(expected: old).identity == new)
        #expect(bench.start(expected: new).identity.epoch == 1)
        #expect(bench.start(expected: old).error == .producerFenced)

        bench = aged(32_766, phase: .ongoing)
        #expect(bench.start().error == .concurrentTransactions)
        #expect(bench.state.transactions.transactions["x"]?.producerEpoch == 32_767)
        #expect(bench.start().identity == ProducerIdentity(producerID: 0, epoch: 0))

        // The same with the producer's own id: the fencing epoch is not its next one.
        bench = aged(32_766, phase: .ongoing)
        #expect(bench.start(expected: old).error == .concurrentTransactions)
        #expect(bench.start(expected: old).identity == ProducerIdentity(producerID: 0, epoch: 0))
        #expect(bench.start(expected: old).identity == ProducerIdentity(producerID: 0, epoch: 0))

        // A repeated request for the last epoch.
        bench = aged(32_766, last: 32_765)
        #expect(bench.start(expected: ProducerIdentity(producerID: 500, epoch: 32_765)).identity == old)
    }

    @Test func changesThatDidNotBecomeDurable() {
        var bench = TransactionBench()
        let lost = bench.decideInit()
        #expect(bench.decideInit().answer.error == .concurrentTransactions)
        bench.state.abandon(lost.records)
        let identity = bench.start().identity
        #expect(identity.epoch == 0)
        #expect(identity != lost.answer.identity)
        let adding = bench.state.transactions.addPartitions("x", identity, [TopicPartition("t", 0)], version: 3, now: 1)
        bench.state.abandon(adding.records)
        #expect(bench.phase() == .empty)
        #expect(bench.add(identity, [0]) == .none)
        let ending = bench.decideEnd(identity, commit: true)
        bench.state.abandon(ending.records)
        #expect(bench.end(identity, commit: false) == .none)
        #expect(bench.phase() == .completeAbort)
    }

    @Test func idsAreNeverGivenOutTwice() {
        // Ids are taken; reservations become durable or are lost; the server is killed at any time.
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var ids = ProducerIDs()
            var durable: [Int64] = []
            var seen: Set<Int64> = []
            for _ in 0..<3_000 {
                switch Int.random(in: 0..<600, using: &random) {
                case 0:
                    ids = ProducerIDs()
                    for bound in durable { ids.replay(below: bound) }
                case 1..<40:
                    if case .producerIDs(let bound)? = ids.reservation {
                        // Durable, and the server dies before it hears of it, or not.
                        durable.append(bound)
                        if Bool.random(using: &random) { ids.apply(below: bound) }
                    }
                default:
                    if let id = ids.take() {
                        #expect(seen.insert(id).inserted, "seed \(seed)")
                        #expect(durable.contains { id < $0 })
                    }
                }
            }
            #expect(!seen.isEmpty)
        }
    }

    @Test func aServerWithoutReservedIDsTellsClientsToWait() {
        var state = CoordinatorState()
        let first = state.initProducerID("x", timeout: 1, version: 4, now: 0)
        #expect(first.answer.error == .coordinatorLoadInProgress)
        #expect(first.records == [.producerIDs(below: 1_000)])
        #expect(state.initProducerID(nil, timeout: 0, version: 4, now: 0).answer.error == .coordinatorLoadInProgress)
        state.apply(first.records)
        let second = state.initProducerID("x", timeout: 1, version: 4, now: 0)
        #expect(second.answer.identity == ProducerIdentity(producerID: 0, epoch: 0))
        // The next block is reserved long before this one ends.
        var reserved = false
        for _ in 0..<700 {
            let decision = state.initProducerID(nil, timeout: 0, version: 4, now: 0)
            reserved = reserved || !decision.records.isEmpty
            state.apply(decision.records)
        }
        #expect(reserved && state.producerIDs.end == 2_000)
    }
}
