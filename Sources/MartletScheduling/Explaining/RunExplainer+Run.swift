import MartletCore

// What has to hold for the run as a whole before any step of it may start.
extension RunExplainer {
    var pipeline: PipelineID { machine.manifest.pipeline }

    var runChecks: [ExplanationCheck] {
        [executorCheck, stateCheck]
            + [pausedCheck, runAfterCheck, activeRunsCheck, backfillCheck, stopCheck].compactMap(\.self)
    }

    private var executorCheck: ExplanationCheck {
        switch facts.execution {
        case .process(let pid):
            return ExplanationCheck(.executor, .passes, "process\(pid.map { " \($0)" } ?? "") executes the run")
        case .scheduler:
            return ExplanationCheck(.executor, .passes, "martlet up runs")
        case .nobody:
            let remedy = machine.created.occasion.isUnattended ? "start `martlet up`, or " : ""
            return ExplanationCheck(
                .executor,
                .blocks,
                "no process executes the run: \(remedy)go on with `martlet runs resume \(machine.id)`",
                predicate: "waits for a process that executes run \(machine.id): \(remedy)`martlet runs resume` it"
            )
        }
    }

    private var stateCheck: ExplanationCheck {
        guard machine.state == .queued else {
            let since = machine.startedAt.map { " since \($0.short)" } ?? ""
            return ExplanationCheck(.runState, .passes, "the run is \(machine.state.rawValue)\(since)")
        }
        let since = machine.queuedAt.map { ", since \($0.short)" } ?? ""
        return ExplanationCheck(
            .runState,
            .blocks,
            "the run is queued\(since); steps start when it does",
            predicate: "waits for its run to be started"
        )
    }

    private var pausedCheck: ExplanationCheck? {
        guard let record = facts.pipeline else { return nil }
        guard record.isPaused else {
            return ExplanationCheck(.pipelinePaused, .passes, "pipeline \(pipeline) is not paused")
        }
        let note = record.pauseNote.map { ": \($0)" } ?? ""
        return ExplanationCheck(
            .pipelinePaused,
            .blocks,
            "pipeline \(pipeline) is paused\(note); `martlet unpause \(pipeline)` lets it go on",
            predicate: "waits because pipeline \(pipeline) is paused\(note)"
        )
    }

    private var runAfterCheck: ExplanationCheck? {
        guard machine.state == .queued, let after = machine.created.occasion.runAfter else { return nil }
        if after <= facts.now { return ExplanationCheck(.runAfter, .passes, "it was due at \(after.short)") }
        let pause = (after - facts.now).shortText
        return ExplanationCheck(
            .runAfter,
            .blocks,
            "the run does not start before \(after.short), in \(pause)",
            predicate: "waits for \(after.short), before which its run does not start (in \(pause))"
        )
    }

    /// A backfill has a limit of its own, which counts before a run of it is made.
    private var activeRunsCheck: ExplanationCheck? {
        guard machine.state == .queued, machine.created.occasion.backfill == nil else { return nil }
        let limit = machine.manifest.policy.maxActiveRuns
        let count = facts.activeRuns.count
        let before = facts.runsBefore.isEmpty ? "" : ", and \(facts.runsBefore.count) start before it"
        let text = "\(count) of \(limit) runs of pipeline \(pipeline) are active (max_active_runs)\(before)"
        if count < limit { return ExplanationCheck(.maxActiveRuns, .passes, text) }
        let names = Self.list(facts.activeRuns.map(\.rawValue))
        return ExplanationCheck(
            .maxActiveRuns,
            .blocks,
            "\(text): \(names)",
            predicate: "waits for a run of pipeline \(pipeline) to end: \(count) of \(limit) are active (\(names))"
        )
    }

    private var backfillCheck: ExplanationCheck? {
        guard machine.state == .queued, let backfill = facts.backfill else { return nil }
        if backfill.state != .paused {
            return ExplanationCheck(.backfill, .passes, "backfill \(backfill.id) is \(backfill.state.rawValue)")
        }
        return ExplanationCheck(
            .backfill,
            .blocks,
            "backfill \(backfill.id) is paused; `martlet backfill resume \(backfill.id)` lets it go on",
            predicate: "waits because backfill \(backfill.id) is paused"
        )
    }

    private var stopCheck: ExplanationCheck? {
        if machine.isCancelling {
            return ExplanationCheck(.stopping, .never, "the run is being cancelled", predicate: "ends with its run")
        }
        let why: String
        switch machine.stop {
        case .failFast: why = "a step of it failed, and the pipeline fails fast"
        case .timeout: why = "it ran longer than its timeout"
        case .marked: why = "somebody set its state"
        case nil: return nil
        }
        return ExplanationCheck(.stopping, .never, "the run stops: \(why)", predicate: "ends with its run: \(why)")
    }

    /// Names for people, the first few of them.
    static func list(_ names: [String], most: Int = 3) -> String {
        if names.count > most + 1 {
            return "\(names.prefix(most).joined(separator: ", ")) and \(names.count - most) more"
        }
        if names.count < 2 { return names.first ?? "none" }
        return "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1])"
    }
}

extension Timestamp {
    /// The instant to the second, as in `2026-01-02T03:04:05Z`.
    var short: String {
        let text = description
        return "\(text.prefix { $0 != "." && $0 != "Z" })Z"
    }
}
