import MartletCore
import MartletRuntime
import MartletScheduling
import OrderedCollections

/// Gathers what explains a run: its log, the locks of who executes it, and all other unfinished runs.
///
/// It only reads, so that it also tells of a project that no scheduler runs for.
struct ExplanationSources {
    let workspace: Workspace
    let store: any StateStore
    let time: any TimeSource

    /// The explainer of a run as everything stands now.
    ///
    /// - Throws: ``MartletError`` MT2011 when there is no such run, MT8xxx when the store cannot be read.
    func explainer(of id: RunID) async throws(MartletError) -> RunExplainer {
        let (machine, log) = try await RunHistory.load(id, from: store)
        let occasion = machine.created.occasion
        var facts = ExplanationFacts(now: time.now, log: log)
        let others = try await store.unfinishedRuns().filter { $0.id != id }
        let lock = FileLock.holder(RunLayout(workspace.layout, id).lock)
        let scheduler = workspace.schedulerHolder
        facts.execution =
            lock.isHeld
            ? .process(lock.pid)
            : scheduler.isHeld && (occasion.isUnattended || machine.state == .queued) ? .scheduler : .nobody
        let pipelines = try await store.pipelines()
        facts.pipeline = pipelines.first { $0.pipeline == machine.manifest.pipeline }
        let siblings = others.filter { $0.pipeline == machine.manifest.pipeline && $0.occasion.backfill == nil }
        facts.activeRuns = siblings.filter { $0.state == .running && $0.occasion.isUnattended }.map(\.id)
        facts.runsBefore = siblings.filter { $0.state == .queued && Self.isBefore($0, occasion, id) }.map(\.id)
        if let backfill = occasion.backfill { facts.backfill = try await store.backfill(backfill) }
        facts.past = try await past(of: machine)
        facts.planner = try await planner(
            of: machine,
            beside: others,
            by: lock.isHeld ? lock.pid : scheduler.pid,
            isScheduler: !lock.isHeld || lock.pid == scheduler.pid,
            paused: Set(pipelines.filter(\.isPaused).map(\.pipeline))
        )
        return RunExplainer(machine, facts: facts)
    }

    private static func isBefore(_ run: RunSummary, _ occasion: RunOccasion, _ id: RunID) -> Bool {
        func due(_ occasion: RunOccasion) -> Int64 { (occasion.runAfter ?? occasion.logicalDate)?.microseconds ?? 0 }
        return (due(run.occasion), run.id) < (due(occasion), id)
    }

    private func past(of machine: RunMachine) async throws(MartletError) -> PastRun? {
        guard let date = machine.created.occasion.logicalDate,
            machine.manifest.steps.contains(where: { $0.past != .ignored })
        else { return nil }
        // As the scheduler has it: where dates are caught up with, runs made by hand are not part of the sequence.
        let kinds: Set<RunKind> =
            machine.manifest.schedule?.catchup == true ? [.scheduled, .backfill] : Set(RunKind.allCases)
        let before = try await store.lastRun(of: machine.manifest.pipeline, kinds: kinds, before: date)
        guard let before else { return PastRun(run: nil) }
        let steps = try await store.projection(of: before.id)?.steps.values.map { ($0.id.step, $0.state) } ?? []
        return PastRun(run: before.id, states: Dictionary(grouping: steps, by: \.0).mapValues { $0.map(\.1) })
    }

    /// The slots of the process `pid`, by all the runs that it executes.
    private func planner(
        of machine: RunMachine,
        beside others: [RunSummary],
        by pid: Int?,
        isScheduler: Bool,
        paused: Set<PipelineID>
    ) async throws(MartletError) -> Planner {
        var executed = [machine]
        for run in others where pid != nil && FileLock.holder(RunLayout(workspace.layout, run.id).lock).pid == pid {
            executed.append(try await RunHistory.load(run.id, from: store).machine)
        }
        let running = executed.reduce(0) { sum, run in sum + run.instances.count { $0.state == .running } }
        // A scheduler that was given more slots than usual shows it by using them.
        let total = isScheduler ? max(workspace.defaultTotalSlots, running) : Limits.parallelSteps
        let limits = PlannerLimits(totalSlots: total, pools: try await store.pools())
        return Planner(limits: limits, executing: executed, paused: isScheduler ? paused : [])
    }
}
