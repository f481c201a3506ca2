import MartletCore
import MartletStreams

/// One run of a stream: takes what comes, and makes cuts.
///
/// Not for several tasks at once.
final class StreamLoop {
    let task: StreamTask
    private let store: any StreamResultStore
    private let source: any StreamSource
    let options: StreamRunnerOptions
    let timer: StreamTimer
    private let observer: any StreamRunObserver
    private let inbox: StreamInbox
    /// Counts what becomes of offsets told to the brokers.
    let tellings = OffsetTellings()
    var status = StreamRunStatus()
    /// What came out since the last cut.
    var pending = StreamResults()
    /// Where a bounded run ends, for the partitions that have not come there.
    private var targets: [TopicPartition: Int64] = [:]
    /// Whether something was read since the last cut.
    var hasRead = false
    private var lastCommit: Duration = .zero
    /// How long after the last cut the next may be made.
    private var pause: Duration = .zero
    var builder: StreamBatchBuilder

    init(
        task: StreamTask,
        store: any StreamResultStore,
        source: any StreamSource,
        options: StreamRunnerOptions,
        timer: StreamTimer,
        observer: any StreamRunObserver,
        inbox: StreamInbox
    ) {
        self.task = task
        self.store = store
        self.source = source
        self.options = options
        self.timer = timer
        self.observer = observer
        self.inbox = inbox
        builder = StreamBatchBuilder(task.plan.definition.source.fields, timeUnit: options.timeUnit)
    }

    /// Sets out from a cut.
    func begin(
        _ cut: StreamCut?,
        _ offsets: [TopicPartition: Int64],
        _ ranges: [TopicPartition: OffsetRange]
    ) {
        status.cut = cut?.number ?? 0
        for (partition, offset) in offsets {
            status.partitions[partition] = .init(offset: offset, end: ranges[partition]?.high)
            if options.until == .end, let end = ranges[partition]?.high, offset < end { targets[partition] = end }
        }
        // The place of a stream that starts at the end is kept at once, or another start would be further on.
        hasRead = cut == nil && options.start == .latest
        lastCommit = timer.elapsed()
        pause = hasRead ? .zero : options.commitInterval
    }

    /// Works until the end.
    ///
    /// - Parameter told: takes the offsets of each cut, for the brokers.
    /// - Returns: what was done.
    /// - Throws: ``MartletError`` of the store, the engine, or of a source that has ended.
    func run(
        _ told: AsyncStream<[TopicPartition: Int64]>.Continuation
    ) async throws(MartletError) -> StreamRunSummary {
        while !(options.until == .end && targets.isEmpty) {
            switch await inbox.next() {
            case .event(let event): try take(event)
            case .tick:
                absorb(task.advance(wallTime: timer.wallTime.now))
                report()
            case .ends(let ends): note(ends)
            case .sourceEnded(let error):
                // What was read before stays unread for the next run: it goes on from the last cut.
                throw error?.failure ?? StreamError.closed.failure
            case .stop:
                try await commit(told, isFinal: false, isClosing: true)
                return summary(.stopped)
            }
            let isDue = timer.elapsed() - lastCommit >= pause
            if isDue || pending.count >= options.pendingResults {
                try await commit(told, isFinal: false, isClosing: false)
            }
        }
        if options.closesWindows { absorb(task.finish()) }
        try await commit(told, isFinal: true, isClosing: false)
        return summary(.finished)
    }

    private func summary(_ ending: StreamRunSummary.Ending) -> StreamRunSummary {
        report()
        return StreamRunSummary(ending: ending, status: status)
    }

    // MARK: Places in the input

    private func note(_ ends: [TopicPartition: Int64]) {
        for (partition, end) in ends {
            guard let known = status.partitions[partition] else { continue }
            status.partitions[partition]?.end = max(known.end ?? end, end)
            task.note(highWatermark: end, of: partition.partition, wallTime: timer.wallTime.now)
        }
    }

    /// Notes that a partition is read up to `offset`.
    func reach(_ partition: TopicPartition, _ offset: Int64) {
        guard let known = status.partitions[partition], offset > known.offset else { return }
        status.partitions[partition]?.offset = offset
        status.partitions[partition]?.end = known.end.map { max($0, offset) }
        hasRead = true
        if let target = targets[partition], offset >= target { targets[partition] = nil }
    }

    // MARK: Cuts

    private func commit(
        _ told: AsyncStream<[TopicPartition: Int64]>.Continuation,
        isFinal: Bool,
        isClosing: Bool
    ) async throws(MartletError) {
        guard hasRead || !pending.isEmpty || isFinal else {
            lastCommit = timer.elapsed()
            pause = options.commitInterval
            return
        }
        let begun = timer.elapsed()
        let state = task.snapshot()
        let snapshot = timer.elapsed() - begun
        let cut = StreamCut(
            number: status.cut + 1,
            offsets: status.partitions.mapValues(\.offset),
            state: state,
            isFinal: isFinal
        )
        let (store, results) = (store, pending)
        pending = StreamResults()
        let (timer, limit) = (timer, isClosing || inbox.isStopped ? options.closingTime : nil)
        // A cut that has begun is not given up half-way when the run is cancelled.
        try await Bounded.run(limit, timer) { () async throws(MartletError) in try await store.commit(results, cut) }
        count(results)
        hasRead = false
        status.cut = cut.number
        status.commits += 1
        status.committedAt = timer.wallTime.now
        status.snapshotSeconds = snapshot.seconds
        status.snapshotBytes = state.count
        lastCommit = timer.elapsed()
        status.commitSeconds = (lastCommit - begun).seconds
        pause = max(options.commitInterval, snapshot * Limits.streamSnapshotShare)
        if store.committedGroup != options.group {
            if isFinal || isClosing {
                let (tellings, source, observer) = (tellings, source, observer)
                // Only those who watch need it: an answer that does not come is not waited for.
                try? await Bounded.run(.seconds(2), timer) { () async throws(MartletError) in
                    await tellings.tell(cut.offsets, to: source, observer)
                }
            } else {
                told.yield(cut.offsets)
            }
        }
        report()
    }

    private func count(_ results: StreamResults) {
        status.written += Int64(results.panes.count + results.rows.count)
        for rejected in results.rejected { status.rejected[rejected.reason, default: 0] += 1 }
    }

    private func report() {
        status.counters = task.counters
        status.stateRows = task.stateRows
        status.failedOffsetCommits = tellings.failures
        let watermark = task.watermarks.watermark
        status.watermark = EventTime.isValid(watermark) ? watermark : nil
        for (partition, _) in status.partitions {
            status.partitions[partition]?.isIdle = task.watermarks.partitions[partition.partition]?.isIdle ?? false
        }
        observer.stands(status)
    }
}
