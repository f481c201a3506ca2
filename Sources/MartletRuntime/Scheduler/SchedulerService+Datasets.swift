import MartletCore
import MartletScheduling

// Runs that writings of datasets call for.
extension SchedulerService {
    /// Makes the runs that writings of datasets call for; asks the store only after one.
    func followDatasets() async throws(MartletError) {
        let waiting = entries.values.filter { $0.trigger != nil }.map(\.pipeline).sorted()
        for id in waiting where entries[id]?.writings == nil { try await readWritings(for: id) }
        if datasetsAreDirty, !waiting.isEmpty { try await handOutWritings() }
        for id in waiting {
            let isDue = datasetAlarms[id].map { $0 <= now } ?? false
            guard let entry = entries[id], !entry.record.isPaused, entry.hasNewWritings || isDue else { continue }
            try await follow(entry)
        }
    }

    private func follow(_ entry: PipelineEntry) async throws(MartletError) {
        guard let trigger = entry.trigger, let writings = entry.writings else { return }
        entries[entry.pipeline]?.hasNewWritings = false
        let hasQueuedRun = entry.queued.contains { $0.takesDatasets }
        let decision = trigger.decide(writings, hasQueuedRun: hasQueuedRun, at: now)
        datasetAlarms[entry.pipeline] = decision.lookAgain
        for batch in decision.batches where try await enqueue(entry, taking: batch) == false { return }
        if decision.wantsCollapsedRun { _ = try await enqueue(entry, taking: []) }
    }

    /// Finds the writings that no run of the pipeline has taken, up to those that have been handed out.
    private func readWritings(for id: PipelineID) async throws(MartletError) {
        guard let entry = entries[id] else { return }
        var position = max(try await dependencies.project.datasetsTaken(by: id) ?? 0, entry.record.datasetsFrom)
        entries[id]?.writings = []
        entries[id]?.datasetsTaken = position
        guard let end = datasetCursor else {
            (datasetCursor, datasetsAreDirty) = (position, true)
            return
        }
        while position < end {
            let events = try await dependencies.project.datasetEvents(
                after: position,
                limit: Limits.datasetEventsPerLook
            )
            guard let last = events.last else { return }
            for event in events where event.position <= end { entries[id]?.add(event) }
            position = last.position
        }
    }

    private func handOutWritings() async throws(MartletError) {
        datasetsAreDirty = false
        while let cursor = datasetCursor {
            let events = try await dependencies.project.datasetEvents(after: cursor, limit: Limits.datasetEventsPerLook)
            for event in events {
                for id in entries.keys { entries[id]?.add(event) }
            }
            guard let last = events.last else { return }
            datasetCursor = last.position
        }
    }

    /// Makes a run for `events`, or one that takes all there is when it starts; false when it cannot be made.
    private func enqueue(_ entry: PipelineEntry, taking events: [DatasetEvent]) async throws(MartletError) -> Bool {
        let occasion = RunOccasion(
            kind: .dataset,
            runAfter: events.last?.at,
            version: entry.record.version,
            isUnattended: true
        )
        let id: RunID
        do throws(MartletError) {
            id = try await dependencies.runs.enqueue(request(entry, occasion), taking: events)
        } catch  where !error.isOfTheStore {
            // As when a parameter has no value: the writings wait until the pipeline is mended.
            observer.heard(.problem(source: entry.record.source, errors: [error]))
            return false
        }
        entries[entry.pipeline]?.forget(taken: events)
        entries[entry.pipeline]?.enqueue(
            PipelineEntry.QueuedRun(id: id, occasion: occasion, takesDatasets: events.isEmpty)
        )
        observer.heard(.created(id, entry.pipeline, occasion))
        return true
    }

    /// Gives a collapsed run all that has been written until now; false when it cannot be executed.
    func takeDatasets(for run: PipelineEntry.QueuedRun, _ entry: PipelineEntry) async throws(MartletError) -> Bool {
        guard run.takesDatasets, let events = entry.writings, !events.isEmpty else { return true }
        do throws(MartletError) {
            _ = try await dependencies.runs.apply(to: run.id) { _ throws(MartletError) in .take(events) }
        } catch  where error.code == .runHeld || error.code == .runEnded {
            return false
        }
        entries[entry.pipeline]?.forget(taken: events)
        return true
    }
}

extension PipelineEntry {
    /// Takes note of a writing, if its trigger is about that dataset.
    fileprivate mutating func add(_ event: DatasetEvent) {
        guard let trigger, let count = writings?.count, event.position > datasetsTaken,
            trigger.concerns(event.dataset)
        else { return }
        writings?.append(event)
        hasNewWritings = true
        // They wait for a writing of another dataset, which may never come; the run lists the newest of them then.
        if count >= Limits.datasetEventsPerLook { writings?.removeFirst() }
    }

    /// Takes note that a run takes `events`, and with them all before.
    fileprivate mutating func forget(taken events: [DatasetEvent]) {
        guard let last = events.last else { return }
        datasetsTaken = max(datasetsTaken, last.position)
        writings?.removeAll { $0.position <= last.position }
    }
}
