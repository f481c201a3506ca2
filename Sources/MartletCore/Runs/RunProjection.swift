public import OrderedCollections

/// A run's log folded into what tables and screens show.
///
/// Total: an event that does not fit is applied as far as it makes sense, because a log that was once accepted must
/// always be readable. That only fitting events are accepted is the run machine's duty.
public struct RunProjection: Hashable, Sendable {
    /// The run as a whole.
    public private(set) var run: RunSummary
    /// Every step by its id, in the order of the manifest.
    public private(set) var steps: OrderedDictionary<StepID, StepSummary>

    /// The state after a run's first event; nil when `first` does not create a run.
    public init?(id: RunID, first: RecordedEvent, steps ids: [StepID]) {
        guard case .runCreated(let created) = first.event else { return nil }
        run = RunSummary(
            id: id,
            pipeline: created.pipeline,
            state: .queued,
            params: created.params,
            manifestHash: created.manifestHash,
            createdAt: first.at,
            lastSequence: first.sequence
        )
        steps = OrderedDictionary(uniqueKeysWithValues: ids.map { ($0, StepSummary(id: $0)) })
    }

    /// A projection read back from tables.
    public init(run: RunSummary, steps: [StepSummary]) {
        self.run = run
        self.steps = OrderedDictionary(steps.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// Applies the next event; returns the step it changed, if it changed one.
    @discardableResult
    public mutating func apply(_ recorded: RecordedEvent) -> StepID? {
        run.lastSequence = recorded.sequence
        switch recorded.event {
        case .runCreated, .cancelRequested, .branchDecided:
            return nil
        case .runStarted(let executor):
            run.state = .running
            run.startedAt = recorded.at
            run.executor = executor
            return nil
        case .runResumed(let executor):
            // A run may be resumed that was created and never started.
            run.state = .running
            run.startedAt = run.startedAt ?? recorded.at
            run.executor = executor
            return nil
        case .stepScheduled(let step):
            return change(step) {
                $0.state = .scheduled
                $0.retryAt = nil
            }
        case .attemptStarted(let step, let attempt):
            return change(step) {
                $0.state = .running
                $0.attempts = attempt
                $0.startedAt = $0.startedAt ?? recorded.at
            }
        case .attemptFinished(let finished):
            return change(finished.step) {
                $0.state = finished.state
                $0.outcome = finished.outcome
                $0.retryAt = finished.retryAt
                $0.finishedAt = finished.state.isTerminal ? recorded.at : nil
                $0.reason = finished.outcome.error?.message
            }
        case .stepResolved(let step, let state, let reason):
            return change(step) {
                $0.state = state
                $0.reason = reason
                $0.finishedAt = recorded.at
            }
        case .runFinished(let state, let reason):
            run.state = state
            run.reason = reason
            run.finishedAt = recorded.at
            return nil
        }
    }

    private mutating func change(_ step: StepID, _ body: (inout StepSummary) -> Void) -> StepID {
        body(&steps[step, default: StepSummary(id: step)])
        return step
    }
}
