public import MartletCore

// How events change the machine: total, so that a log that was once accepted can always be replayed.
extension RunMachine {
    /// Applies an event of the log.
    public mutating func evolve(_ event: RunEvent, at now: Timestamp) {
        switch event {
        case .runCreated:
            queuedAt = now
        case .runStarted, .runResumed:
            state = .running
            startedAt = startedAt ?? now
        case .datasetsTaken(let events):
            datasetEvents += events
        case .stepScheduled(let step):
            move(step, to: .scheduled, at: now)
        case .stepsHeld(let steps, let reason):
            for step in steps { if let position = positions[step] { instances[position].heldBecause = reason } }
        case .attemptStarted(let step, let attempt):
            begin(step, attempt, .running, at: now)
        case .attemptDeferred(let step, let attempt, let state):
            begin(step, attempt, state, at: now)
        case .attemptFinished(let finished):
            evolve(finished, at: now)
        case .stepResolved(let step, let state, let reason):
            if let position = positions[step] { instances[position].reason = reason }
            move(step, to: state, at: now)
        case .branchDecided(let step, let follow):
            decide(step, follow)
        case .stepsMapped(let mapped):
            expand(mapped, at: now)
        case .cancelRequested:
            isCancelling = true
        case .stopRequested(let stop, _):
            self.stop = stop
        case .cleared(let cleared):
            publication = nil
            reopen(cleared, at: now)
        case .marked(let marked):
            for step in marked.steps {
                if let position = positions[step] { instances[position].reason = marked.note ?? "marked" }
                move(step, to: marked.state, at: now)
            }
        case .deadlineMissed(let miss):
            missedDeadlines.insert(miss.deadline)
        case .published(let publication):
            self.publication = .success(publication)
        case .publishRefused(let error):
            publication = .failure(error)
        case .runFinished(let final, _):
            state = final
        }
    }

    private mutating func begin(_ step: InstanceID, _ attempt: Int, _ state: StepState, at now: Timestamp) {
        guard let position = positions[step] else { return }
        instances[position].attempts = attempt
        move(step, to: state, at: now)
    }

    private mutating func evolve(_ finished: AttemptFinished, at now: Timestamp) {
        guard let position = positions[finished.step] else { return }
        if finished.outcome.result == .interrupted { instances[position].interruptions += 1 }
        instances[position].attemptStartedAt = nil
        if finished.state == .none {
            // Cleared while it ran: how that attempt came out means nothing any more.
            forget(position)
        } else {
            instances[position].reason = finished.outcome.error?.message
            if finished.state == .success || !finished.outcome.values.isEmpty {
                instances[position].values = finished.outcome.values
            }
            if finished.state == .success { instances[position].outputs = finished.outcome.outputs }
            instances[position].verdict = finished.outcome.verdict
        }
        move(position, to: finished.state, at: now)
        instances[position].retryAt = finished.retryAt
    }

    /// Makes an instance as if nothing had happened to it, but for its count of attempts: retries are counted from here.
    mutating func forget(_ position: Int) {
        instances[position].values = [:]
        instances[position].outputs = []
        instances[position].verdict = nil
        (instances[position].reason, instances[position].heldBecause) = (nil, nil)
        instances[position].attemptsBeforeClear = instances[position].attempts
        instances[position].interruptions = 0
        cut(by: position, [])
    }

    mutating func move(_ step: InstanceID, to next: StepState, at now: Timestamp) {
        if let position = positions[step] { move(position, to: next, at: now) }
    }

    mutating func move(_ position: Int, to next: StepState, at now: Timestamp) {
        let (previous, step) = (instances[position].state, instances[position].step)
        if previous == next || step < 0 { return }
        instances[position].state = next
        leave(previous, position)
        enter(next, position, at: now)
        if previous.isTerminal != next.isTerminal {
            unfinishedCount += previous.isTerminal ? 1 : -1
            open[step].unfinished += previous.isTerminal ? 1 : -1
        }
        if previous.isTerminal { tell(of: position, previous, isTakenBack: true) }
        if next.isTerminal { tell(of: position, next) }
        // Items that are out of date are made anew once nothing runs with the old ones.
        if let domain = graph.domain[step], domains[domain].isStale, previous != .none {
            for step in graph.domains[domain].steps { unsettledSteps.append(step) }
        }
    }

