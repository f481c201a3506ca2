import MartletCore
import NIOCore

/// A fetch that waits for records.
final class FetchWait {
    let number: Int
    let request: FetchRequest
    let reply: Reply
    /// Where it waits.
    var partitions: [Partition] = []
    /// Ends the wait.
    var timer: Scheduled<Void>?

    init(number: Int, request: FetchRequest, reply: Reply) {
        self.number = number
        self.request = request
        self.reply = reply
    }
}

// Reading.
extension Broker {
    func fetch(_ request: FetchRequest, _ reply: Reply) {
        let (response, files, bytes, hasError) = read(request)
        let isEnough = bytes >= Int(request.minBytes) || hasError || request.maxWaitMs <= 0 || request.topics.isEmpty
        if isEnough { return reply.send(response, files: files) }
        wait(request, reply)
    }

    private func wait(_ request: FetchRequest, _ reply: Reply) {
        let wait = FetchWait(number: nextWait, request: request, reply: reply)
        nextWait += 1
        for topic in request.topics {
            for asked in topic.partitions {
                guard let partition = partition(TopicPartition(topic.name, asked.partition)) else { continue }
                partition.waiting[wait.number] = wait
                wait.partitions.append(partition)
            }
        }
        let held = HeldWait(wait)
        wait.timer = timers.scheduleTask(in: .milliseconds(Int64(min(request.maxWaitMs, Limits.fetchWait)))) { [self] in
            executor.run { self.assumeIsolated { $0.answer(held.wait) } }
        }
    }

    /// Looks again at the fetches that wait for a partition when all that has come in meanwhile is appended, so that one
    /// answer has it all.
    func wakeSoon(_ partition: Partition) {
        guard !partition.waiting.isEmpty, !partition.isWakePlanned else { return }
        partition.isWakePlanned = true
        let held = HeldPartition(partition)
        executor.run { [self] in
            assumeIsolated {
                held.partition.isWakePlanned = false
                $0.wake(held.partition)
            }
        }
    }

    /// Looks again at the fetches that wait for a partition.
    func wake(_ partition: Partition) {
        guard !partition.waiting.isEmpty else { return }
        for wait in partition.waiting.values.sorted(by: { $0.number < $1.number }) {
            let (response, files, bytes, hasError) = read(wait.request)
            guard bytes >= Int(wait.request.minBytes) || hasError else { continue }
            end(wait)
            wait.reply.send(response, files: files)
        }
    }

    /// Answers a fetch with what there is.
    func answer(_ wait: FetchWait) {
        guard wait.timer != nil else { return }
        end(wait)
        let (response, files, _, _) = read(wait.request)
        wait.reply.send(response, files: files)
    }

    /// Takes a fetch away from where it waits.
    func end(_ wait: FetchWait) {
        wait.timer?.cancel()
        wait.timer = nil
        for partition in wait.partitions { partition.waiting[wait.number] = nil }
        wait.partitions = []
    }

    /// What a fetch is answered with now.
    private func read(
        _ request: FetchRequest
    ) -> (response: FetchResponse, files: [[LogRegion]], bytes: Int, hasError: Bool) {
        var files: [[LogRegion]] = []
        var left = max(0, min(Int(request.maxBytes), Limits.fetchBytes))
        var bytes = 0
        var hasError = false
        let isolation: PartitionLog.Isolation = request.isolationLevel == 1 ? .readCommitted : .readUncommitted
        let topics = request.topics.map { topic in
            FetchResponse.Topic(
                name: topic.name,
                partitions: topic.partitions.map { asked in
                    var answer = FetchResponse.Partition(partition: asked.partition, records: .memory([]))
                    guard let partition = partition(TopicPartition(topic.name, asked.partition)), !partition.isGone
                    else {
                        answer.errorCode = .unknownTopicOrPartition
                        hasError = true
                        return answer
                    }
                    let limit = min(left, max(0, Int(asked.partitionMaxBytes)))
                    do throws(LogError) {
                        let read = try partition.log.read(
                            from: asked.fetchOffset,
                            maxBytes: limit,
                            isolation: isolation,
                            minOneBatch: bytes == 0
                        )
                        fill(&answer, read, &files)
                        bytes += read.byteCount
                        left = max(0, left - read.byteCount)
                    } catch {
                        answer.errorCode = KafkaError(error)
                        answer.highWatermark = partition.log.highWatermark
                        answer.logStartOffset = partition.log.logStartOffset
                        hasError = true
                    }
                    return answer
                }
            )
        }
        return (FetchResponse(topics: topics), files, bytes, hasError)
    }

    private func fill(_ answer: inout FetchResponse.Partition, _ read: LogRead, _ files: inout [[LogRegion]]) {
        answer.highWatermark = read.highWatermark
        answer.lastStableOffset = read.lastStableOffset
        answer.logStartOffset = read.logStartOffset
        answer.abortedTransactions = read.aborted?.map {
            FetchResponse.AbortedTransaction(producerID: $0.producerID, firstOffset: $0.firstOffset)
        }
        if read.byteCount > 0 {
            answer.records = .elsewhere(count: read.byteCount, tag: files.count)
            files.append(read.regions)
        }
    }
}

/// A wait on its way through the timers' thread, which does not touch it.
private struct HeldWait: @unchecked Sendable {
    let wait: FetchWait

    init(_ wait: FetchWait) { self.wait = wait }
}
