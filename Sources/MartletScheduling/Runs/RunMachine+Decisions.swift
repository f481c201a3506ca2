import MartletCore

// What follows when an attempt ends, a step may start, or the run has come to its end.
extension RunMachine {
    mutating func finish(_ position: Int, _ outcome: AttemptOutcome, at now: Timestamp) {
        let instance = instances[position]
        var next: StepState
        var due: Timestamp?
        switch outcome.result {
        case _ where instance.state == .restarting: next = .none
        case .success: next = .success
        case .skipped: next = .skipped
        case .cancelled: next = stateOfStopped
        case .interrupted: (next, due) = (.upForRetry, now)
        case .failed, .timedOut:
            due = retry(after: outcome, position, at: now)
            next = due == nil ? .failed : .upForRetry
        }
        if isToStop(position), next == .upForRetry || next == .none { (next, due) = (stateOfStopped, nil) }
        emit(
            .attemptFinished(
                AttemptFinished(
                    step: instance.id,
                    attempt: instance.attempts,
                    outcome: outcome,
                    state: next,
                    retryAt: due
                )
            ),
            at: now
        )
        if next == .failed { failFast(because: position, at: now) }
    }

    /// Whether nothing of an instance is to start any more; teardowns are spared by a fail-fast pipeline.
    private func isToStop(_ position: Int) -> Bool {
        isCancelling || stop == .timeout || stop == .marked || stop == .failFast && !isTeardown(position)
    }

    /// What becomes of a step whose attempt was ended because the run stops.
    private var stateOfStopped: StepState {
        if isCancelling { return .cancelled }
        return stop == .timeout ? .skipped : .failed
    }

    /// When a failed attempt is tried again; nil when it is not.
    private func retry(after outcome: AttemptOutcome, _ position: Int, at now: Timestamp) -> Timestamp? {
        let instance = instances[position]
        guard let step = step(at: position), outcome.retryable, hasRetryLeft(position) else { return nil }
        let date = created.occasion.logicalDate.map(\.airflowText) ?? "None"
        let delay = step.retry.delay(
            pipeline: manifest.pipeline,
            step: step.id,
            logicalDate: date,
            attempt: instance.attempts
        )
        return now + delay
    }

    /// Whether the step is tried again when its latest attempt fails in a way that another try could mend.
    public func hasRetryLeft(_ position: Int) -> Bool {
        let instance = instances[position]
        let used = instance.attempts - instance.attemptsBeforeClear - instance.interruptions
        return used <= step(at: position)?.retry.retries ?? 0
    }

    private mutating func failFast(because position: Int, at now: Timestamp) {
        guard manifest.policy.failFast, stop == nil, !isCancelling, !isTeardown(position) else { return }
        stopItself(.failFast, "step \(instances[position].id) failed, and the pipeline fails fast", at: now)
    }

    func isTeardown(_ position: Int) -> Bool {
        let step = instances[position].step
        return step >= 0 && graph.isTeardown[step]
    }

    /// Stops for a reason of the run's own.
    ///
    /// What waits is skipped, what runs is for the executor to end. Teardowns are
    /// spared by a fail-fast pipeline, not by a timeout.
    mutating func stopItself(_ stop: RunStop, _ reason: String, at now: Timestamp) {
        emit(.stopRequested(stop, reason: reason), at: now)
        for position in instances.indices where !instances[position].state.isTerminal {
            let state = instances[position].state
            if state == .running || state == .restarting { continue }
            if stop == .failFast, isTeardown(position) { continue }
            emit(.stepResolved(step: instances[position].id, state: .skipped, reason: reason), at: now)
        }
    }

    /// Whether the executor has to end the attempt of a running instance because the run stops.
    public func isToBeEnded(_ position: Int) -> Bool {
        instances[position].state == .restarting || isToStop(position)
    }

    mutating func resume(by executor: Executor, at now: Timestamp) {
        emit(.runResumed(executor), at: now)
        for position in instances.indices {
            let instance = instances[position]
            guard instance.state == .running || instance.state == .restarting else { continue }
            let error = MartletError(
                .attemptInterrupted,
                "attempt \(instance.attempts) of step \(instance.id) was running when the run's process ended",
                remedy: "nothing to do; a new attempt follows"
            )
            finish(position, AttemptOutcome(.interrupted, error: error), at: now)
            if instances[position].state == .upForRetry { emit(.stepScheduled(step: instance.id), at: now) }
        }
        if isCancelling { cancelWaiting(at: now) }
        // Listings that were asked for are asked for again.
        for domain in domains.indices where !domains[domain].isReady { domains[domain].listing = .none }
        askedDomains = []
        for step in graph.edges.steps.indices { unsettledSteps.append(step) }
    }

    mutating func cancel(reason: String, at now: Timestamp) {
        if !isCancelling { emit(.cancelRequested(reason: reason), at: now) }
        cancelWaiting(at: now)
    }

