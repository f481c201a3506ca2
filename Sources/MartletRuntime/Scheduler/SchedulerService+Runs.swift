import MartletCore
import MartletScheduling

// Runs: made when they are due, started when there is room, followed to their end.
extension SchedulerService {
    /// Makes the runs whose time has come.
    ///
    /// Each pipeline's are made by a task of its own, so that two hundred of one minute are committed to the disk
    /// together; those of one pipeline in order, and no further ones before they all are, so that the last one that
    /// the store has tells of all before.
    func createDueRuns(_ group: inout DiscardingTaskGroup) {
        let now = now
        for id in entries.values.filter({ $0.isDue(at: now) }).map(\.pipeline).sorted() {
            guard var entry = entries[id], let timetable = entry.timetable, let due = entry.nextTick else { continue }
            if entry.lastTick != nil, due.runAfter + .seconds(1) < now {
                // It was due while nobody looked; without catchup a later one has taken its place.
                entry.nextTick = timetable.next(last: entry.lastTick, now: now)
            }
            var occasions: [RunOccasion] = []
            while occasions.count < Limits.runsPerLook, entry.mayCreate, let tick = entry.nextTick, tick.runAfter <= now
            {
                entry.starting += 1
                occasions.append(occasion(of: tick, entry))
                entry.lastTick = tick
                entry.nextTick = timetable.next(last: tick, now: now)
            }
            entries[id] = entry
            if !occasions.isEmpty { create(occasions, entry, &group) }
        }
    }

    private func occasion(of tick: ScheduledTick, _ entry: PipelineEntry) -> RunOccasion {
        RunOccasion(
            kind: .scheduled,
            logicalDate: tick.logicalDate,
            intervalStart: tick.dataIntervalStart,
            intervalEnd: tick.dataIntervalEnd,
            runAfter: tick.runAfter,
            timezone: entry.manifest.schedule?.timezone ?? "UTC",
            timezoneDatabase: Zone.databaseVersion,
            version: entry.record.version,
            isUnattended: true
        )
    }

    /// A request for a run of the newest version of a pipeline.
    func request(
        _ entry: PipelineEntry,
        _ occasion: RunOccasion,
        params: [String: JSONValue] = [:]
    ) -> RunService.Request {
        RunService.Request(
            manifest: entry.manifest,
            program: entry.record.program,
            params: params,
            slots: options.slotsPerRun,
            martletVersion: options.martletVersion,
            occasion: occasion,
            keptHash: entry.record.manifestHash
        )
    }

    /// Makes runs and executes them at once; the entry has counted them as starting.
    private func create(_ occasions: [RunOccasion], _ entry: PipelineEntry, _ group: inout DiscardingTaskGroup) {
        let requests = occasions.map { request(entry, $0) }
        let pipeline = entry.pipeline
        let runs = dependencies.runs
        group.addTask {
            await withDiscardingTaskGroup { group in
                for request in requests {
                    // Nothing new starts any more.
                    if Task.isCancelled { return }
                    do throws(MartletError) {
                        let execution = try await runs.create(request)
                        self.push(.executing(execution, isNew: true))
                        group.addTask { await self.follow(execution) }
                    } catch {
                        self.push(.notCreated(pipeline, error))
                        if error.isOfTheStore { return }
                    }
                }
            }
        }
    }

    private nonisolated func follow(_ execution: RunExecution) async {
        let watch = RunWatch(
            pipeline: execution.manifest.pipeline,
            isPast: execution.manifest.steps.contains { $0.past != .ignored },
            scheduler: self,
            observer: observer,
            waits: dependencies.waits
        )
        let result: Result<RunProjection, MartletError>
        do throws(MartletError) {
            result = .success(try await execution.run(watch))
        } catch {
            result = .failure(error)
        }
        push(.ended(execution.id, execution.manifest.pipeline, result))
    }

