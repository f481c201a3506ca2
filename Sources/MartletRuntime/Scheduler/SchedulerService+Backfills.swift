import MartletCore
import MartletScheduling

// Runs for dates that have passed.
extension SchedulerService {
    /// Keeps a new backfill; its runs follow at once.
    func add(_ request: BackfillRequest, _ id: RunID) async throws(MartletError) -> BackfillRecord {
        // Kept by a process that was killed before it could say so.
        if let record = try await dependencies.project.backfill(id.rawValue) { return record }
        let entry = try defined(request.pipeline)
        if let other = backfills.values.first(where: { $0.record.request.pipeline == request.pipeline }) {
            throw MartletError(
                .requestRefused,
                "pipeline \(request.pipeline) has a backfill that is \(other.record.state.rawValue)",
                reason: "one pipeline has one backfill at a time: \(other.record.id)",
                remedy: "let it end, or `martlet backfill cancel \(other.record.id)`"
            )
        }
        _ = try entry.manifest.resolveParameters(request.params)
        let dates = try await BackfillPlanning.dates(request, of: entry.manifest, in: dependencies.project, at: now)
        let record = BackfillRecord(
            id: id.rawValue,
            request: request,
            createdAt: now,
            dates: dates
        )
        try await dependencies.project.add(record)
        backfills[record.id] = Backfill(record)
        return record
    }

    func adoptBackfills() async throws(MartletError) {
        for record in try await dependencies.project.backfills(unfinishedOnly: true, limit: Limits.runsPerLook) {
            var record = record
            // A run that was made and not noted, because the process was killed in between, is found by its date.
            for index in record.dates.indices
            where record.dates[index].decision == .create && record.dates[index].run == nil {
                let run = try await dependencies.project.run(
                    of: record.request.pipeline,
                    for: record.dates[index].logicalDate
                )
                if let run, run.occasion.backfill == record.id { record.dates[index].run = run.id }
            }
            var states: [Int: RunState] = [:]
            for date in record.dates where date.decision != .skip {
                guard let run = date.run, let summary = try await dependencies.store.projection(of: run)?.run else {
                    continue
                }
                // A run of before, which has not been cleared yet, has not begun.
                if summary.occasion.backfill == record.id || hasBegun(summary, record) {
                    states[date.ordinal] = summary.state
                }
            }
            backfills[record.id] = Backfill(record, states: states)
        }
    }

    /// Whether a run that there was before the backfill has been cleared by it.
    private func hasBegun(_ run: RunSummary, _ record: BackfillRecord) -> Bool {
        !run.state.isTerminal || run.finishedAt.map { $0 > record.createdAt } ?? false
    }

    /// Begins the next runs of backfills, and ends those whose runs have all ended.
    func advanceBackfills() async throws(MartletError) {
        for id in backfills.keys.sorted() {
            // Dates for which nothing is done after all make room for others.
            while let backfill = backfills[id], entries[backfill.record.request.pipeline] != nil {
                let dates = backfill.starts
                if dates.isEmpty { break }
                for date in dates { try await begin(date, of: id) }
            }
            guard let state = backfills[id]?.record.state, state == .done || state == .cancelled else { continue }
            if state == .done { try await dependencies.project.update(backfill: id, state: .done, runs: [:]) }
            backfills[id] = nil
        }
    }

    private func begin(_ date: BackfillDate, of id: String) async throws(MartletError) {
        guard let record = backfills[id]?.record, let entry = entries[record.request.pipeline] else { return }
        let occasion = RunOccasion(
            kind: .backfill,
            logicalDate: date.logicalDate,
            intervalStart: date.intervalStart,
            intervalEnd: date.intervalEnd,
            runAfter: now,
            timezone: entry.manifest.schedule?.timezone ?? "UTC",
            timezoneDatabase: Zone.databaseVersion,
            backfill: id,
            ordinal: date.ordinal,
            version: entry.record.version,
            note: record.request.note,
            isUnattended: true
        )
        let run: RunID
        do throws(MartletError) {
            switch date.decision {
            case .reprocess: run = try await reprocess(date, record)
            default: run = try await dependencies.runs.enqueue(request(entry, occasion, params: record.request.params))
            }
        } catch  where !error.isOfTheStore {
            switch error.code {
            case .runExists, .nothingToClear: backfills[id]?.skip(date.ordinal, because: .alreadyExists)
            case .runHeld: backfills[id]?.skip(date.ordinal, because: .inFlight)
            default:
                // As when a parameter that has no value is new in this version: it would fail for ever.
                backfills[id]?.skip(date.ordinal, because: .unknown)
                observer.heard(.problem(source: entry.record.source, errors: [error]))
            }
            return
        }
        backfills[id]?.begin(date.ordinal, as: run)
        try await dependencies.project.update(backfill: id, state: record.state, runs: [date.ordinal: run])
        entries[record.request.pipeline]?.queued.removeAll { $0.id == run }
        entries[record.request.pipeline]?.enqueue(PipelineEntry.QueuedRun(id: run, occasion: occasion))
        observer.heard(.created(run, record.request.pipeline, occasion))
    }

    /// Clears the run that the date has, so that all its steps run again.
    private func reprocess(_ date: BackfillDate, _ record: BackfillRecord) async throws(MartletError) -> RunID {
        let existing = try await dependencies.project.run(of: record.request.pipeline, for: date.logicalDate)
        guard let existing else {
            throw MartletError(
                .nothingToClear,
                "there is no run for \(date.logicalDate)",
                remedy: "plan the backfill again"
            )
        }
        let latest = record.request.latestVersion ?? false ? try await latestVersion(of: record.request.pipeline) : nil
        let request = ClearRequest(run: existing.id, note: "backfill \(record.id)")
        _ = try await dependencies.runs.apply(to: existing.id) { (machine) throws(MartletError) in
            .clear(try machine.selection(for: request, latest: latest), manifest: latest?.manifest)
        }
        return existing.id
    }

    func changeBackfill(_ id: String, to state: BackfillState) async throws(MartletError) {
        guard let record = try await dependencies.project.backfill(id) else {
            throw MartletError(.requestRefused, "there is no backfill \(id)", remedy: "see `martlet backfill list`")
        }
        guard record.state == .running || record.state == .paused, state != .done else {
            throw MartletError(.requestRefused, "backfill \(id) is \(record.state.rawValue)", remedy: "start a new one")
        }
        try await dependencies.project.update(backfill: id, state: state, runs: [:])
        backfills[id]?.change(to: state)
        guard state == .cancelled else { return }
        // As in Airflow: runs that wait are given up, those that run go on to their end.
        for run in backfills[id]?.runsToFail ?? [] {
            entries[record.request.pipeline]?.queued.removeAll { $0.id == run }
            do throws(MartletError) {
                _ = try await apply(to: run) { (machine) throws(MartletError) in
                    guard machine.state == .queued else {
                        throw MartletError(.requestRefused, "run \(machine.id) has begun", remedy: "let it end")
                    }
                    return .markRun(.failed, note: "its backfill was cancelled")
                }
            } catch  where !error.isOfTheStore {
                // It has begun in the meantime.
            }
        }
    }
}
