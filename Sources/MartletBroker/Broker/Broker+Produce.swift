import Dispatch
import MartletCore

// Appending.
extension Broker {
    func produce(_ request: ProduceRequest, _ reply: Reply) {
        var response = ProduceResponse(topics: [])
        response.topics.reserveCapacity(request.topics.count)
        let isKnown = (-1...1).contains(request.acks)
        // Which partitions' offsets have to last before the answer.
        var awaited: [(partition: Partition, offset: Int64)] = []
        var woken: [Partition] = []
        for topic in request.topics {
            var answers: [ProduceResponse.Partition] = []
            answers.reserveCapacity(topic.partitions.count)
            for asked in topic.partitions {
                var answer = ProduceResponse.Partition(index: asked.index)
                if !isKnown {
                    answer.errorCode = .invalidRequiredAcks
                } else if let partition = partition(TopicPartition(topic.name, asked.index)),
                    let owner = topics[topic.name]
                {
                    append(
                        asked.records,
                        to: partition,
                        TopicPartition(topic.name, asked.index),
                        owner,
                        reply.version,
                        &answer
                    )
                    if answer.errorCode == .none {
                        awaited.append((partition, answer.baseOffset))
                        woken.append(partition)
                    }
                } else {
                    answer.errorCode = .unknownTopicOrPartition
                }
                answers.append(answer)
            }
            response.topics.append(ProduceResponse.Topic(name: topic.name, partitions: answers))
        }
        for partition in woken { wakeSoon(partition) }
        if request.acks == 0 {
            // An error can be told in one way only.
            if response.topics.contains(where: { $0.partitions.contains { $0.errorCode != .none } }) { reply.close() }
            return reply.sendNothing()
        }
        guard settings.flush == .always, !awaited.isEmpty else { return reply.send(response) }
        waitForDisk(awaited) { isKept in
            var response = response
            if !isKept {
                for topic in response.topics.indices {
                    for index in response.topics[topic].partitions.indices {
                        response.topics[topic].partitions[index].errorCode = .kafkaStorageError
                    }
                }
            }
            reply.send(response)
        }
    }

    private func append(
        _ records: ArraySlice<UInt8>?,
        to partition: Partition,
        _ asked: TopicPartition,
        _ topic: Topic,
        _ version: Int16,
        _ answer: inout ProduceResponse.Partition
    ) {
        guard let bytes = records, !bytes.isEmpty else {
            answer.errorCode = .invalidRecord
            answer.errorMessage = "there is no batch"
            return
        }
        let rules = BatchRules(
            maxMessageBytes: topic.maxMessageBytes,
            needsKeys: topic.isCompacted,
            origin: .client,
            allowsZstd: version >= 7
        )
        if let error = transactionError(bytes, asked) {
            answer.errorCode = error
            return
        }
        let now = now
        var outcome: Result<AppendResult, LogError>?
        bytes.withUnsafeBytes { buffer in
            do throws(LogError) {
                outcome = .success(try partition.log.append(buffer, rules: rules, at: now))
            } catch { outcome = .failure(error) }
        }
        switch outcome {
        case .success(let result):
            answer.baseOffset = result.baseOffset
            answer.logAppendTimeMs = result.logAppendTime
            answer.logStartOffset = result.logStartOffset
        case .failure(let error):
            answer.errorCode = KafkaError(error)
            answer.errorMessage = error.reason
        case nil: answer.errorCode = .corruptMessage
        }
    }

    // MARK: Waiting for the disk

    /// Goes on when everything appended so far to these partitions lasts; false when the disk failed.
    private func waitForDisk(_ partitions: [(partition: Partition, offset: Int64)], _ done: @escaping (Bool) -> Void) {
        var left = partitions.count
        var isKept = true
        for (partition, offset) in partitions {
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
        for (partition, _) in partitions { flush(partition) }
    }

    /// Has the disk take what was appended; one call at a time for a partition serves all that wait meanwhile.
    func flush(_ partition: Partition) {
        guard !partition.isFlushing else { return }
        guard let pending = partition.log.prepareFlush() else { return finish(partition, .success(.max)) }
        partition.isFlushing = true
        let held = HeldPartition(partition)
        DispatchQueue.global(qos: .userInitiated).async(group: background) { [self] in
            var failure: LogError?
            do throws(LogError) { try pending.perform() } catch { failure = error }
            let result: Result<Int64, LogError> = failure.map { .failure($0) } ?? .success(pending.offset)
            executor.run {
                self.assumeIsolated { broker in
                    held.partition.isFlushing = false
                    if case .failure(let error) = result {
                        held.partition.log.fail(error)
                    } else {
                        held.partition.log.finishFlush(pending)
                    }
                    broker.finish(held.partition, result)
                    broker.wake(held.partition)
                    if !held.partition.unflushed.isEmpty { broker.flush(held.partition) }
                }
            }
        }
    }

    private func finish(_ partition: Partition, _ result: Result<Int64, LogError>) {
        let waiting = partition.unflushed
        switch result {
        case .success(let offset):
            partition.unflushed = waiting.filter { $0.offset >= offset }
            for each in waiting where each.offset < offset { each.done(true) }
        case .failure:
            partition.unflushed = []
            for each in waiting { each.done(false) }
        }
    }
}
