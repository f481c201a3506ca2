package import MartletCore
package import MartletStreams

/// Runs a stream's definition over stored records, and writes the results that the live stream gives for them.
///
/// Nothing is late in stored data, and windows close at the end: the results are the last panes of a live run that read
/// the same records in any order without lateness.
package struct StreamBackfill: Sendable {
    private let plan: StreamPlan
    private let store: any StreamResultStore
    private let timer: StreamTimer

    /// A backfill of a plan into a store that holds nothing of it.
    package init(plan: StreamPlan, store: any StreamResultStore, timer: StreamTimer) {
        self.plan = plan
        self.store = store
        self.timer = timer
    }

    /// What a backfill has done.
    package struct Summary: Hashable, Sendable {
        /// The engine's counts.
        package var counters: StreamCounters
        /// Results written.
        package var written: Int
        /// Records put aside.
        package var rejected: Int
    }

    /// Reads all batches, closes all windows, and commits everything as one cut.
    ///
    /// - Parameters:
    ///   - topic: names where the records are from, in what is put aside.
    ///   - batches: gives the next batch, of any partition; nil at the end. Offsets ascend in each partition.
    /// - Returns: what was done.
    /// - Throws: ``MartletError`` MT6042 for batches that do not fit, those of the store, and what `batches` throws.
    @concurrent
    package func run(
        topic: String,
        batches: sending () async throws(MartletError) -> StreamBatch?
    ) async throws(MartletError) -> Summary {
        let cut = try await store.open()
        let result = await Result { () async throws(MartletError) in
            try await run(topic, cut, batches)
        }
        await store.close()
        return try result.get()
    }

    private func run(
        _ topic: String,
        _ cut: StreamCut?,
        _ batches: () async throws(MartletError) -> StreamBatch?
    ) async throws(MartletError) -> Summary {
        if let cut {
            throw MartletError(
                .streamResultsMismatched,
                "stream \(plan.definition.name) has results already",
                reason: "its cut \(cut.number) is kept with them, and a backfill begins with none",
                remedy: "write to a place that holds nothing of the stream"
            )
        }
        let task = StreamTask(plan, isBackfill: true)
        var results = StreamResults()
        var offsets = [TopicPartition: Int64]()
        while let batch = try await batches() {
            let outputs = try task.process(batch, wallTime: timer.wallTime.now)
            let partition = TopicPartition(topic, batch.partition)
            offsets[partition] = max(offsets[partition] ?? 0, batch.nextOffset)
            add(outputs, partition, to: &results)
        }
        results.panes.append(contentsOf: task.finish().panes)
        let state = task.snapshot()
        try await store.commit(results, StreamCut(number: 1, offsets: offsets, state: state, isFinal: true))
        return Summary(
            counters: task.counters,
            written: results.panes.count + results.rows.count,
            rejected: results.rejected.count
        )
    }

    /// Stored rows have no bytes of their own, so what is put aside says only where it was.
    private func add(_ outputs: StreamOutputs, _ partition: TopicPartition, to results: inout StreamResults) {
        results.panes.append(contentsOf: outputs.panes)
        for record in outputs.rejected {
            results.rejected.append(
                RejectedEvent(
                    partition: partition,
                    offset: record.offset,
                    reason: record.reason.rawValue,
                    detail: record.time.map { "event time \(Timestamp(microseconds: $0))" } ?? "no event time"
                )
            )
        }
        guard let passed = outputs.passed else { return }
        for row in 0..<passed.count {
            results.rows.append(
                StreamRow(
                    partition: partition,
                    offset: passed.offsets[row],
                    time: passed.timestamps[row],
                    values: passed.columns.map { $0[row] }
                )
            )
        }
    }
}