    /// Starts runs that wait, as far as their pipelines' limits go.
    func startQueuedRuns(_ group: inout DiscardingTaskGroup) async throws(MartletError) {
        for id in entries.values.filter({ !$0.queued.isEmpty }).map(\.pipeline).sorted() {
            for run in entries[id]?.queued ?? [] {
                guard let entry = entries[id], (run.occasion.runAfter ?? now) <= now || run.hasBegun else { continue }
                guard run.hasBegun || mayStart(run, entry) else { continue }
                if run.occasion.backfill == nil { entries[id]?.running.insert(run.id) }
                entries[id]?.queued.removeAll { $0.id == run.id }
                if try await takeDatasets(for: run, entry) {
                    start(run.id, id, &group)
                } else {
                    entries[id]?.running.remove(run.id)
                    try await enqueueLater(run.id, id)
                }
            }
        }
    }

    private func mayStart(_ run: PipelineEntry.QueuedRun, _ entry: PipelineEntry) -> Bool {
        guard let backfill = run.occasion.backfill else { return entry.mayStart }
        // A backfill begins no more runs than it may have; what it has begun starts.
        return !entry.record.isPaused && backfills[backfill]?.record.state != .paused
    }

    /// Tries again at the next look: something else holds the run at this moment.
    private func enqueueLater(_ run: RunID, _ pipeline: PipelineID) async throws(MartletError) {
        guard let summary = try await dependencies.store.projection(of: run)?.run, !summary.state.isTerminal else {
            return
        }
        var waiting = try await queued(summary)
        waiting.occasion.runAfter = now + .seconds(Limits.schedulerLookSeconds)
        waiting.hasBegun = false
        entries[pipeline]?.queued.removeAll { $0.id == run }
        entries[pipeline]?.enqueue(waiting)
    }

    private func start(_ run: RunID, _ pipeline: PipelineID, _ group: inout DiscardingTaskGroup) {
        let runs = dependencies.runs
        launching.insert(run)
        group.addTask {
            let execution: RunExecution
            do throws(MartletError) {
                execution = try await runs.resume(run)
            } catch {
                return self.push(.ended(run, pipeline, .failure(error)))
            }
            self.push(.executing(execution, isNew: false))
            await self.follow(execution)
        }
    }

    /// Finds the runs that a scheduler has begun and not ended: those go on at once, the others wait to be started.
    func adopt() async throws(MartletError) {
        for run in try await dependencies.project.unfinishedRuns() where run.occasion.isUnattended {
            guard entries[run.pipeline] != nil else { continue }
            try await watchDeadlines(of: run.id, run.pipeline)
            let waiting = try await queued(run)
            entries[run.pipeline]?.enqueue(waiting)
        }
        try await adoptBackfills()
    }

    /// How a run that the store has waits.
    private func queued(_ run: RunSummary) async throws(MartletError) -> PipelineEntry.QueuedRun {
        var waiting = PipelineEntry.QueuedRun(id: run.id, occasion: run.occasion, hasBegun: run.state == .running)
        let policy = entries[run.pipeline]?.manifest.schedule?.datasetPolicy ?? .collapse
        if run.occasion.kind == .dataset, run.state == .queued, policy == .collapse {
            let log = try await dependencies.store.events(of: run.id)
            waiting.takesDatasets = !log.contains { entry in
                switch entry.event {
                case .datasetsTaken, .runStarted: true
                default: false
                }
            }
        }
        return waiting
    }

    func take(_ input: Input) async throws(MartletError) {
        switch input {
        case .executing(let execution, let isNew):
            let pipeline = execution.manifest.pipeline
            executions[execution.id] = execution
            launching.remove(execution.id)
            if isNew {
                entries[pipeline]?.starting -= 1
                entries[pipeline]?.running.insert(execution.id)
                observer.heard(.created(execution.id, pipeline, execution.occasion))
            }
            try await learnPast(of: execution)
            try await watchDeadlines(of: execution.id, pipeline)
        case .recorded(let run, let pipeline, let events):
            try await heard(events, of: run, pipeline)
        case .ended(let run, let pipeline, let result):
            try await ended(run, pipeline, result)
        case .notCreated(let pipeline, let error):
            entries[pipeline]?.starting -= 1
            // A run for that date is there already: made by hand, by a backfill, or by us before the clock was set
            // back.
            if error.code != .runExists {
                observer.heard(.problem(source: entries[pipeline]?.record.source ?? pipeline.rawValue, errors: [error]))
                if error.isOfTheStore { throw error }
            }
        }
    }

