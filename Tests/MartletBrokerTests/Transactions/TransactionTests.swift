import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct TransactionTests {
    @Test func theTableOfPhases() {
        let table: [TransactionPhase: Set<TransactionPhase>] = [
            .empty: [.empty, .ongoing], .ongoing: [.ongoing, .prepareCommit, .prepareAbort],
            .prepareCommit: [.completeCommit], .prepareAbort: [.completeAbort],
            .completeCommit: [.empty, .ongoing], .completeAbort: [.empty, .ongoing],
        ]
        for phase in TransactionPhase.allCases { #expect(phase.successors == table[phase]) }
    }

    @Test func oneAfterTheOther() {
        var bench = TransactionBench()
        let producer = bench.start().identity
        for round in 0..<3 {
            let commits = round != 1
            bench.now += 1_000
            #expect(bench.add(producer, [0, 1]) == .none)
            #expect(bench.phase() == .ongoing)
            #expect(bench.state.transactions.transactions["x"]?.startTime == bench.now)
            bench.now += 1
            #expect(bench.add(producer, [2]) == .none)
            #expect(bench.state.transactions.transactions["x"]?.startTime == bench.now - 1)
            #expect(bench.end(producer, commit: commits) == .none)
            #expect(bench.phase() == (commits ? .completeCommit : .completeAbort))
            #expect(bench.state.transactions.transactions["x"]?.partitions == [])
        }
    }

    /// What EndTxn says in each phase.
    @Test(arguments: [
        (TransactionPhase.empty, KafkaError.invalidTxnState, KafkaError.invalidTxnState),
        (.ongoing, .none, .none),
        (.prepareCommit, .concurrentTransactions, .invalidTxnState),
        (.prepareAbort, .invalidTxnState, .concurrentTransactions),
        (.completeCommit, .none, .invalidTxnState),
        (.completeAbort, .invalidTxnState, .none),
    ])
    func endings(phase: TransactionPhase, commit: KafkaError, abort: KafkaError) {
        var bench = TransactionBench()
        let producer = bench.start().identity
        bench.persist([
            .transaction(
                TransactionRecord(
                    transactionalID: "x",
                    producerID: producer.producerID,
                    producerEpoch: producer.epoch,
                    timeout: 1,
                    phase: phase,
                    updateTime: 1
                )
            )
        ])
        for (isCommitted, error) in [(true, commit), (false, abort)] {
            var copy = bench
            let decision = copy.decideEnd(producer, commit: isCommitted)
            #expect(decision.answer == error)
            #expect(decision.records.isEmpty == (phase != .ongoing))
            #expect(decision.ends == (phase == .ongoing ? "x" : nil))
        }
        // And what others say.
        let isPrepared = phase == .prepareCommit || phase == .prepareAbort
        var copy = bench
        #expect(copy.add(producer, [0]) == (isPrepared ? .concurrentTransactions : .none))
        copy = bench
        #expect(copy.add(producer, group: "g") == (isPrepared ? .concurrentTransactions : .none))
        #expect(bench.commit(1, producer) == (isPrepared ? .concurrentTransactions : .invalidTxnState))
        copy = bench
        let isOpen = isPrepared || phase == .ongoing
        #expect(copy.decideInit().answer.error == (isOpen ? .concurrentTransactions : .none))
    }

    @Test func partitionsThatAreInItNeedNoRecord() {
        var bench = TransactionBench()
        let producer = bench.start().identity
        #expect(bench.add(producer, [0, 1]) == .none)
        let count = bench.records.count
        #expect(bench.add(producer, [1]) == .none)
        #expect(bench.records.count == count)
        #expect(bench.add(producer, [1, 2]) == .none)
        #expect(bench.records.count == count + 1)
        #expect(bench.add(producer, group: "") == .invalidGroupID)
    }

    @Test func batchesNeedAnOpenTransaction() {
        var bench = TransactionBench()
        let producer = bench.start().identity
        let partition = TopicPartition("t", 0)
        func check(_ bench: TransactionBench, _ identity: ProducerIdentity, _ partition: TopicPartition) -> KafkaError {
            bench.state.transactions.validateProduce(identity, to: partition)
        }
        #expect(check(bench, producer, partition) == .invalidTxnState)
        #expect(bench.add(producer, [0]) == .none)
        #expect(check(bench, producer, partition) == .none)
        #expect(check(bench, producer, TopicPartition("t", 1)) == .invalidTxnState)
        #expect(check(bench, ProducerIdentity(producerID: 44, epoch: 0), partition) == .invalidProducerIDMapping)
        #expect(check(bench, ProducerIdentity(producerID: 0, epoch: 1), partition) == .invalidProducerEpoch)
        let decision = bench.decideEnd(producer, commit: true)
        // From the decision on nothing more may come, durable or not.
        #expect(check(bench, producer, partition) == .invalidTxnState)
        bench.persist(decision.records)
        #expect(check(bench, producer, partition) == .invalidTxnState)
        bench.finish("x")
        #expect(check(bench, producer, partition) == .invalidTxnState)
        // A new producer id takes the place of the old one.
        #expect(bench.start().identity.epoch == 1)
        #expect(check(bench, producer, partition) == .invalidProducerEpoch)
    }

    @Test(arguments: [true, false]) func offsetsAreSeenWhenItIsOver(commits: Bool) {
        var bench = TransactionBench()
        let producer = bench.start().identity
        #expect(bench.commit(5, producer) == .invalidTxnState)
        #expect(bench.add(producer, [0]) == .none)
        #expect(bench.commit(5, producer) == .invalidTxnState)
        #expect(bench.add(producer, group: "g") == .none)
        #expect(bench.commit(5, producer) == .none)
        #expect(bench.commit(5, producer, group: "h") == .invalidTxnState)
        #expect(bench.offset().error == .unstableOffsetCommit)
        #expect(bench.offset(isStable: false).committed == nil)
        let decision = bench.decideEnd(producer, commit: commits)
        bench.persist(decision.records)
        // Markers are being written.
        #expect(bench.offset().error == .unstableOffsetCommit)
        bench.finish("x")
        #expect(
            bench.offset() == OffsetAnswer(committed: commits ? CommittedOffset(offset: 5, commitTime: bench.now) : nil)
        )
    }

    @Test func offsetsWhilePartitionsAreAdded() {
        // librdkafka registers partitions in the background while the application commits offsets.
        var bench = TransactionBench()
        let producer = bench.start().identity
        #expect(bench.add(producer, group: "g") == .none)
        let partitions = [TopicPartition("t", 0)]
        let adding = bench.state.transactions.addPartitions("x", producer, partitions, version: 0, now: bench.now)
        #expect(bench.commit(5, producer) == .none)
        bench.persist(adding.records)
        let ending = bench.decideEnd(producer, commit: true)
        #expect(bench.commit(6, producer) == .concurrentTransactions)
        _ = bench.take(ending)
        #expect(bench.offset().committed?.offset == 5)
    }

    @Test func anEndingIsCarriedOutOnce() {
        var bench = TransactionBench()
        let producer = bench.start().identity
        #expect(bench.add(producer, group: "g") == .none)
        let decision = bench.decideEnd(producer, commit: true)
        // Not before it is durable.
        #expect(bench.state.transactions.ending(of: "x") == nil)
        #expect(bench.state.transactions.completion(of: "x", now: bench.now).isEmpty)
        bench.persist(decision.records)
        #expect(bench.state.transactions.ending(of: "x") != nil)
        let completion = bench.state.transactions.completion(of: "x", now: bench.now)
        #expect(completion.count == 2)
        #expect(bench.state.transactions.completion(of: "x", now: bench.now).isEmpty)
        // It could not be made durable: it is tried again.
        bench.state.abandon(completion)
        #expect(bench.state.transactions.completion(of: "x", now: bench.now) == completion)
        bench.persist(completion)
        #expect(bench.state.transactions.completion(of: "x", now: bench.now).isEmpty)
        #expect(bench.end(producer, commit: true) == .none)
        #expect(bench.end(producer, commit: false) == .invalidTxnState)
    }

    @Test func whatIsOpenForTooLongIsAborted() {
        var bench = TransactionBench()
        let slow = bench.start("slow", timeout: 60_000).identity
        let fast = bench.start("fast", timeout: 10_000).identity
        _ = bench.start("idle", timeout: 1_000)
        #expect(bench.add(slow, [0], id: "slow") == .none)
        #expect(bench.add(fast, [1], id: "fast") == .none)
        bench.now += 10_000
        #expect(bench.state.transactions.abortTimedOut(now: bench.now).isEmpty)
        bench.now += 1
        let decisions = bench.state.transactions.abortTimedOut(now: bench.now)
        #expect(decisions.map(\.ends) == ["fast"])
        // It is being done: not twice.
        #expect(bench.state.transactions.abortTimedOut(now: bench.now).isEmpty)
        for decision in decisions { #expect(bench.take(decision) == .none) }
        #expect(bench.phase("fast") == .completeAbort)
        #expect(bench.phase("slow") == .ongoing)
        // Its producer is fenced off: nothing of what it still sends counts.
        #expect(bench.end(fast, commit: true, id: "fast") == .producerFenced)
        #expect(bench.add(fast, [1], id: "fast") == .producerFenced)
        #expect(bench.start("fast", expected: fast).error == .producerFenced)
        #expect(bench.start("fast").identity == ProducerIdentity(producerID: fast.producerID, epoch: 2))
    }

    @Test func timesThatMakeNoSense() {
        for time in [Int64.min, -1, .max] {
            for phase in TransactionPhase.allCases {
                var bench = TransactionBench()
                bench.persist([
                    .transaction(
                        TransactionRecord(
                            transactionalID: "x",
                            producerID: time,
                            producerEpoch: .max,
                            timeout: time,
                            phase: phase,
                            startTime: time,
                            updateTime: time
                        )
                    ),
                    .producerIDs(below: time),
                ])
                for decision in bench.state.transactions.abortTimedOut(now: bench.now) { _ = bench.take(decision) }
                bench.persist(bench.state.transactions.expireIDs(now: bench.now))
                _ = bench.start()
                _ = bench.start(expected: ProducerIdentity(producerID: time, epoch: .max))
                bench.finish("x")
                #expect(bench.start().error != .unknownServerError)
            }
        }
    }

    @Test func idsThatNobodyUsesAreForgotten() {
        var bench = TransactionBench()
        let open = bench.start("open").identity
        let idle = bench.start("idle").identity
        #expect(bench.add(open, [0], id: "open") == .none)
        bench.now += 7 * 86_400_000 - 1
        #expect(bench.state.transactions.expireIDs(now: bench.now).isEmpty)
        bench.now += 1
        let records = bench.state.transactions.expireIDs(now: bench.now)
        #expect(records == [.transactionDeleted("idle")])
        #expect(bench.decideInit("idle").answer.error == .concurrentTransactions)
        bench.persist(records)
        #expect(bench.add(idle, [0], id: "idle") == .invalidProducerIDMapping)
        #expect(bench.start("idle").identity.producerID > idle.producerID)
        #expect(bench.restarted().bench.phase("idle") == .empty)
    }

    /// A crash after each record of a transaction, and the decision stands or never was.
    @Test(arguments: [true, false]) func aCrashAtEveryRecord(commits: Bool) {
        var bench = TransactionBench()
        let producer = bench.start().identity
        #expect(bench.add(producer, [0, 1]) == .none)
        #expect(bench.add(producer, group: "g") == .none)
        #expect(bench.commit(5, producer) == .none)
        let decided = bench.records.count + 1
        #expect(bench.end(producer, commit: commits) == .none)
        for count in 0...bench.records.count {
            var (later, endings) = bench.restarted(after: count)
            let isDecided = count >= decided
            let isOver = count == bench.records.count
            #expect(endings.count == (isDecided && !isOver ? 1 : 0))
            if let ending = endings.first {
                #expect(ending.isCommitted == commits)
                #expect(ending.partitions == [TopicPartition("t", 0), TopicPartition("t", 1)])
                #expect(ending.producerEpoch == producer.epoch)
            }
            for ending in endings { later.finish(ending.transactionalID) }
            if isDecided {
                #expect(later.phase() == (commits ? .completeCommit : .completeAbort))
                #expect(later.offset().committed?.offset == (commits ? 5 : nil))
                #expect(later.end(producer, commit: commits) == .none)
            } else {
                #expect(later.offset(isStable: false).committed == nil)
                #expect(later.phase() != .completeCommit)
            }
            // And the journal written anew says the same.
            var compacted = TransactionBench()
            compacted.state = CoordinatorState()
            _ = compacted.state.replay(later.state.records, now: later.now)
            #expect(compacted.state.transactions.transactions == later.state.transactions.transactions)
            #expect(compacted.offset() == later.offset())
            #expect(compacted.state.producerIDs.end == later.state.producerIDs.end)
        }
    }
}
