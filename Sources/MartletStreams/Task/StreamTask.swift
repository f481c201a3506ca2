package import MartletCore

/// The event-time engine for one definition: batches of records in, results out.
///
/// It has no clock and does no I/O: the wall time comes with each call. The results of closed windows, and their order,
/// do not depend on how the records of the partitions are cut into batches or interleaved, nor on restarts from
/// ``snapshot()``; only ``LatenessRule/task`` and idle partitions bring the outside world in. Not for several threads at
/// once.
package final class StreamTask {
    /// The definition.
    package let plan: StreamPlan
    /// What was counted.
    package internal(set) var counters = StreamCounters()
    /// The watermarks.
    package internal(set) var watermarks: WatermarkBook
    /// Whether the input is stored data in any order: then nothing is late, and windows wait for the end.
    package internal(set) var isBackfill: Bool
    var store: Store
    /// The identities of records seen; nil when repeated ones are not left out.
    let seen: SeenKeys?
    /// The key groups whose records count here; see ``init(_:isBackfill:keyGroups:)``.
    package let keyGroups: Range<Int>
    /// Whether a checkpoint was of this definition; always true once the task is made.
    var isRestored = true

    /// Where the state is.
    enum Store {
        case none
        case slices(SliceStore)
        case sessions(SessionStore)
    }

    /// A task without records.
    ///
    /// Several tasks with key groups that together are all 128 can share the work: each is given all batches, and
    /// counts the records of its own keys; together they give the results of one. What is rejected without a look at
    /// the key is told by the task with group 0.
    package init(_ plan: StreamPlan, isBackfill: Bool = false, keyGroups: Range<Int> = 0..<Limits.keyGroups) {
        self.plan = plan
        self.keyGroups = keyGroups.clamped(to: 0..<Limits.keyGroups)
        self.isBackfill = isBackfill
        let source = plan.definition.source
        watermarks = WatermarkBook(
            disorder: source.disorder,
            idleTimeout: source.idleTimeout,
            followsWallClock: source.followsWallClock ?? true
        )
        seen = plan.makeSeenKeys()
        store =
            switch plan.windows {
            case .slices(let layout): .slices(SliceStore(plan, layout))
            case .sessions(let gap): .sessions(SessionStore(plan, gap: gap))
            case nil: .none
            }
    }

    /// How many keys there are in all windows together.
    package var stateRows: Int {
        switch store {
        case .none: 0
        case .slices(let store): store.rowCount
        case .sessions(let store): store.rowCount
        }
    }

    /// Takes a partition on, read from `nextOffset`.
    ///
    /// It holds event time back until it has records or is idle.
    package func assign(_ partition: Int32, nextOffset: Int64 = 0, wallTime: Timestamp) {
        watermarks.assign(partition, nextOffset: nextOffset, wallTime: wallTime.microseconds)
    }

    /// Gives a partition up.
    package func revoke(_ partition: Int32) { watermarks.revoke(partition) }

    /// Takes the records of a batch in.
    ///
    /// Records before the offset that is to be read next were taken in already, and are skipped.
    /// - Throws: ``MartletError`` MT6042 when the batch does not fit the definition; nothing is changed then.
    package func process(_ batch: StreamBatch, wallTime: Timestamp) throws(MartletError) -> StreamOutputs {
        try check(batch)
        if watermarks.partitions[batch.partition] == nil {
            guard watermarks.partitions.count < Limits.streamPartitions else {
                throw invalid(batch, "the task has \(Limits.streamPartitions) partitions already")
            }
            assign(batch.partition, wallTime: wallTime)
        }
        var outputs = StreamOutputs()
        let intake = BatchIntake(self, batch, wallTime: wallTime.microseconds, &outputs)
        switch store {
        case .none: outputs.passed = intake.passed(batch)
        case .slices(let store): intake.add(to: store, &outputs)
        case .sessions(let store): intake.add(to: store, &outputs)
        }
        count(intake, outputs)
        watermarks.note(
            batch.partition,
            highest: intake.highest,
            hasRecords: batch.count > 0,
            nextOffset: batch.nextOffset,
            highWatermark: batch.highWatermark,
            wallTime: wallTime.microseconds
        )
        advance(wallTime, &outputs)
        return outputs
    }

    /// Lets the wall clock do what it does: partitions become idle, and event time may go on without records.
    package func advance(wallTime: Timestamp) -> StreamOutputs {
        var outputs = StreamOutputs()
        advance(wallTime, &outputs)
        return outputs
    }

    /// Notes how far a partition reaches, when the source tells without records.
    package func note(highWatermark: Int64, of partition: Int32, wallTime: Timestamp) {
        guard let known = watermarks.partitions[partition] else { return }
        watermarks.note(
            partition,
            highest: nil,
            hasRecords: false,
            nextOffset: known.nextOffset,
            highWatermark: highWatermark,
            wallTime: wallTime.microseconds
        )
    }

    /// Ends a bounded input: all windows close.
    package func finish() -> StreamOutputs {
        watermarks.finish()
        var outputs = StreamOutputs()
        emit(&outputs)
        return outputs
    }

    /// Goes on with the live stream after a backfill: from here on records may be late, and windows close.
    package func endBackfill(wallTime: Timestamp) -> StreamOutputs {
        isBackfill = false
        return advance(wallTime: wallTime)
    }

    private func advance(_ wallTime: Timestamp, _ outputs: inout StreamOutputs) {
        if !isBackfill { watermarks.update(wallTime: wallTime.microseconds) }
        emit(&outputs)
    }

    private func emit(_ outputs: inout StreamOutputs) {
        switch store {
        case .none: break
        case .slices(let store): store.advance(to: watermarks.watermark, into: &outputs.panes)
        case .sessions(let store): store.advance(to: watermarks.watermark, into: &outputs.panes)
        }
        seen?.expire(watermark: watermarks.watermark)
        counters.panes &+= Int64(outputs.panes.count)
        outputs.watermark = watermarks.watermark
    }

    private func count(_ intake: BatchIntake, _ outputs: StreamOutputs) {
        let late = outputs.rejected.count { $0.reason == .late }
        counters.records &+= Int64(intake.recordCount)
        counters.filtered &+= Int64(intake.filtered)
        counters.replayed &+= Int64(intake.replayed)
        counters.repeated &+= Int64(intake.repeated)
        counters.late &+= Int64(late)
        counters.invalid &+= Int64(outputs.rejected.count - late)
    }

    private func invalid(_ batch: StreamBatch, _ fault: String) -> MartletError {
        let name = plan.definition.name
        return MartletError(
            .streamBatchInvalid,
            "stream \(name): a batch of partition \(batch.partition) does not fit: \(fault)"
        )
    }

    private func check(_ batch: StreamBatch) throws(MartletError) {
        let fields = plan.definition.source.fields
        guard batch.columns.count == fields.count else {
            throw invalid(batch, "it has \(batch.columns.count) columns, not \(fields.count)")
        }
        for (column, field) in zip(batch.columns, fields) where column.type != field.type {
            throw invalid(batch, "column \(field.name) is of type \(column.type.rawValue), not \(field.type.rawValue)")
        }
        let rows = batch.timestamps.count
        guard batch.offsets.count == rows, batch.columns.allSatisfy({ $0.count == rows }) else {
            throw invalid(batch, "its columns are not all \(rows) rows long")
        }
    }
}
