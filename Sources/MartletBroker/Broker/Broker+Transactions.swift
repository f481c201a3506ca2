import MartletCore

// Producers' ids, and transactions over several partitions and groups.
extension Broker {
    func initProducerID(_ request: InitProducerIDRequest, _ reply: Reply) {
        let decision: TransactionDecision<InitProducerIDAnswer>
        if let id = request.transactionalID {
            // Two parts of one value cannot be changed at once.
            var ids = coordinators.producerIDs
            decision = coordinators.transactions.initProducerID(
                id,
                timeout: request.transactionTimeoutMs,
                expected: ProducerIdentity(producerID: request.producerID, epoch: request.producerEpoch),
                version: reply.version,
                ids: &ids,
                now: now
            )
            coordinators.producerIDs = ids
        } else {
            decision = coordinators.producerIDs.initProducerID()
        }
        carryOut(decision) { isDone in
            let answer = isDone ? decision.answer : InitProducerIDAnswer(error: .coordinatorNotAvailable)
            reply.send(
                InitProducerIDResponse(
                    errorCode: answer.error,
                    producerID: answer.identity.producerID,
                    producerEpoch: answer.identity.epoch
                )
            )
        }
    }

    func addPartitions(_ request: AddPartitionsToTxnRequest, _ reply: Reply) {
        let places = request.topics.flatMap { topic in topic.partitions.map { TopicPartition(topic.name, $0) } }
        let unknown = Set(places.filter { !hasPartition($0) })
        guard unknown.isEmpty else { return answer(request, reply, .none, unknown: unknown) }
        let decision = coordinators.transactions.addPartitions(
            request.transactionalID,
            ProducerIdentity(producerID: request.producerID, epoch: request.producerEpoch),
            places,
            version: reply.version,
            now: now
        )
        carryOut(decision) { [self] isDone in
            answer(request, reply, isDone ? decision.answer : .coordinatorNotAvailable, unknown: [])
        }
    }

    private func answer(
        _ request: AddPartitionsToTxnRequest,
        _ reply: Reply,
        _ error: KafkaError,
        unknown: Set<TopicPartition>
    ) {
        let topics = request.topics.map { topic in
            AddPartitionsToTxnResponse.Topic(
                name: topic.name,
                partitions: topic.partitions.map { index in
                    let isUnknown = unknown.contains(TopicPartition(topic.name, index))
                    // All or none: the others are not tried.
                    let others: KafkaError = unknown.isEmpty ? error : .operationNotAttempted
                    return .init(partitionIndex: index, errorCode: isUnknown ? .unknownTopicOrPartition : others)
                }
            )
        }
        reply.send(AddPartitionsToTxnResponse(topics: topics))
    }

    func addOffsets(_ request: AddOffsetsToTxnRequest, _ reply: Reply) {
        let decision = coordinators.transactions.addGroup(
            request.transactionalID,
            ProducerIdentity(producerID: request.producerID, epoch: request.producerEpoch),
            request.groupID,
            version: reply.version,
            now: now
        )
        carryOut(decision) { isDone in
            reply.send(AddOffsetsToTxnResponse(errorCode: isDone ? decision.answer : .coordinatorNotAvailable))
        }
    }

    func endTransaction(_ request: EndTxnRequest, _ reply: Reply) {
        let decision = coordinators.transactions.end(
            request.transactionalID,
            ProducerIdentity(producerID: request.producerID, epoch: request.producerEpoch),
            isCommitted: request.committed,
            version: reply.version,
            now: now
        )
        carryOut(decision) { isDone in
            reply.send(EndTxnResponse(errorCode: isDone ? decision.answer : .coordinatorNotAvailable))
        }
    }

    func commitOffsetsInTransaction(_ request: TxnOffsetCommitRequest, _ reply: Reply) {
        let identity = ProducerIdentity(producerID: request.producerID, epoch: request.producerEpoch)
        let places = request.topics.flatMap { topic in
            topic.partitions.map { (partition: TopicPartition(topic.name, $0.partitionIndex), asked: $0) }
        }
        let error = coordinators.transactions.validateOffsets(request.transactionalID, identity, request.groupID)
        guard error == .none else { return answer(request, reply, places.map { ($0.partition, error) }) }
        let decision = coordinators.groups.commit(
            request.groupID,
            GroupCaller(
                memberID: request.memberID,
                generation: request.generationID,
                instanceID: request.groupInstanceID
            ),
            places.map {
                OffsetToCommit(
                    partition: $0.partition,
                    offset: $0.asked.committedOffset,
                    leaderEpoch: $0.asked.committedLeaderEpoch,
                    metadata: $0.asked.committedMetadata
                )
            },
            producerID: request.producerID,
            now: now
        )
        keep(decision.records) { [self] isKept in
            let errors = zip(places, decision.errors).map { place, error in
                (place.partition, error == .none && !isKept ? KafkaError.coordinatorNotAvailable : error)
            }
            answer(request, reply, errors)
        }
    }

