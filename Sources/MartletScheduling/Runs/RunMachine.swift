public import MartletCore
import OrderedCollections

/// A run as a value: commands go in, events come out, and the events alone rebuild it.
///
/// The machine decides what starts, what is skipped and when the run has ended. It reads no clock and launches
/// nothing. A completion costs the step's out-edges (counters), not the size of the run.
public struct RunMachine: Sendable {
    /// The run's id.
    public let id: RunID
    /// The pipeline as it was when the run was created.
    public let manifest: PipelineManifest
    /// The manifest's steps and what each waits for; positions below are positions in it.
    public let graph: PipelineGraph
    /// What the first event fixed: parameters, program and slots among others.
    public let created: RunCreated

    /// The run's state.
    public private(set) var state = RunState.queued
    /// When a process first began to execute the run; nil when none has.
    public private(set) var startedAt: Timestamp?
    /// Each step's state, by its position in the graph.
    public private(set) var steps: [StepState]
    /// Attempts started so far, by position.
    public private(set) var attempts: [Int]
    /// When a step in `up_for_retry` is due, by position.
    public private(set) var retryAt: [Int: Timestamp] = [:]
    /// The values each step reported, by position.
    public private(set) var values: [Int: [String: JSONValue]] = [:]
    /// Where each dataset that was written is.
    public private(set) var datasets: [DatasetID: DatasetOutput] = [:]
    /// Whether someone has asked the run to stop; stays true once it is.
    public private(set) var isCancelling = false

    let positions: [StepID: Int]
    private var counts: [UpstreamCounts]
    /// Attempts that ended because the executor did; they do not use up retries.
    private var interruptions: [Int: Int] = [:]
    /// Waiting steps whose counters changed since they were last looked at.
    private var unsettled: OrderedSet<Int>
    /// Scheduled steps without a slot, in the order they became ready.
    private var ready: OrderedSet<Int> = []
    private var runningCount = 0
    private var unfinishedCount: Int
    private var pending: [RunEvent] = []

    /// The machine of a run that has just been created.
    public init(id: RunID, manifest: PipelineManifest, created: RunCreated) {
        self.id = id
        self.manifest = manifest
        self.created = created
        graph = PipelineGraph(manifest)
        positions = Dictionary(uniqueKeysWithValues: graph.steps.enumerated().map { ($1, $0) })
        steps = Array(repeating: .none, count: graph.steps.count)
        attempts = Array(repeating: 0, count: graph.steps.count)
        counts = graph.upstream.map { UpstreamCounts(total: $0.count) }
        unsettled = OrderedSet(graph.steps.indices)
        unfinishedCount = graph.steps.count
    }

    /// Decides what follows from `command`, applies it, and returns the events in order.
    ///
    /// - Throws: ``TransitionError`` when the command does not fit the state; nothing has changed then.
    public mutating func handle(_ command: RunCommand, at now: Timestamp) throws(TransitionError) -> [RunEvent] {
        pending = []
        switch command {
        case .start(let executor):
            guard state == .queued else { throw refuse(command, "the run is \(state.rawValue)") }
            emit(.runStarted(executor), at: now)
        case .resume(let executor):
            guard !state.isTerminal else { throw refuse(command, "the run is \(state.rawValue)") }
            resume(by: executor, at: now)
        case .finishAttempt(let step, let attempt, let outcome):
            guard let position = positions[step] else { throw refuse(command, "there is no step \(step)") }
            guard steps[position] == .running, attempts[position] == attempt else {
                throw refuse(
                    command,
                    "attempt \(attempt) of \(step) does not run; it is \(steps[position].rawValue), attempt \(attempts[position])"
                )
            }
            finish(position, outcome, at: now)
        case .retryDue(let step):
            guard let position = positions[step], steps[position] == .upForRetry else { return [] }
            emit(.stepScheduled(step: step), at: now)
        case .cancel(let reason):
            guard !state.isTerminal else { throw refuse(command, "the run is \(state.rawValue)") }
            cancel(reason: reason, at: now)
        }
        settle(at: now)
        return pending
    }

    /// Applies an event of the log; total, so that a log that was once accepted can always be replayed.
    public mutating func evolve(_ event: RunEvent, at now: Timestamp) {
        switch event {
        case .runCreated:
            break
        case .runStarted:
            state = .running
            startedAt = now
        case .runResumed:
            state = .running
            startedAt = startedAt ?? now
        case .stepScheduled(let step):
            move(step, to: .scheduled)
        case .attemptStarted(let step, let attempt):
            if let position = positions[step] { attempts[position] = attempt }
            move(step, to: .running)
        case .attemptFinished(let finished):
            evolve(finished)
        case .stepResolved(let step, let state, _):
            move(step, to: state)
        case .branchDecided:
            break
        case .cancelRequested:
            isCancelling = true
        case .runFinished(let final, _):
            state = final
        }
    }

