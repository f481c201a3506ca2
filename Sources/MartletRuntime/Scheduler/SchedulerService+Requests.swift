import Foundation
import MartletCore
import MartletScheduling
import OrderedCollections

// What operators ask.
extension SchedulerService {
    func answerRequests() async throws(MartletError) {
        for recorded in try await dependencies.project.openRequests() {
            let answer: Result<JSONValue, MartletError>
            do throws(MartletError) {
                answer = .success(try await reply(to: recorded))
            } catch {
                // A store that fails answers nobody; the request stays open.
                if error.isOfTheStore { throw error }
                // Nor does a scheduler whose runs are being ended; its next start answers.
                if Task.isCancelled { return }
                answer = .failure(error)
            }
            try await dependencies.project.answer(request: recorded.id, with: answer, at: now)
            var answered = recorded
            answered.answeredAt = now
            switch answer {
            case .success(let value): answered.answer = value
            case .failure(let error): answered.error = error
            }
            observer.heard(.answered(answered))
        }
    }

    private func reply(to recorded: RecordedRequest) async throws(MartletError) -> JSONValue {
        switch recorded.request {
        case .pause(let pipeline): return try await pause(pipeline, true, by: recorded.by)
        case .unpause(let pipeline): return try await pause(pipeline, false, by: recorded.by)
        case .deletePipeline(let pipeline): return try await delete(pipeline)
        case .trigger(let request): return try await trigger(request, recorded)
        case .cancel(let run): return try await cancel(run, by: recorded.by)
        case .clear(let request): return try await clear(request)
        case .mark(let request): return try await mark(request)
        case .answer(let request): return try await give(request)
        case .backfill(let request): return try asJSON(try await add(request, recorded.name(for: request.pipeline)))
        case .changeBackfill(let id, let state):
            try await changeBackfill(id, to: state)
            return .object(["id": .string(id), "state": .string(state.rawValue)])
        case .datasetWritten(let dataset, let partition):
            let event = try await dependencies.project.addDatasetEvent(dataset, partition: partition, at: now)
            datasetsAreDirty = true
            dependencies.waits.wake(.dataset(dataset))
            return try asJSON(event)
        case .settingsChanged:
            try await readPools()
            return .object([:])
        }
    }

    func unknown(_ pipeline: PipelineID) -> MartletError {
        let nearest = NearestName.of(pipeline.rawValue, among: entries.keys.map(\.rawValue).sorted())
        return MartletError(
            .pipelineUnregistered,
            "there is no pipeline \"\(pipeline)\"",
            remedy: nearest.map { "did you mean \($0)?" } ?? "see `martlet pipelines list`"
        )
    }

    /// The pipeline, if it may start something new.
    func defined(_ pipeline: PipelineID) throws(MartletError) -> PipelineEntry {
        guard let entry = entries[pipeline] else { throw unknown(pipeline) }
        if entry.isDefined { return entry }
        throw MartletError(
            .requestRefused,
            "pipeline \(pipeline) is in no file any more",
            reason: "it was read from \(entry.record.source)",
            remedy: "put the file back"
        )
    }

    private func pause(_ pipeline: PipelineID, _ isPaused: Bool, by: String) async throws(MartletError) -> JSONValue {
        guard entries[pipeline] != nil else { throw unknown(pipeline) }
        try await setPaused(pipeline, isPaused, note: isPaused ? "paused by \(by)" : nil)
        return .object(["pipeline": .string(pipeline.rawValue), "paused": .bool(isPaused)])
    }

    private func delete(_ pipeline: PipelineID) async throws(MartletError) -> JSONValue {
        guard let entry = entries[pipeline] else { throw unknown(pipeline) }
        if entry.isDefined {
            throw MartletError(
                .pipelineInUse,
                "pipeline \(pipeline) is defined in \(entry.record.source)",
                remedy: "remove the file first, or it would be read again"
            )
        }
        let stored = try await dependencies.project.unfinishedRuns().count { $0.pipeline == pipeline }
        let unfinished = max(stored, entry.starting)
        if unfinished > 0 {
            throw MartletError(
                .pipelineInUse,
                "pipeline \(pipeline) has \(unfinished) unfinished run\(unfinished == 1 ? "" : "s")",
                remedy: "cancel them first: martlet runs cancel RUN"
            )
        }
        try await dependencies.project.forget(pipeline)
        entries[pipeline] = nil
        datasetAlarms[pipeline] = nil
        return .object(["pipeline": .string(pipeline.rawValue)])
    }