    private func answer(
        _ request: TxnOffsetCommitRequest,
        _ reply: Reply,
        _ errors: [(TopicPartition, KafkaError)]
    ) {
        let errors = Dictionary(errors, uniquingKeysWith: { first, _ in first })
        let topics = request.topics.map { topic in
            TxnOffsetCommitResponse.Topic(
                name: topic.name,
                partitions: topic.partitions.map {
                    let place = TopicPartition(topic.name, $0.partitionIndex)
                    return .init(partitionIndex: $0.partitionIndex, errorCode: errors[place] ?? .none)
                }
            )
        }
        reply.send(TxnOffsetCommitResponse(topics: topics))
    }

    /// What is wrong with a batch of a transaction; nil for other batches.
    func transactionError(_ bytes: ArraySlice<UInt8>, _ partition: TopicPartition) -> KafkaError? {
        let header = bytes.withUnsafeBytes { RecordBatchHeader($0) }
        guard let header, header.attributes.isTransactional else { return nil }
        let identity = ProducerIdentity(producerID: header.producerID, epoch: header.producerEpoch)
        let error = coordinators.transactions.validateProduce(identity, to: partition)
        return error == .none ? nil : error
    }

    // MARK: Endings

    /// Makes a decision last, and ends the transaction if that is what was decided; then `done`, with false when it does
    /// not last.
    private func carryOut<Answer>(
        _ decision: TransactionDecision<Answer>,
        _ done: @escaping (Bool) -> Void = { _ in }
    ) {
        keep(decision.records) { [self] isKept in
            guard isKept, let id = decision.ends, let ending = coordinators.transactions.ending(of: id) else {
                return done(isKept)
            }
            finish(ending, done)
        }
    }

    /// Writes the markers of a transaction whose outcome is decided, then ends it.
    ///
    /// `done` hears false when something could not be written: ``finishUnfinished()`` tries again then. A marker that is
    /// written twice harms nobody.
    func finish(_ ending: TransactionEnding, _ done: @escaping (Bool) -> Void = { _ in }) {
        let id = ending.transactionalID
        guard finishing.insert(id).inserted else { return done(false) }
        let marker = ControlRecord(ending.isCommitted ? .commit : .abort, coordinatorEpoch: 0)
        var written: [(partition: Partition, offset: Int64)] = []
        for place in ending.partitions {
            guard let partition = partition(place) else { continue }
            do throws(LogError) {
                let result = try partition.log.appendMarker(
                    marker,
                    producerID: ending.producerID,
                    epoch: ending.producerEpoch,
                    at: now
                )
                written.append((partition, result.lastOffset))
            } catch {
                // A newer producer of the id was here: what this one had open has ended.
                if KafkaError(error) == .invalidProducerEpoch { continue }
                finishing.remove(id)
                notice(.storageFailed, "a transaction of \(id) cannot be ended in \(place): \(error.reason)")
                return done(false)
            }
        }
        for (partition, _) in written { wake(partition) }
        waitForMarkers(written) { [self] isKept in
            finishing.remove(id)
            guard isKept else { return done(false) }
            keep(coordinators.transactions.completion(of: id, now: now), done)
        }
    }

    private func waitForMarkers(
        _ written: [(partition: Partition, offset: Int64)],
        _ done: @escaping (Bool) -> Void
    ) {
        guard settings.flush == .always, !written.isEmpty else { return done(true) }
        var left = written.count
        var isKept = true
        for (partition, offset) in written {
            partition.unflushed.append(
                (
                    offset,
                    { isFine in
                        left -= 1
                        isKept = isKept && isFine
                        if left == 0 { done(isKept) }
                    }
                )
            )
        }
        for (partition, _) in written { flush(partition) }
    }

    /// Ends transactions whose outcome is decided, and that could not be ended then.
    func finishUnfinished() {
        for ending in coordinators.transactions.unfinished where !finishing.contains(ending.transactionalID) {
            finish(ending)
        }
    }

    /// Aborts transactions whose producers take too long, so that they do not hold back readers for ever.
    func abortTimedOut() {
        for decision in coordinators.transactions.abortTimedOut(now: now) { carryOut(decision) }
    }

    /// Forgets ids and positions that nobody uses any more.
    func forgetUnused() {
        keep(coordinators.transactions.expireIDs(now: now))
        keep(coordinators.groups.expiredOffsets(now: now))
    }
}