    private mutating func evolve(_ finished: AttemptFinished) {
        guard let position = positions[finished.step] else { return }
        if finished.outcome.result == .interrupted { interruptions[position, default: 0] += 1 }
        if finished.state == .success {
            values[position] = finished.outcome.values
            for output in finished.outcome.outputs { datasets[output.dataset] = output }
        } else if !finished.outcome.values.isEmpty {
            values[position] = finished.outcome.values
        }
        move(finished.step, to: finished.state)
        if let due = finished.retryAt { retryAt[position] = due }
    }

    private mutating func move(_ step: StepID, to next: StepState) {
        guard let position = positions[step] else { return }
        let previous = steps[position]
        steps[position] = next
        if previous == .running { runningCount -= 1 }
        if previous == .scheduled { ready.remove(position) }
        if previous == .upForRetry { retryAt[position] = nil }
        if previous == .none { unsettled.remove(position) }
        if next == .running { runningCount += 1 }
        if next == .scheduled { ready.append(position) }
        guard next.isTerminal, !previous.isTerminal else { return }
        unfinishedCount -= 1
        for target in graph.downstream[position] {
            counts[target].add(next)
            if steps[target] == .none { unsettled.append(target) }
        }
    }

    private mutating func emit(_ event: RunEvent, at now: Timestamp) {
        evolve(event, at: now)
        pending.append(event)
    }

    private func refuse(_ command: RunCommand, _ reason: String) -> TransitionError {
        TransitionError(command: command.name, reason: reason)
    }
}

// MARK: - Decisions

extension RunMachine {
    private mutating func finish(_ position: Int, _ outcome: AttemptOutcome, at now: Timestamp) {
        let step = manifest.steps[position]
        let attempt = attempts[position]
        var next: StepState
        var due: Timestamp?
        switch outcome.result {
        case .success: next = .success
        case .skipped: next = .skipped
        case .cancelled: next = isCancelling ? .cancelled : .failed
        case .interrupted:
            next = .upForRetry
            due = now
        case .failed, .timedOut:
            let used = attempt - interruptions[position, default: 0]
            if outcome.retryable, used <= step.retry.retries, !isCancelling {
                next = .upForRetry
                due = now + step.retry.delay(pipeline: manifest.pipeline, step: step.id, attempt: attempt)
            } else {
                next = .failed
            }
        }
        if isCancelling, next == .upForRetry { (next, due) = (.cancelled, nil) }
        emit(
            .attemptFinished(
                AttemptFinished(step: step.id, attempt: attempt, outcome: outcome, state: next, retryAt: due)
            ),
            at: now
        )
    }

    private mutating func resume(by executor: Executor, at now: Timestamp) {
        emit(.runResumed(executor), at: now)
        let interrupted = steps.indices.filter { steps[$0] == .running }
        for position in interrupted {
            let step = graph.steps[position]
            let error = MartletError(
                .attemptInterrupted,
                "attempt \(attempts[position]) of step \(step) was running when the run's process ended",
                remedy: "nothing to do; a new attempt follows"
            )
            finish(position, AttemptOutcome(.interrupted, error: error), at: now)
            if !isCancelling { emit(.stepScheduled(step: step), at: now) }
        }
        if isCancelling { cancelWaiting(at: now) }
    }

    private mutating func cancel(reason: String, at now: Timestamp) {
        if !isCancelling { emit(.cancelRequested(reason: reason), at: now) }
        cancelWaiting(at: now)
    }

    private mutating func cancelWaiting(at now: Timestamp) {
        for position in steps.indices where !steps[position].isTerminal && steps[position] != .running {
            emit(
                .stepResolved(step: graph.steps[position], state: .cancelled, reason: "the run was cancelled"),
                at: now
            )
        }
    }

    /// Draws all conclusions: resolves and schedules waiting steps, fills free slots, ends the run.
    private mutating func settle(at now: Timestamp) {
        guard state == .running || isCancelling else { return }
        repeat {
            while let position = unsettled.first {
                unsettled.removeFirst()
                if steps[position] == .none { consider(position, at: now) }
            }
            while unsettled.isEmpty, runningCount < created.slots, let position = ready.first {
                startStep(at: position, at: now)
            }
        } while !unsettled.isEmpty
        if unfinishedCount == 0 {
            end(at: now)
        } else if runningCount == 0, ready.isEmpty, retryAt.isEmpty {
            endDeadlocked(at: now)
        }
    }