    private func trigger(
        _ request: TriggerRequest,
        _ recorded: RecordedRequest
    ) async throws(MartletError) -> JSONValue {
        let id = recorded.name(for: request.pipeline)
        func answer() -> JSONValue {
            .object([
                "run_id": .string(id.rawValue), "pipeline": .string(request.pipeline.rawValue), "state": "queued",
                "logical_date": request.logicalDate.map { .string($0.description) } ?? .null,
            ])
        }
        // Made by a process that was killed before it could say so.
        if try await dependencies.store.projection(of: id) != nil { return answer() }
        let entry = try defined(request.pipeline)
        let at = request.logicalDate ?? now
        let interval = try entry.manifest.schedule.map { (spec) throws(MartletError) in
            try Timetable(spec, pipeline: request.pipeline).manualInterval(at: at)
        }
        let occasion = RunOccasion(
            kind: .manual,
            logicalDate: request.logicalDate,
            intervalStart: interval?.start,
            intervalEnd: interval?.end,
            runAfter: now,
            timezone: entry.manifest.schedule?.timezone,
            timezoneDatabase: interval == nil ? nil : Zone.databaseVersion,
            version: entry.record.version,
            note: request.note,
            isUnattended: true
        )
        _ = try await dependencies.runs.enqueue(self.request(entry, occasion, params: request.params), as: id)
        entries[request.pipeline]?.enqueue(PipelineEntry.QueuedRun(id: id, occasion: occasion))
        observer.heard(.created(id, request.pipeline, occasion))
        return answer()
    }

    /// Applies a command to a run, whoever executes it.
    func apply(to run: RunID, _ question: @escaping RunExecution.Question) async throws(MartletError) -> [RunEvent] {
        while true {
            do throws(MartletError) {
                guard let execution = executions[run] else {
                    let events = try await dependencies.runs.apply(to: run, question)
                    try await tellNextRuns(of: run)
                    return events
                }
                return try await execution.ask(question)
            } catch
                where error.code == .runEnded && executions[run] != nil || error.code == .runHeld && isStarting(run)
            {
                // It has just ended, or begins at this moment: it is asked again once we have heard of that.
                guard try await awaitInputs() else { throw error }
            }
        }
    }

    private func isStarting(_ run: RunID) -> Bool {
        launching.contains(run) || executions[run] != nil || entries.values.contains { $0.starting > 0 }
    }

    private func cancel(_ run: RunID, by: String) async throws(MartletError) -> JSONValue {
        try await takeDatasets(ofQueued: run)
        let events = try await apply(to: run) { _ throws(MartletError) in .cancel(reason: "cancelled by \(by)") }
        try await forgetQueued(run, after: events)
        let state = try await dependencies.store.projection(of: run)?.run.state.rawValue ?? ""
        return .object(["run_id": .string(run.rawValue), "state": .string(state)])
    }

    /// What a run is given up for is given up with it, and makes no other run.
    private func takeDatasets(ofQueued run: RunID) async throws(MartletError) {
        for entry in entries.values {
            for queued in entry.queued where queued.id == run { _ = try await takeDatasets(for: queued, entry) }
        }
    }

    private func forgetQueued(_ run: RunID, after events: [RunEvent]) async throws(MartletError) {
        let states = events.compactMap { if case .runFinished(let state, _) = $0 { state } else { nil } }
        guard let state = states.last else { return }
        for id in entries.keys { entries[id]?.queued.removeAll { $0.id == run } }
        for id in backfills.keys { backfills[id]?.fold(run, state) }
        deadlines.forget(run)
    }

    func latestVersion(
        of pipeline: PipelineID
    ) async throws(MartletError) -> (manifest: PipelineManifest, hash: String, version: Int)? {
        entries[pipeline].map { ($0.manifest, $0.record.manifestHash, $0.record.version) }
    }

    private func clear(_ request: ClearRequest) async throws(MartletError) -> JSONValue {
        guard let summary = try await dependencies.store.projection(of: request.run)?.run else {
            throw RunService.unknown(request.run)
        }
        let policy = entries[summary.pipeline]?.manifest.policy
        let wantsLatest = request.latestVersion ?? policy?.rerunsWithLatest ?? false
        let latest = wantsLatest ? try await latestVersion(of: summary.pipeline) : nil
        if request.isDryRun {
            let machine = try await dependencies.runs.load(request.run).machine
            return Self.json(try machine.selection(for: request, latest: latest), of: request)
        }
        let events = try await apply(to: request.run) { (machine) throws(MartletError) in
            .clear(try machine.selection(for: request, latest: latest), manifest: latest?.manifest)
        }
        try await enqueueAgain(request.run)
        guard
            let cleared = events.lazy.compactMap({ if case .cleared(let cleared) = $0 { cleared } else { nil } }).first
        else { return .object([:]) }
        return Self.json(cleared, of: request)
    }