    private mutating func leave(_ previous: StepState, _ position: Int) {
        if previous.isActive { activeCount -= 1 }
        switch previous {
        case .scheduled:
            scheduledCount -= 1
            (instances[position].scheduledAt, instances[position].heldBecause) = (nil, nil)
        case .upForRetry:
            retryCount -= 1
            instances[position].retryAt = nil
        case .none:
            unsettled.remove(position)
            open[instances[position].step].waiting -= 1
        default:
            if previous.isActive { instances[position].attemptStartedAt = nil }
        }
    }

    private mutating func enter(_ next: StepState, _ position: Int, at now: Timestamp) {
        if next.isActive {
            activeCount += 1
            if next != .restarting { instances[position].attemptStartedAt = now }
        }
        switch next {
        case .scheduled:
            scheduledCount += 1
            instances[position].scheduledAt = now
            instances[position].reason = nil
        case .upForRetry:
            retryCount += 1
        case .none:
            unsettled.append(position)
            open[instances[position].step].waiting += 1
        default:
            break
        }
    }

    /// Counts the end of an instance where it matters, or takes back that it was counted.
    private mutating func tell(of position: Int, _ state: StepState, isTakenBack: Bool = false) {
        let (step, isPart) = (instances[position].step, instances[position].id.index != nil)
        let isSetup = graph.isSetup[step]
        for target in graph.edges.downstream[step] {
            if isPart, let partner = partner(of: position, in: target) {
                if isTakenBack {
                    instances[partner].counts.remove(state, isSetup: isSetup)
                } else {
                    instances[partner].counts.add(state, isSetup: isSetup)
                }
                if instances[partner].state == .none { unsettled.append(partner) }
            } else {
                if isTakenBack {
                    counts[target].remove(state, isSetup: isSetup)
                } else {
                    counts[target].add(state, isSetup: isSetup)
                }
                unsettledSteps.append(target)
            }
        }
        for watcher in graph.watchers[step] {
            if isPart, let partner = partner(of: position, in: watcher) {
                if instances[partner].state == .none { unsettled.append(partner) }
            } else {
                unsettledSteps.append(watcher)
            }
        }
    }

    private func partner(of position: Int, in target: Int) -> Int? {
        guard let domain = graph.domain[target], domain == graph.domain[instances[position].step],
            let index = instances[position].id.index, members[target].count > index
        else { return nil }
        let partner = members[target][index]
        return instances[partner].id.index == index ? partner : nil
    }

    mutating func recountAll() {
        counts = graph.edges.upstream.map { _ in UpstreamCounts(total: 0) }
        for step in graph.edges.steps.indices { recount(step) }
    }

    /// Counts anew what the instances of `target` wait for.
    mutating func recount(_ target: Int) {
        var shared = UpstreamCounts(total: 0)
        for member in members[target] { instances[member].counts = UpstreamCounts(total: 0) }
        for source in graph.edges.upstream[target] {
            for member in members[source] {
                let state = instances[member].state
                if let partner = partner(of: member, in: target) {
                    count(state, of: source, &instances[partner].counts)
                } else {
                    count(state, of: source, &shared)
                }
            }
        }
        counts[target] = shared
        unsettledSteps.append(target)
    }

    private func count(_ state: StepState, of source: Int, _ counts: inout UpstreamCounts) {
        counts.total += 1
        if graph.isSetup[source] { counts.setups += 1 }
        if state.isTerminal { counts.add(state, isSetup: graph.isSetup[source]) }
    }

    /// What stands before an instance, shared and its own.
    func upstreamCounts(of position: Int) -> UpstreamCounts {
        let step = instances[position].step
        return graph.isPaired[step] ? counts[step] + instances[position].counts : counts[step]
    }
}