    private mutating func cancelWaiting(at now: Timestamp) {
        for instance in instances where !instance.state.isTerminal {
            if instance.state == .running || instance.state == .restarting { continue }
            emit(.stepResolved(step: instance.id, state: .cancelled, reason: "the run was cancelled"), at: now)
        }
    }

    /// A timer that was set before the step was cleared means nothing.
    func isQueueTimeoutDue(_ position: Int, at now: Timestamp) -> Bool {
        guard let limit = step(at: position)?.limits.queueTimeoutSeconds, let since = instances[position].scheduledAt
        else {
            return false
        }
        // Timers run on another clock, which may be ahead by a little.
        return now + .seconds(1) >= since + .seconds(limit)
    }

    mutating func endQueueing(of position: Int, at now: Timestamp) {
        let instance = instances[position]
        let limit = step(at: position)?.limits.queueTimeoutSeconds ?? 0
        let because = instance.heldBecause.map { ": \($0)" } ?? ""
        let reason = "it waited for a slot longer than \(Duration.seconds(limit).shortText)\(because)"
        emit(.stepResolved(step: instance.id, state: .failed, reason: reason), at: now)
        failFast(because: position, at: now)
    }

    mutating func learn(_ past: PastRun) {
        if self.past == past { return }
        self.past = past
        for (index, step) in manifest.steps.enumerated() where step.past != .ignored { unsettledSteps.append(index) }
    }

    /// Draws all conclusions: resolves and schedules waiting steps, ends the run.
    mutating func settle(at now: Timestamp) {
        guard state == .running || isCancelling else { return }
        while true {
            if let step = unsettledSteps.popFirst() {
                considerStep(step, at: now)
            } else if let position = unsettled.popFirst() {
                if instances[position].state == .none { consider(position, at: now) }
            } else {
                break
            }
        }
        if unfinishedCount == 0 {
            if !state.isTerminal { end(at: now) }
        } else if isDeadlocked {
            endDeadlocked(at: now)
        }
    }

    /// Looks at the waiting instances of a step, all of which share what has just changed.
    private mutating func considerStep(_ step: Int, at now: Timestamp) {
        if open[step].waiting == 0 { return }
        if let domain = graph.domain[step] { map(domain, at: now) }
        // What all share tells without a look at each.
        let isShared = !graph.isPaired[step] && graph.indirectSetups[step].isEmpty && cutters[step] == nil
        if isShared, manifest.steps[step].triggerRule.decide(counts[step]) == .wait { return }
        for position in members[step] where instances[position].state == .none { consider(position, at: now) }
    }

    private mutating func consider(_ position: Int, at now: Timestamp) {
        let instance = instances[position]
        guard instance.step >= 0 else { return }
        let step = manifest.steps[instance.step]
        if let cutter = cutter(of: position) {
            let kind = manifest.steps[instances[cutter].step].action.kind
            let reason = "\(kind) \(instances[cutter].id) did not follow it"
            return emit(.stepResolved(step: instance.id, state: .skipped, reason: reason), at: now)
        }
        switch verdict(on: position) {
        case .wait:
            return
        case .resolve(let state, let reason):
            emit(.stepResolved(step: instance.id, state: state, reason: reason), at: now)
            if state == .failed { failFast(because: position, at: now) }
        case .run:
            if let domain = graph.domain[instance.step] {
                guard domains[domain].isReady else { return map(domain, at: now) }
                if domains[domain].items?.isEmpty ?? true { return skipEmpty(domain, at: now) }
            }
            guard let when = step.when else { return schedule(position, at: now) }
            do {
                if try truth(of: when, for: position) { return schedule(position, at: now) }
                let reason = "its condition does not hold: \(when)"
                emit(.stepResolved(step: instance.id, state: .skipped, reason: reason), at: now)
            } catch {
                fail(position, "its condition failed: \(error)", at: now)
            }
        }
    }

    mutating func fail(_ position: Int, _ reason: String, at now: Timestamp) {
        emit(.stepResolved(step: instances[position].id, state: .failed, reason: reason), at: now)
        failFast(because: position, at: now)
    }

    /// A decision needs no process and so no slot: it is made at once.
    private mutating func schedule(_ position: Int, at now: Timestamp) {
        switch manifest.steps[instances[position].step].action {
        case .branch(let action): branch(position, action, at: now)
        case .shortCircuit(let action): shortCircuit(position, action, at: now)
        default: emit(.stepScheduled(step: instances[position].id), at: now)
        }
    }

    mutating func startAttempt(at position: Int, at now: Timestamp) {
        let instance = instances[position]
        let attempt = instance.attempts + 1
        if let waiting = step(at: position)?.action.waitingState {
            emit(.attemptDeferred(step: instance.id, attempt: attempt, state: waiting), at: now)
        } else {
            emit(.attemptStarted(step: instance.id, attempt: attempt), at: now)
        }
    }
}