    private func ended(
        _ run: RunID,
        _ pipeline: PipelineID,
        _ result: Result<RunProjection, MartletError>
    ) async throws(MartletError) {
        executions[run] = nil
        launching.remove(run)
        previousRuns[run] = nil
        entries[pipeline]?.running.remove(run)
        deadlines.forget(run)
        if let entry = entries[pipeline], entry.manifest.schedule?.rule == .continuous {
            entries[pipeline]?.nextTick = entry.timetable?.next(last: entry.lastTick, now: now)
        }
        switch result {
        case .success(let projection):
            for id in backfills.keys { backfills[id]?.fold(run, projection.run.state) }
            observer.heard(.ended(projection))
            dependencies.waits.wake(.pipeline(pipeline))
            try await tellNextRuns(of: run)
            if projection.run.state == .failed { try await failed(projection, pipeline) }
        case .failure(let error) where error.code == .runHeld:
            try await enqueueLater(run, pipeline)
        case .failure(let error) where error.code == .runEnded:
            if let state = try await dependencies.store.projection(of: run)?.run.state {
                for id in backfills.keys { backfills[id]?.fold(run, state) }
            }
        case .failure(let error):
            observer.heard(.broken(run, error))
            // Without the store nothing can go on; the next start does.
            if error.isOfTheStore { throw error }
        }
    }

    /// Tells of a failed run, and pauses a pipeline whose runs fail one after the other.
    private func failed(_ projection: RunProjection, _ pipeline: PipelineID) async throws(MartletError) {
        guard let policy = entries[pipeline]?.manifest.policy else { return }
        let run = projection.run
        let names = policy.notifyOnFailure.map(NotifierID.init(trusted:))
        try await send(
            .runFailed(run, at: now),
            to: names
        )
        let limit = policy.maxConsecutiveFailures
        guard limit > 0, entries[pipeline]?.record.isPaused == false else { return }
        let last = try await dependencies.project.endedRuns(of: pipeline, limit: limit)
        guard last.count >= limit, last.allSatisfy({ $0.state == .failed }) else { return }
        let note = "its last \(limit) runs failed"
        try await setPaused(pipeline, true, note: note)
        try await send(
            Alert(
                id: "pipeline_paused/\(pipeline)/\(run.id)",
                kind: .pipelinePaused,
                at: now,
                text: "pipeline \(pipeline) is paused: \(note)",
                pipeline: pipeline
            ),
            to: names
        )
    }

    /// Tells people; what is kept with incidents reaches them also after an end of this process.
    func send(_ alert: Alert, to names: [NotifierID]) async throws(MartletError) {
        if let incidents = dependencies.incidents {
            dependencies.alerts.send(alert, to: [])
            try await incidents.send(alert, to: names)
        } else {
            dependencies.alerts.send(alert, to: names)
        }
        observer.heard(.alert(alert))
    }

    func setPaused(_ pipeline: PipelineID, _ isPaused: Bool, note: String?) async throws(MartletError) {
        try await dependencies.project.setPaused(pipeline, isPaused, note: note)
        entries[pipeline]?.record.isPaused = isPaused
        entries[pipeline]?.record.pauseNote = isPaused ? note : nil
        if !isPaused, let entry = entries[pipeline] {
            // What was missed while it was paused follows the catchup rule.
            entries[pipeline]?.nextTick = entry.timetable?.next(last: entry.lastTick, now: now)
            entries[pipeline]?.hasNewWritings = true
        }
        // Looked at again when it goes on; nothing can be done before.
        datasetAlarms[pipeline] = nil
        dependencies.admission.setPaused(isPaused, pipeline: pipeline)
    }
}
