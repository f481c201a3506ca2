import MartletCore
import MartletScheduling
import OrderedCollections

// What one run has to know of others.
extension SchedulerService {
    /// Passes on what a run has done: to triggers that wait for datasets, to runs that wait for the one before them, to
    /// people who are asked.
    func heard(_ events: [RecordedEvent], of run: RunID, _ pipeline: PipelineID) async throws(MartletError) {
        var hasEnded = false
        var hasBegun = false
        for entry in events {
            switch entry.event {
            case .attemptFinished(let finished):
                hasEnded = hasEnded || finished.state.isTerminal
                if finished.state == .success, !finished.outcome.outputs.isEmpty { datasetsAreDirty = true }
            case .published:
                datasetsAreDirty = true
            case .stepResolved, .marked:
                hasEnded = true
            case .cleared:
                (hasEnded, hasBegun) = (true, true)
            case .runStarted, .runResumed:
                hasBegun = true
            case .attemptDeferred(let step, let attempt, .awaitingInput):
                try await askPeople(run, pipeline, step, attempt)
            default:
                break
            }
        }
        if hasEnded { try await tellNextRuns(of: run) }
        if hasBegun { try await watchDeadlines(of: run, pipeline) }
    }

    private func askPeople(
        _ run: RunID,
        _ pipeline: PipelineID,
        _ step: InstanceID,
        _ attempt: Int
    ) async throws(MartletError) {
        let manifest = executions[run]?.manifest ?? entries[pipeline]?.manifest
        var names: [NotifierID] = []
        if case .approve(let action) = manifest?.step(step.step)?.action { names = action.notify }
        try await send(
            Alert(
                id: "approval_needed/\(run)/\(step)/\(attempt)",
                kind: .approvalNeeded,
                at: now,
                text: "step \(step) of run \(run) waits for an answer: martlet runs answer \(run) \(step) OPTION",
                pipeline: pipeline,
                run: run,
                step: step
            ),
            to: names
        )
    }

    /// Tells a run what became of the one before it, when its steps want to know.
    func learnPast(of execution: RunExecution) async throws(MartletError) {
        let manifest = execution.manifest
        guard manifest.steps.contains(where: { $0.past != .ignored }), let date = execution.occasion.logicalDate else {
            return
        }
        // As in Airflow: where dates are caught up with, runs made by hand are not part of the sequence.
        let kinds: Set<RunKind> = manifest.schedule?.catchup == true ? [.scheduled, .backfill] : Set(RunKind.allCases)
        let before = try await dependencies.project.lastRun(of: manifest.pipeline, kinds: kinds, before: date)
        guard let before else { return execution.tell(.learnPast(PastRun(run: nil))) }
        previousRuns[execution.id] = before.id
        execution.tell(.learnPast(try await past(before.id)))
    }

    func tellNextRuns(of run: RunID) async throws(MartletError) {
        let next = previousRuns.filter { $0.value == run }.keys
        if next.isEmpty { return }
        let past = try await past(run)
        for id in next { executions[id]?.tell(.learnPast(past)) }
    }

    private func past(_ run: RunID) async throws(MartletError) -> PastRun {
        let steps = try await dependencies.store.projection(of: run)?.steps.values.map { ($0.id.step, $0.state) } ?? []
        return PastRun(run: run, states: Dictionary(grouping: steps, by: \.0).mapValues { $0.map(\.1) })
    }
}
