public import MartletCore

// What operators do to a run: clear, mark, rerun.
extension RunMachine {
    /// What a request to clear comes to: the instances, and with another version of the pipeline what that adds and
    /// removes.
    ///
    /// As in Airflow, clearing a step clears its setups and their teardowns, and clearing a setup its teardowns.
    ///
    /// - Throws: ``MartletError`` MT2019 when a step is not in the run, or nothing is left to clear.
    public func selection(
        for request: ClearRequest,
        latest: (manifest: PipelineManifest, hash: String, version: Int)?
    ) throws(MartletError) -> ClearedSteps {
        var chosen: Set<Int> = []
        for id in request.steps { chosen.formUnion(try positions(named: id)) }
        if request.steps.isEmpty { chosen = Set(instances.indices) }
        let steps = Set(chosen.map { instances[$0].step }.filter { $0 >= 0 })
        var around: Set<Int> = []
        if !request.steps.isEmpty {
            for step in steps {
                if request.downstream { around.formUnion(graph.edges.descendants(of: step)) }
                if request.upstream { around.formUnion(graph.edges.ancestors(of: step)) }
            }
        }
        chosen.formUnion(around.flatMap { members[$0] })
        if request.onlyFailed {
            chosen = chosen.filter { [.failed, .upstreamFailed, .cancelled].contains(instances[$0].state) }
        }
        chosen.formUnion(setupsAndTeardowns(of: Set(chosen.map { instances[$0].step })))
        var cleared = ClearedSteps(
            steps: chosen.filter { instances[$0].state.canBeCleared && instances[$0].state != .removed }
                .sorted().map { instances[$0].id },
            note: request.note
        )
        if let latest, latest.hash != manifestHash {
            let known = Set(manifest.steps.map(\.id))
            let kept = Set(latest.manifest.steps.map(\.id))
            (cleared.manifestHash, cleared.version) = (latest.hash, latest.version)
            cleared.added = latest.manifest.steps.map(\.id).filter { !known.contains($0) }
            let mapped = Set(
                RunGraph(latest.manifest).domains.flatMap { domain in
                    domain.steps.map { latest.manifest.steps[$0].id }
                }
            )
            // Of a step that is mapped no more, the first instance stays.
            cleared.removed = instances.filter { $0.state != .removed }.map(\.id).filter { id in
                !kept.contains(id.step) || !mapped.contains(id.step) && (id.index ?? 0) > 0
            }
            let removed = Set(cleared.removed)
            cleared.steps.removeAll { removed.contains($0) }
        }
        if cleared.steps.isEmpty, cleared.added.isEmpty {
            throw MartletError(
                .nothingToClear,
                "there is nothing to run again in run \(id)",
                reason: request.onlyFailed ? "no step of it failed" : "no such step has run",
                remedy: "see `martlet runs show \(id)`"
            )
        }
        return cleared
    }

    /// The instances that an operator's name means: one, or all of a mapped step.
    private func positions(named id: InstanceID) throws(MartletError) -> [Int] {
        if let position = positions[id] { return [position] }
        if id.index == nil, let step = graph.place[id.step] { return members[step] }
        let names = graph.edges.steps.map(\.rawValue)
        throw MartletError(
            .referenceUnknown,
            "run \(self.id) has no step \"\(id)\"",
            remedy: NearestName.of(id.step.rawValue, among: names).map { "did you mean \($0)?" }
                ?? "steps are \(names.prefix(20).joined(separator: ", "))"
        )
    }

    private func setupsAndTeardowns(of steps: Set<Int>) -> Set<Int> {
        let setups = steps.reduce(into: Set<Int>()) { found, step in
            guard step >= 0 else { return }
            found.formUnion(graph.setups[step])
            if graph.isSetup[step] { found.insert(step) }
        }
        let names = Set(setups.map { graph.edges.steps[$0] })
        let teardowns = manifest.steps.indices.filter { index in
            manifest.steps[index].role.teardown?.setups.contains(where: names.contains) ?? false
        }
        return Set(setups.union(teardowns).flatMap { members[$0] })
    }

    mutating func reopen(_ cleared: ClearedSteps, at now: Timestamp) {
        if let hash = cleared.manifestHash, let manifest = manifests[hash] { replace(manifest, hash) }
        if state.isTerminal { (state, startedAt, queuedAt) = (.queued, nil, now) }
        (isCancelling, stop) = (false, nil)
        missedDeadlines = []
        var steps: Set<Int> = []
        for id in cleared.steps {
            guard let position = positions[id], instances[position].step >= 0 else { continue }
            let state = instances[position].state
            steps.insert(instances[position].step)
            forget(position)
            // A wait has no process to be ended.
            let isBusy = state == .running || state == .restarting
            move(position, to: isBusy ? .restarting : .none, at: now)
        }
        for (domain, place) in graph.domains.enumerated() where !steps.isDisjoint(with: place.sources) {
            domains[domain].isStale = domains[domain].items != nil
            domains[domain].listing = .none
            askedDomains.remove(domain)
        }
        for step in graph.edges.steps.indices { unsettledSteps.append(step) }
    }

