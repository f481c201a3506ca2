import MartletCore
import MartletStreams

/// Records on their way into the engine, and what comes out of it.
extension StreamLoop {
    /// Takes what the source tells.
    func take(_ event: SourceEvent) throws(MartletError) {
        switch event {
        case .batch(let batch):
            for run in batch.runs { try take(run, of: batch) }
        case .reachedEnd(let partition, let offset): try reachEnd(partition, offset)
        // Partitions that are given by name come and go with nobody.
        case .assigned, .revoked: break
        }
    }

    /// The end counts as read, also when what stands before it are not records but marks of transactions.
    private func reachEnd(_ partition: TopicPartition, _ offset: Int64) throws(MartletError) {
        guard let known = status.partitions[partition] else { return }
        status.partitions[partition]?.end = max(known.end ?? offset, offset)
        reach(partition, offset)
        let batch = try builder.take(
            partition: partition.partition,
            nextOffset: max(known.offset, offset),
            highWatermark: offset
        )
        absorb(try task.process(batch, wallTime: timer.wallTime.now))
    }

    private func take(_ run: ConsumedBatch.Run, of batch: ConsumedBatch) throws(MartletError) {
        let partition = run.partition
        guard let known = status.partitions[partition], let last = run.range.last else { return }
        let now = timer.wallTime.now
        let fallback = task.plan.definition.source.timeField == nil ? Int64.min : now.microseconds
        var tombstones: Int64 = 0
        batch.visit(in: run.range) { record in
            // A record that comes a second time counts once.
            guard record.offset >= known.offset else { return }
            guard let value = record.value else {
                tombstones += 1
                return
            }
            let scaled = record.timestamp.multipliedReportingOverflow(by: 1000)
            let timestamp = record.timestamp < 0 || scaled.overflow ? fallback : scaled.partialValue
            do throws(RecordFault) {
                try builder.append(json: value, timestamp: timestamp, offset: record.offset)
            } catch {
                let detail = "\(error.reason), at byte \(error.offset)"
                pending.rejected.append(Self.rejected(record, partition, "unreadable", detail))
                status.unreadable += 1
            }
        }
        status.tombstones += tombstones
        let next = batch.offset(at: last) &+ 1
        let input = try builder.take(
            partition: partition.partition,
            nextOffset: max(next, known.offset),
            highWatermark: known.end
        )
        reach(partition, next)
        absorb(try task.process(input, wallTime: now), partition, run, of: batch)
    }

    private static func rejected(
        _ record: borrowing ConsumedRecord,
        _ partition: TopicPartition,
        _ reason: String,
        _ detail: String
    ) -> RejectedEvent {
        RejectedEvent(
            partition: partition,
            offset: record.offset,
            reason: reason,
            detail: detail,
            timestamp: record.timestamp,
            key: record.key.map { Array($0) },
            value: record.value.map { Array($0) }
        )
    }

    /// Keeps results of time passing.
    func absorb(_ outputs: StreamOutputs) { pending.panes.append(contentsOf: outputs.panes) }

    /// Keeps the results of a batch for the next cut.
    private func absorb(
        _ outputs: StreamOutputs,
        _ partition: TopicPartition,
        _ run: ConsumedBatch.Run,
        of batch: ConsumedBatch
    ) {
        absorb(outputs)
        for record in outputs.rejected {
            let index = Self.index(of: record.offset, in: run.range, of: batch)
            let detail = record.time.map { "event time \(Timestamp(microseconds: $0))" } ?? "no event time"
            batch.visit(in: index..<(index + 1)) { original in
                pending.rejected.append(Self.rejected(original, partition, record.reason.rawValue, detail))
            }
        }
        guard let passed = outputs.passed else { return }
        pending.rows.reserveCapacity(pending.rows.count + passed.count)
        for row in 0..<passed.count {
            pending.rows.append(
                StreamRow(
                    partition: partition,
                    offset: passed.offsets[row],
                    time: passed.timestamps[row],
                    values: passed.columns.map { $0[row] }
                )
            )
        }
    }

    /// Where the record with an offset stands in a run, whose offsets ascend.
    private static func index(of offset: Int64, in range: Range<Int>, of batch: ConsumedBatch) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if batch.offset(at: middle) < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