    /// A run that had ended waits to be started again.
    private func enqueueAgain(_ run: RunID) async throws(MartletError) {
        guard executions[run] == nil, let summary = try await dependencies.store.projection(of: run)?.run,
            summary.state == .queued
        else { return }
        for id in entries.keys { entries[id]?.queued.removeAll { $0.id == run } }
        // What was made for a backfill that has ended counts as a run like any other.
        var occasion = summary.occasion
        if let backfill = occasion.backfill, backfills[backfill] == nil { occasion.backfill = nil }
        occasion.runAfter = nil
        entries[summary.pipeline]?.enqueue(PipelineEntry.QueuedRun(id: run, occasion: occasion))
        try await watchDeadlines(of: run, summary.pipeline)
    }

    private static func json(_ cleared: ClearedSteps, of request: ClearRequest) -> JSONValue {
        let steps = cleared.steps.map { JSONValue.string($0.description) }
        let added = cleared.added.map { JSONValue.string($0.rawValue) }
        let removed = cleared.removed.map { JSONValue.string($0.description) }
        return .object([
            "run_id": .string(request.run.rawValue), "steps": .array(steps), "added": .array(added),
            "removed": .array(removed),
            "version": cleared.version.map(JSONValue.integer) ?? .null,
            "dry_run": .bool(request.isDryRun),
        ])
    }

    private func mark(_ request: MarkRequest) async throws(MartletError) -> JSONValue {
        let events: [RunEvent]
        if request.steps.isEmpty {
            guard let state = RunState(rawValue: request.state.rawValue), state.isTerminal, state != .cancelled else {
                throw MartletError(
                    .requestRefused,
                    "a run cannot be marked as \(request.state.rawValue)",
                    remedy: "use success or failed; `martlet runs cancel` cancels it"
                )
            }
            try await takeDatasets(ofQueued: request.run)
            events = try await apply(to: request.run) { _ throws(MartletError) in .markRun(state, note: request.note) }
        } else {
            events = try await apply(to: request.run) { _ throws(MartletError) in
                .mark(request.steps, request.state, note: request.note)
            }
        }
        try await forgetQueued(request.run, after: events)
        try await enqueueAgain(request.run)
        let marked = events.flatMap { event -> [InstanceID] in
            if case .marked(let marked) = event { marked.steps } else { [] }
        }
        return .object([
            "run_id": .string(request.run.rawValue), "state": .string(request.state.rawValue),
            "steps": .array(marked.map { .string($0.description) }),
        ])
    }

    private func give(_ request: AnswerRequest) async throws(MartletError) -> JSONValue {
        guard let summary = try await dependencies.store.projection(of: request.run) else {
            throw RunService.unknown(request.run)
        }
        guard let step = summary.steps[request.step], step.state == .awaitingInput else {
            throw MartletError(
                .requestRefused,
                "step \(request.step) of run \(request.run) waits for no answer",
                reason: summary.steps[request.step].map { "it is \($0.state.rawValue)" },
                remedy: "see `martlet runs show \(request.run)`"
            )
        }
        guard executions[request.run] != nil else {
            throw MartletError(
                .requestRefused,
                "nothing executes run \(request.run)",
                remedy: "start `martlet up`; the question is asked again then"
            )
        }
        let key = WaitKey(request.run, request.step, attempt: step.attempts)
        try dependencies.waits.answer(key, with: request.option, by: request.by)
        return .object([
            "run_id": .string(request.run.rawValue), "step": .string(request.step.description),
            "option": .string(request.option),
        ])
    }
}

extension RecordedRequest {
    /// The id of what the request makes: the same each time it is handled, so that it is made once, even if the
    /// process is killed before it can answer.
    fileprivate func name(for pipeline: PipelineID) -> RunID {
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        let suffix = (0..<6).reversed().map { letters[(id >> ($0 * 5)) & 31] }
        return RunID(of: pipeline, at: at, suffix: String(suffix))
    }
}

/// A value as JSON that programs can look into.
private func asJSON(_ value: some Encodable) throws(MartletError) -> JSONValue {
    do {
        return try JSONText.decode(JSONValue.self, from: JSONText.data(value))
    } catch {
        throw MartletError(.internalFault, "an answer is no JSON: \(error)", remedy: "please report this")
    }
}