    private mutating func consider(_ position: Int, at now: Timestamp) {
        let step = manifest.steps[position]
        switch step.triggerRule.decide(counts[position]) {
        case .wait:
            return
        case .resolve(let state):
            emit(.stepResolved(step: step.id, state: state, reason: reason(of: step, at: position)), at: now)
        case .run:
            guard let when = step.when else { return emit(.stepScheduled(step: step.id), at: now) }
            do {
                let holds = try truth(of: when, for: position)
                if holds { return emit(.stepScheduled(step: step.id), at: now) }
                emit(
                    .stepResolved(step: step.id, state: .skipped, reason: "its condition does not hold: \(when)"),
                    at: now
                )
            } catch {
                emit(.stepResolved(step: step.id, state: .failed, reason: "its condition failed: \(error)"), at: now)
            }
        }
    }

    private mutating func startStep(at position: Int, at now: Timestamp) {
        let step = manifest.steps[position]
        guard case .branch(let action) = step.action else {
            return emit(.attemptStarted(step: step.id, attempt: attempts[position] + 1), at: now)
        }
        do {
            var followed: [StepID] = []
            for choice in action.cases {
                guard
                    try choice.when.map({ condition throws(TemplateError) in try truth(of: condition, for: position) })
                        ?? true
                else { continue }
                followed = choice.follow
                break
            }
            emit(.branchDecided(step: step.id, follow: followed), at: now)
            skipUnfollowed(by: position, followed, at: now)
            let choice =
                followed.isEmpty ? "follows nothing" : "follows \(followed.map(\.rawValue).joined(separator: ", "))"
            emit(.stepResolved(step: step.id, state: .success, reason: choice), at: now)
        } catch {
            emit(.stepResolved(step: step.id, state: .failed, reason: "its condition failed: \(error)"), at: now)
        }
    }

    /// Skips the direct children of a branch that are neither followed nor downstream of one that is.
    private mutating func skipUnfollowed(by position: Int, _ followed: [StepID], at now: Timestamp) {
        let named = Set(followed.compactMap { positions[$0] })
        let kept = named.reduce(into: named) { $0.formUnion(graph.descendants(of: $1)) }
        for child in graph.downstream[position] where steps[child] == .none && !kept.contains(child) {
            emit(
                .stepResolved(
                    step: graph.steps[child],
                    state: .skipped,
                    reason: "branch \(graph.steps[position]) did not follow it"
                ),
                at: now
            )
        }
    }

    private mutating func end(at now: Timestamp) {
        if isCancelling, steps.contains(.cancelled) {
            return emit(.runFinished(state: .cancelled, reason: "cancelled"), at: now)
        }
        let leaves = graph.steps.indices.filter { graph.downstream[$0].isEmpty }
        let bad = leaves.filter { [.failed, .upstreamFailed, .cancelled].contains(steps[$0]) }
        if bad.isEmpty { return emit(.runFinished(state: .success, reason: nil), at: now) }
        let failed = graph.steps.indices.filter { steps[$0] == .failed }.map { graph.steps[$0].rawValue }
        let names = failed.prefix(5).joined(separator: ", ") + (failed.count > 5 ? " and \(failed.count - 5) more" : "")
        emit(
            .runFinished(state: .failed, reason: failed.count == 1 ? "step \(names) failed" : "steps \(names) failed"),
            at: now
        )
    }

    private mutating func endDeadlocked(at now: Timestamp) {
        let waiting = graph.steps.indices.filter { !steps[$0].isTerminal }
        for position in waiting {
            emit(
                .stepResolved(
                    step: graph.steps[position],
                    state: .upstreamFailed,
                    reason: "it waited for something that can no longer happen"
                ),
                at: now
            )
        }
        emit(.runFinished(state: .failed, reason: "all unfinished steps were deadlocked"), at: now)
    }

    private func reason(of step: StepManifest, at position: Int) -> String {
        let outcomes = graph.upstream[position].filter { steps[$0].isTerminal }.prefix(5)
            .map { "\(graph.steps[$0]) is \(steps[$0].rawValue)" }
        return "\(step.triggerRule.rawValue): \(outcomes.joined(separator: ", "))"
    }

    private func truth(of condition: String, for position: Int) throws(TemplateError) -> Bool {
        guard let expression = try Template(condition).soleExpression else {
            throw TemplateError(offset: 0, reason: "\(condition) is not one expression")
        }
        let context = context(for: position, attempt: attempts[position], project: created.projectRoot, work: "")
        return try expression.truth { TemplateContext.lookup($0, in: context) }
    }
}
