import MartletCore

/// The records of one batch on their way into the windows: times judged, derived columns worked out, keys made.
struct BatchIntake {
    private let plan: StreamPlan
    private let columns: [StreamColumn]
    private let times: [Int64]
    private let inputs: [AggregateInput]
    private let partition: Int32
    private let offsets: [Int64]
    private let keyGroups: Range<Int>
    /// The records that count, and the watermark that each is judged by.
    private var records: [Int32] = []
    private var limits: [Int64] = []
    /// The highest event time of the batch; nil without any.
    private(set) var highest: Int64?
    private(set) var recordCount = 0
    private(set) var filtered = 0
    private(set) var replayed = 0
    private(set) var repeated = 0

    init(_ task: StreamTask, _ batch: StreamBatch, wallTime: Int64, _ outputs: inout StreamOutputs) {
        plan = task.plan
        partition = batch.partition
        offsets = batch.offsets
        keyGroups = task.keyGroups
        let rows = batch.count
        var columns = batch.columns
        for expression in plan.derived { columns.append(expression.evaluate(columns, rows: rows)) }
        self.columns = columns
        let timeColumn = plan.timeColumn.map { columns[$0] }
        if case .timestamps(let values)? = timeColumn?.storage { times = values } else { times = batch.timestamps }
        let (all, source, positions) = (times, partition, offsets)
        inputs = plan.aggregates.map { aggregate in
            AggregateInput(
                column: aggregate.input?.evaluate(columns, rows: rows),
                times: all,
                partition: source,
                offsets: positions
            )
        }
        let passes = plan.filter?.evaluate(columns, rows: rows)
        judge(task, batch, timeColumn?.validity, passes, wallTime, &outputs)
        if let seen = task.seen { leaveOutRepeated(seen) }
    }

    /// Leaves out records whose identity was seen; one with a null in it has none.
    private mutating func leaveOutRepeated(_ seen: SeenKeys) {
        let identity = plan.identityColumns.map { columns[$0] }
        let keys = KeyBatch(identity, rows: times.count)
        var (kept, keptLimits) = ([Int32](), [Int64]())
        keys.bytes.withUnsafeBytes { bytes in
            for (record, limit) in zip(records, limits) {
                let row = Int(record)
                let hasIdentity = !identity.contains { $0.isNull(row) }
                let key = UnsafeRawBufferPointer(rebasing: bytes[keys.range(row)])
                if hasIdentity, seen.isRepeated(key, hash: keys.hashes[row], time: times[row]) {
                    repeated += 1
                } else {
                    kept.append(record)
                    keptLimits.append(limit)
                }
            }
        }
        (records, limits) = (kept, keptLimits)
    }

    /// Which records count: those with a time that can be, that pass the filter.
    ///
    /// All with a time move the watermark.
    private mutating func judge(
        _ task: StreamTask,
        _ batch: StreamBatch,
        _ hasTime: [Bool]?,
        _ passes: StreamColumn?,
        _ wallTime: Int64,
        _ outputs: inout StreamOutputs
    ) {
        let book = task.watermarks
        let next = book.partitions[partition]?.nextOffset ?? 0
        let others = plan.lateBy == .task ? book.leastActive(except: partition) : nil
        let disorder = book.disorder
        let maximumAhead = plan.definition.source.maximumAhead?.microseconds
        var own = book.watermark(of: partition)
        let isTeller = keyGroups.contains(0)
        var truths: [Bool]?
        if case .booleans(let values)? = passes?.storage { truths = values }
        records.reserveCapacity(times.count)
        limits.reserveCapacity(times.count)
        for row in times.indices {
            guard offsets[row] >= next else {
                replayed += 1
                continue
            }
            recordCount += 1
            let time = times[row]
            guard hasTime?[row] ?? true, EventTime.isValid(time) else {
                if isTeller { reject(row, hasTime?[row] ?? true ? time : nil, .timeInvalid, &outputs) }
                continue
            }
            if let maximumAhead {
                let reference = plan.timeColumn == nil ? wallTime : batch.timestamps[row]
                if time > EventTime.adding(reference, maximumAhead) {
                    if isTeller { reject(row, time, .timeAhead, &outputs) }
                    continue
                }
            }
            let limit =
                task.isBackfill
                ? EventTime.beginning : max(book.watermark, others.map { min($0, own) } ?? own)
            own = max(own, time - disorder)
            highest = max(highest ?? time, time)
            if let truths, !truths[row] || passes?.validity?[row] == false {
                filtered += 1
            } else {
                records.append(Int32(row))
                limits.append(limit)
            }
        }
    }

