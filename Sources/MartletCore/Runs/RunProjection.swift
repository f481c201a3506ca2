public import OrderedCollections

/// A run's log folded into what tables and screens show.
///
/// Total: an event that does not fit is applied as far as it makes sense, because a log that was once accepted must
/// always be readable. That only fitting events are accepted is the run machine's duty.
public struct RunProjection: Hashable, Sendable {
    /// The run as a whole.
    public private(set) var run: RunSummary
    /// Every instance of a step by its id: steps in the order of the manifest, then what was added since.
    ///
    /// A place, once taken, is never moved or given up, so that tables can be keyed by it.
    public private(set) var steps: OrderedDictionary<InstanceID, StepSummary>

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
            lastSequence: first.sequence,
            occasion: created.occasion
        )
        steps = OrderedDictionary(uniqueKeysWithValues: ids.map { (InstanceID($0), StepSummary(id: InstanceID($0))) })
    }

    /// The state after all of a run's log; nil when that does not begin with the event that creates a run.
    public init?(id: RunID, log: [RecordedEvent], steps ids: [StepID]) {
        guard let first = log.first else { return nil }
        self.init(id: id, first: first, steps: ids)
        for recorded in log.dropFirst() { apply(recorded) }
    }

    /// A projection read back from tables.
    public init(run: RunSummary, steps: [StepSummary]) {
        self.run = run
        self.steps = OrderedDictionary(steps.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// What became of an instance; nil when the run has none of that id.
    public func step(_ id: InstanceID) -> StepSummary? { steps[id] }

    /// The rows of ``steps``, in order.
    public var rows: [StepSummary] { Array(steps.values) }

    /// Applies the next event; returns the instances it changed.
    @discardableResult
    public mutating func apply(_ recorded: RecordedEvent) -> [InstanceID] {
        run.lastSequence = recorded.sequence
        switch recorded.event {
        case .runCreated, .cancelRequested, .stopRequested, .branchDecided, .datasetsTaken, .deadlineMissed,
            .stepsHeld, .publishRefused:
            return []
        case .runStarted(let executor):
            run.state = .running
            run.startedAt = recorded.at
            run.executor = executor
            return []
        case .runResumed(let executor):
            // A run may be resumed that was created and never started.
            run.state = .running
            run.startedAt = run.startedAt ?? recorded.at
            run.executor = executor
            return []
        case .stepScheduled(let step):
            return change(step) {
                $0.state = .scheduled
                $0.retryAt = nil
                $0.reason = nil
            }
        case .attemptStarted(let step, let attempt):
            return change(step) { $0.start(attempt, .running, at: recorded.at) }
        case .attemptDeferred(let step, let attempt, let state):
            return change(step) { $0.start(attempt, state, at: recorded.at) }
        case .published(let publication):
            run.commit = publication.commit
            run.published = publication.target
            return []
        case .attemptFinished(let finished):
            run.commit = finished.outcome.outputs.last { $0.commit != nil }?.commit ?? run.commit
            return change(finished.step) { $0.finish(finished, at: recorded.at) }
        case .stepResolved(let step, let state, let reason):
            return change(step) {
                $0.state = state
                $0.reason = reason
                $0.finishedAt = recorded.at
                $0.retryAt = nil
            }
        case .stepsMapped(let mapped):
            return expand(mapped, at: recorded.at)
        case .cleared(let cleared):
            return reopen(cleared, at: recorded.at)
        case .marked(let marked):
            return marked.steps.flatMap { step in
                change(step) {
                    $0.state = marked.state
                    $0.reason = marked.note ?? "marked"
                    $0.finishedAt = recorded.at
                    $0.retryAt = nil
                }
            }
        case .runFinished(let state, let reason):
            run.state = state
            run.reason = reason
            run.finishedAt = recorded.at
            return []
        }
    }

    private mutating func change(_ step: InstanceID, _ body: (inout StepSummary) -> Void) -> [InstanceID] {
        body(&steps[step, default: StepSummary(id: step)])
        return [step]
    }

    /// Gives each mapped step one instance for each item; what is beyond a list that became shorter is removed.
    private mutating func expand(_ mapped: MappedSteps, at now: Timestamp) -> [InstanceID] {
        var changed: [InstanceID] = []
        for step in mapped.steps {
            changed += giveWay(step, to: mapped.items.count, at: now)
            for index in mapped.items.indices {
                let label = mapped.labels.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                changed += change(InstanceID(step, index)) {
                    if $0.state == .removed { $0.reset() }
                    $0.label = label
                }
            }
            // The first instance stays, even without an item, to say what became of the step. Instances are numbered
            // without gaps, so that one that is not there ends the search.
            var beyond = InstanceID(step, max(1, mapped.items.count))
            while let row = steps[beyond] {
                if row.state != .removed { changed += change(beyond) { $0.remove(at: now) } }
                beyond = InstanceID(step, (beyond.index ?? 0) + 1)
            }
        }
        return changed
    }

    /// Turns the row of an unexpanded step into that of its first instance.
    private mutating func giveWay(_ step: StepID, to count: Int, at now: Timestamp) -> [InstanceID] {
        let (whole, first) = (InstanceID(step), InstanceID(step, 0))
        guard count > 0, let position = steps.index(forKey: whole) else { return [] }
        // A row cannot be given up; one whose successor is there already stays as a trace.
        guard steps[first] == nil else { return change(whole) { $0.remove(at: now) } }
        var row = steps.values[position]
        row.id = first
        steps.replaceElement(at: position, withKey: first, value: row)
        return []
    }

    private mutating func reopen(_ cleared: ClearedSteps, at now: Timestamp) -> [InstanceID] {
        if run.state.isTerminal {
            run.state = .queued
            (run.startedAt, run.finishedAt, run.reason, run.published) = (nil, nil, nil, nil)
        }
        run.manifestHash = cleared.manifestHash ?? run.manifestHash
        run.occasion.version = cleared.version ?? run.occasion.version
        var changed: [InstanceID] = []
        for step in cleared.removed { changed += change(step) { $0.remove(at: now) } }
        for step in cleared.added {
            // One that was in the run before, and mapped, goes on in the row of its first instance.
            let first = InstanceID(step, 0)
            changed += change(steps[first] == nil ? InstanceID(step) : first) {
                if $0.state == .removed { $0.reset() }
            }
        }
        for step in cleared.steps {
            changed += change(step) {
                // A wait has no process to be ended.
                let isBusy = $0.state == .running || $0.state == .restarting
                $0.reset()
                if isBusy { $0.state = .restarting }
            }
        }
        return changed
    }
}

extension StepSummary {
    fileprivate mutating func start(_ attempt: Int, _ state: StepState, at now: Timestamp) {
        self.state = state
        attempts = attempt
        startedAt = startedAt ?? now
        reason = nil
    }

    fileprivate mutating func finish(_ finished: AttemptFinished, at now: Timestamp) {
        if finished.state == .none {
            // Cleared while it ran: how that attempt came out means nothing any more.
            reset()
            return
        }
        state = finished.state
        outcome = finished.outcome
        retryAt = finished.retryAt
        finishedAt = finished.state.isTerminal ? now : nil
        reason = finished.outcome.error?.message
    }

    /// Makes it as if nothing had happened to it, but for its count of attempts.
    fileprivate mutating func reset() { self = StepSummary(id: id, attempts: attempts, label: label) }

    fileprivate mutating func remove(at now: Timestamp) {
        state = .removed
        retryAt = nil
        finishedAt = now
    }
}