    /// Goes on with another version of the pipeline; steps keep their state by name.
    private mutating func replace(_ manifest: PipelineManifest, _ hash: String) {
        let old = graph
        let oldDomains = domains
        let decided = cuts
        self.manifest = manifest
        manifestHash = hash
        graph = RunGraph(manifest)
        members = graph.edges.steps.map { _ in [] }
        for position in instances.indices {
            let wasGone = instances[position].step < 0
            let step = graph.place[instances[position].id.step] ?? -1
            instances[position].step = step
            if step < 0 || graph.domain[step] == nil && !members[step].isEmpty {
                drop(position)
                instances[position].step = -1
                continue
            }
            // A step that is back in the pipeline begins anew; the rest of its instances come with its list.
            if wasGone, members[step].isEmpty { bringBack(position) }
            members[step].append(position)
        }
        for (step, name) in graph.edges.steps.enumerated() where members[step].isEmpty {
            let id = InstanceID(name)
            positions[id] = instances.count
            members[step] = [instances.count]
            instances.append(StepInstance(id, step: step))
            unfinishedCount += 1
        }
        open = members.map { members in
            let states = members.map { instances[$0].state }
            return (states.count { !$0.isTerminal }, states.count { $0 == .none })
        }
        unsettledSteps = WorkList()
        askedDomains = []
        domains = graph.domains.map { domain in
            // The same steps mapped over the same lists keep their items.
            let names = domain.steps.map { graph.edges.steps[$0] }
            let same = old.domains.firstIndex { other in
                other.map == domain.map && other.steps.map { old.edges.steps[$0] } == names
            }
            var state = same.map { oldDomains[$0] } ?? DomainState()
            state.listing = .none
            return state
        }
        (cuts, cutters) = ([:], [:])
        for (position, steps) in decided where instances[position].step >= 0 {
            cut(by: position, Set(steps.compactMap { graph.place[old.edges.steps[$0]] }))
        }
        recountAll()
    }

    /// Makes an instance whose step was no more part of the run again.
    private mutating func bringBack(_ position: Int) {
        instances[position].state = .none
        instances[position].values = [:]
        instances[position].outputs = []
        instances[position].verdict = nil
        (instances[position].reason, instances[position].heldBecause) = (nil, nil)
        instances[position].attemptsBeforeClear = instances[position].attempts
        instances[position].interruptions = 0
        unfinishedCount += 1
        unsettled.append(position)
    }

    /// Takes an instance out of the run: its step is no more.
    private mutating func drop(_ position: Int) {
        let state = instances[position].state
        if !state.isTerminal { unfinishedCount -= 1 }
        if state.isActive { activeCount -= 1 }
        if state == .scheduled { scheduledCount -= 1 }
        if state == .upForRetry { retryCount -= 1 }
        unsettled.remove(position)
        instances[position].state = .removed
        (instances[position].retryAt, instances[position].scheduledAt) = (nil, nil)
        (instances[position].heldBecause, instances[position].attemptStartedAt) = (nil, nil)
    }

    /// Sets the state of steps; after a success, steps that failed only because of them get their chance.
    mutating func mark(
        _ ids: [InstanceID],
        _ state: StepState,
        _ note: String?,
        at now: Timestamp
    ) throws(TransitionError) {
        guard StepState.marks.contains(state) else {
            throw TransitionError(command: "mark", reason: "\(state.rawValue) is not a state to be set")
        }
        var chosen: Set<Int> = []
        for id in ids {
            guard let found = try? positions(named: id) else {
                throw TransitionError(command: "mark", reason: "there is no step \(id)")
            }
            // What is no more part of the run stays so.
            chosen.formUnion(found.filter { instances[$0].state != .removed })
        }
        if chosen.isEmpty { throw TransitionError(command: "mark", reason: "no such step is part of the run any more") }
        emit(
            .marked(MarkedSteps(steps: chosen.sorted().map { instances[$0].id }, state: state, note: note)),
            at: now
        )
        let after = chosen.filter { instances[$0].step >= 0 }
            .reduce(into: Set<Int>()) { $0.formUnion(graph.edges.descendants(of: instances[$1].step)) }
        let hurt = after.flatMap { members[$0] }.filter { position in
            state == .success && [.failed, .upstreamFailed].contains(instances[position].state)
        }
        // A run that is being stopped is not set going again by that.
        if self.state.isTerminal || !hurt.isEmpty && !isCancelling && stop == nil {
            emit(.cleared(ClearedSteps(steps: hurt.sorted().map { instances[$0].id }, note: note)), at: now)
        }
    }

    /// Ends the run in a state of the operator's choice: what runs takes it, what waits is skipped.
    mutating func markRun(_ final: RunState, _ note: String?, at now: Timestamp) {
        let reason = note ?? "marked as \(final.rawValue)"
        if !state.isTerminal {
            emit(.stopRequested(.marked, reason: reason), at: now)
            let active = instances.indices.filter { instances[$0].state.isActive && !isTeardown($0) }
            if !active.isEmpty {
                let state: StepState = final == .success ? .success : .failed
                emit(.marked(MarkedSteps(steps: active.map { instances[$0].id }, state: state, note: reason)), at: now)
            }
            for instance in instances where !instance.state.isTerminal {
                emit(.stepResolved(step: instance.id, state: .skipped, reason: reason), at: now)
            }
        }
        if state != final { emit(.runFinished(state: final, reason: reason), at: now) }
    }
}