    private func reject(
        _ row: Int,
        _ time: Int64?,
        _ reason: RejectedRecord.Reason,
        _ outputs: inout StreamOutputs
    ) {
        outputs.rejected.append(
            RejectedRecord(partition: partition, offset: offsets[row], row: row, time: time, reason: reason)
        )
    }

    private func keys() -> KeyBatch { KeyBatch(plan.keyColumns.map { columns[$0] }, rows: times.count) }

    /// The records that count as a batch, for a definition without windows.
    func passed(_ batch: StreamBatch) -> StreamBatch? {
        try? StreamBatch(
            partition: partition,
            columns: columns.map { $0.selecting(records) },
            timestamps: records.map { times[Int($0)] },
            offsets: records.map { offsets[Int($0)] },
            nextOffset: batch.nextOffset,
            highWatermark: batch.highWatermark
        )
    }

    /// Puts the records into sessions.
    func add(to store: SessionStore, _ outputs: inout StreamOutputs) {
        guard !records.isEmpty else { return }
        let keys = keys()
        let (chosen, judged) = ownRecords(keys, &outputs)
        for record in store.add(chosen, times: times, watermarks: judged, keys, inputs) {
            reject(Int(record), times[Int(record)], .late, &outputs)
        }
    }

    /// The records whose keys are the task's own and not too long.
    private func ownRecords(_ keys: KeyBatch, _ outputs: inout StreamOutputs) -> ([Int32], [Int64]) {
        let isWhole = keyGroups.count == Limits.keyGroups
        if isWhole, !records.contains(where: { keys.range(Int($0)).count > Limits.streamKeyBytes }) {
            return (records, limits)
        }
        var (chosen, judged) = ([Int32](), [Int64]())
        for (record, limit) in zip(records, limits) {
            guard keyGroups.contains(StableHash.group(of: keys.hashes[Int(record)])) else { continue }
            if keys.range(Int(record)).count > Limits.streamKeyBytes {
                reject(Int(record), times[Int(record)], .keyTooLong, &outputs)
            } else {
                chosen.append(record)
                judged.append(limit)
            }
        }
        return (chosen, judged)
    }

    /// Puts the records into slices.
    func add(to store: SliceStore, _ outputs: inout StreamOutputs) {
        guard !records.isEmpty else { return }
        let keys = keys()
        let (chosen, judged) = ownRecords(keys, &outputs)
        var slots = [Slot]()
        var places = [SlotKey: Int]()
        var current = -1
        // The slice and the first open window of the record before, most often those of the next one too.
        var (start, firstEnd) = (Int64.min, Int64.min)
        let (layout, lateness) = (store.layout, plan.lateness)
        for (record, limit) in zip(chosen, judged) {
            let time = times[Int(record)]
            if current >= 0, time >= start, time < start + layout.slice, firstEnd > limit {
                slots[current].records.append(record)
                continue
            }
            let slice = layout.sliceStart(time)
            guard let window = store.firstWindow(of: slice, watermark: limit) else {
                reject(Int(record), time, .late, &outputs)
                continue
            }
            let key = SlotKey(start: slice, firstWindow: window)
            if let place = places[key] {
                current = place
            } else {
                current = slots.count
                places[key] = current
                slots.append(Slot(slice: store.slice(slice, firstWindow: window)))
            }
            slots[current].records.append(record)
            // The limits never fall within a batch, so windows that were closed stay closed.
            start = slice
            firstEnd = EventTime.adding(window + layout.size, lateness)
        }
        for slot in slots { store.add(slot.records, to: slot.slice, keys, inputs) }
    }

    private struct Slot {
        var slice: WindowSlice
        var records: [Int32] = []
    }

    private struct SlotKey: Hashable {
        var start: Int64
        var firstWindow: Int64
    }
}
