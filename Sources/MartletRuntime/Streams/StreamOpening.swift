import MartletCore
import MartletStreams

/// Finds where a stream goes on, and opens its source there.
struct StreamOpening {
    let plan: StreamPlan
    let topic: String
    let client: any StreamClient
    let options: StreamRunnerOptions
    let timer: StreamTimer

    private var name: String { plan.definition.name }

    /// The partitions of the topic, and the offsets that they hold.
    ///
    /// - Throws: MT6060 when there is no such topic.
    func ranges() async throws(MartletError) -> [TopicPartition: OffsetRange] {
        let (client, topic) = (client, topic)
        let partitions = try await retrying { () async throws(StreamError) in
            try await client.partitions(of: topic)
        }
        guard !partitions.isEmpty else {
            throw MartletError(
                .streamTopicMissing,
                "stream \(name) reads topic \(topic), which does not exist",
                reason: "the brokers know no topic of that name",
                remedy: "make the topic, or correct its name; `martlet stream topics` lists those that there are"
            )
        }
        var ranges = [TopicPartition: OffsetRange]()
        for partition in partitions {
            ranges[partition] = try await retrying { () async throws(StreamError) in
                try await client.offsets(of: partition)
            }
        }
        return ranges
    }

    /// Where each partition is read from.
    ///
    /// A partition that came after the cut is read from its beginning, so that none of its records is missed.
    /// - Throws: MT6061 when the topic no longer has what comes after the cut.
    func offsets(
        _ cut: StreamCut?,
        _ ranges: [TopicPartition: OffsetRange]
    ) throws(MartletError) -> [TopicPartition: Int64] {
        guard let cut else {
            return ranges.mapValues { options.start == .earliest ? $0.low : $0.high }
        }
        for (partition, offset) in cut.offsets.sorted(by: { $0.key < $1.key }) {
            guard let range = ranges[partition] else {
                throw gone("the cut is at offset \(offset) of \(partition), and there is no such partition")
            }
            if offset < range.low {
                throw gone("the cut is at offset \(offset) of \(partition), whose first record is now \(range.low)")
            }
            if offset > range.high {
                throw gone("the cut is at offset \(offset) of \(partition), which ends at \(range.high)")
            }
        }
        return ranges.reduce(into: [:]) { $0[$1.key] = cut.offsets[$1.key] ?? $1.value.low }
    }

    private func gone(_ reason: String) -> MartletError {
        MartletError(
            .streamInputGone,
            "stream \(name) cannot go on where it stopped: topic \(topic) no longer has what comes next",
            reason: reason,
            remedy: "keep the topic's records for longer than a stream may stand still; "
                + "to go on without what is lost, start the stream anew under another name"
        )
    }

    /// The engine, restored and told of its partitions.
    func task(
        _ cut: StreamCut?,
        _ offsets: [TopicPartition: Int64],
        _ ranges: [TopicPartition: OffsetRange]
    ) throws(MartletError) -> StreamTask {
        let task =
            try cut.map { (cut) throws(MartletError) in
                try StreamTask(plan, restoring: cut.state)
            } ?? StreamTask(plan)
        let now = timer.wallTime.now
        for (partition, offset) in offsets {
            task.assign(partition.partition, nextOffset: offset, wallTime: now)
            if let high = ranges[partition]?.high {
                task.note(highWatermark: high, of: partition.partition, wallTime: now)
            }
        }
        return task
    }

    /// The source, which begins at these offsets.
    func source(_ offsets: [TopicPartition: Int64]) async throws(MartletError) -> any StreamSource {
        let request = SourceRequest(
            group: options.group,
            assignment: .partitions(offsets.mapValues { $0 }),
            start: .earliest,
            batchRecords: min(max(options.batchRecords, 1), Limits.streamBatchRows)
        )
        let client = client
        return try await retrying { () async throws(StreamError) in try await client.open(request) }
    }

    private func retrying<Value>(
        _ body: () async throws(StreamError) -> Value
    ) async throws(MartletError) -> Value {
        let retry = StreamRetry(retries: options.retries, backoff: options.backoff, timer: timer)
        do throws(StreamError) { return try await retry.run(body) } catch { throw error.failure }
    }
}
