import MartletCore
import MartletScheduling

/// What goes on inside a ``RunExecution``: takes one signal after the other, records what follows, and acts on it.
struct RunLoop: ~Copyable {
    let execution: RunExecution
    let observer: any RunObserver
    var machine: RunMachine
    /// The run as its recorded events show it.
    var projection: RunProjection
    /// Attempts with a process, and how to end them.
    var attempts: [InstanceID: (number: Int, task: Task<Void, Never>)] = [:]
    /// Waits without a process that this process keeps.
    var waiting: [InstanceID: WaitKey] = [:]
    /// Listings that are being made.
    private var listing: Set<Int> = []
    /// Whether the run's data is being published.
    var isPublishing = false
    private var priorities: (manifest: String, values: [Int])?
    /// Whether nothing has been done yet.
    private var isFirst = true

    init(_ execution: RunExecution, _ observer: some RunObserver) {
        self.execution = execution
        self.observer = observer
        machine = execution.machine
        projection = execution.projection
    }

    /// The number of the last event.
    private var sequence: Int { projection.run.lastSequence }

    var dependencies: RunService.Dependencies { execution.dependencies }

    mutating func run(_ group: inout DiscardingTaskGroup) async -> Result<RunProjection, MartletError> {
        while let signals = await execution.mailbox.take() {
            var rest = signals[...]
            defer { for signal in rest { RunExecution.refuse(signal, execution.id) } }
            // Where attempts are being ended because this process stops, what they come to must not be recorded.
            while !rest.isEmpty, !machine.state.isTerminal, !Task.isCancelled {
                do throws(MartletError) {
                    guard try await act(on: &rest, &group) else { return .success(projection) }
                } catch {
                    return .failure(error)
                }
                isFirst = false
            }
            if machine.state.isTerminal {
                await letGoOfData()
                break
            }
        }
        return .success(projection)
    }

    /// Takes the next signal, or all ends of attempts that have come together; false when it is to stop executing.
    private mutating func act(
        on signals: inout ArraySlice<RunExecution.Signal>,
        _ group: inout DiscardingTaskGroup
    ) async throws(MartletError) -> Bool {
        switch signals.removeFirst() {
        case .detach:
            return false
        case .command(let command) where command.isEndOfAttempt:
            var ends = [command]
            while case .command(let next) = signals.first, next.isEndOfAttempt {
                ends.append(next)
                signals.removeFirst()
            }
            _ = try await perform(ends, &group)
        case .command(let command):
            if let due = timeLeft(of: command) {
                wait(until: due, then: command, &group)
            } else {
                _ = try await perform([command], &group)
            }
        case .granted(let instances):
            // One whose last process is still being ended holds the slot for that.
            let held = dependencies.admission.holding(instances, of: execution.id).filter { attempts[$0] == nil }
            _ = try await perform(held.map(RunCommand.admit), &group)
        case .ask(let question, let continuation):
            let answer = await answer(question, &group)
            continuation.resume(returning: answer.result)
            if let fault = answer.fault { throw fault }
        }
        return true
    }

    /// When a timer's command is due, if that is still to come: the clock was set, or the timer is one of before the
    /// step was run again.
    private func timeLeft(of command: RunCommand) -> Timestamp? {
        let due: Timestamp?
        switch command {
        case .retryDue(let step):
            due = machine.position(of: step).flatMap { machine.instances[$0].retryAt }
        case .queueTimeout(let step):
            due = queueTimeout(of: step)
        default:
            due = nil
        }
        return due.flatMap { $0 > dependencies.time.now ? $0 : nil }
    }

    /// Does what an operator asks; a fault is an error that the execution cannot go on with.
    private mutating func answer(
        _ question: RunExecution.Question,
        _ group: inout DiscardingTaskGroup
    ) async -> (result: Result<[RunEvent], MartletError>, fault: MartletError?) {
        let command: RunCommand
        do throws(MartletError) {
            command = try question(machine)
        } catch {
            return (.failure(error), nil)
        }
        do throws(MartletError) {
            return (.success(try await perform([command], &group)), nil)
        } catch  where error.code == .transitionInvalid {
            return (.failure(MartletError(.requestRefused, error.message, remedy: error.remedy)), nil)
        } catch {
            return (.failure(error), error)
        }
    }

    /// Handles commands and what follows from them, records all of it at once, and then acts.
    private mutating func perform(
        _ commands: [RunCommand],
        _ group: inout DiscardingTaskGroup
    ) async throws(MartletError) -> [RunEvent] {
        let now = dependencies.time.now
        var events: [RunEvent] = []
        var due = commands
        var isOffered = false
        while !due.isEmpty {
            var turn = Admission.Turn()
            for command in due {
                let following = try decide(command, at: now)
                events += following
                note(following, in: &turn)
                if following.isEmpty { giveBack(after: command, in: &turn) }
            }
            if isFirst, !isOffered { offerWaiting(&turn) }
            isOffered = true
            due = admit(turn)
        }
        let recorded = events.enumerated().map { RecordedEvent(sequence: sequence + 1 + $0, at: now, event: $1) }
        if !recorded.isEmpty {
            try await dependencies.store.append(recorded, to: execution.id, expecting: sequence)
            for entry in recorded { projection.apply(entry) }
            observer.recorded(recorded, of: execution.id)
        }
        for event in events { act(on: event, &group) }
        // Also when nobody wants it any more, because steps were cleared meanwhile: they will be published anew.
        if commands.contains(where: { if case .publish = $0 { true } else { false } }) { isPublishing = false }
        if isFirst { restore(after: events, &group) }
        list(&group)
        publish(&group)
        return events
    }

    private mutating func decide(_ command: RunCommand, at now: Timestamp) throws(MartletError) -> [RunEvent] {
        do throws(TransitionError) {
            return try machine.handle(command, at: now)
        } catch {
            // A run that has just ended may still be asked to stop.
            if case .cancel = command { return [] }
            throw error.martletError
        }
    }

    /// Gives back the slot of an instance that did not start after all, or whose process has ended when nobody cared
    /// for its end any more.
    private mutating func giveBack(after command: RunCommand, in turn: inout Admission.Turn) {
        switch command {
        case .admit(let instance) where attempts[instance] == nil:
            turn.released.append(instance)
        case .finishAttempt(let step, let attempt, _) where attempts[step]?.number == attempt:
            attempts[step] = nil
            turn.released.append(step)
            // While it still held the slot it could not ask for one.
            let isReady = machine.position(of: step).map { machine.instances[$0].state == .scheduled } ?? false
            if isReady, let request = request(step) { turn.offered.append(request) }
        default:
            break
        }
    }

    /// What the planner has to know of `events`.
    private mutating func note(_ events: [RunEvent], in turn: inout Admission.Turn) {
        for event in events {
            switch event {
            case .stepScheduled(let step):
                if let request = request(step) { turn.offered.append(request) }
            case .attemptDeferred(let step, _, let state): turn.suspended.append((step, state != .awaitingInput))
            case .attemptFinished(let finished): turn.released.append(finished.step)
            case .stepResolved(let step, _, _): turn.released.append(step)
            // What still runs keeps its slot until its process has ended.
            case .marked(let marked): turn.released += marked.steps.filter { attempts[$0] == nil }
            case .cleared(let cleared):
                turn.released += (cleared.steps + cleared.removed).filter { attempts[$0] == nil }
            default: break
            }
        }
        // Offers of steps that were resolved in the same turn are none.
        turn.offered.removeAll { request in
            machine.position(of: request.key.instance).map { machine.instances[$0].state != .scheduled } ?? true
        }
    }

    /// After a restart: what waited for a slot waits again.
    private mutating func offerWaiting(_ turn: inout Admission.Turn) {
        let offered = Set(turn.offered.map(\.key.instance))
        for step in machine.scheduled where !offered.contains(step) {
            if let request = request(step) { turn.offered.append(request) }
        }
    }

    private mutating func request(_ step: InstanceID) -> AdmissionRequest? {
        if priorities?.manifest != machine.manifestHash { priorities = (machine.manifestHash, machine.priorities) }
        return machine.admissionRequest(of: step, priorities: priorities?.values ?? [])
    }

    /// Takes a turn with the planner; the commands that follow.
    private func admit(_ turn: Admission.Turn) -> [RunCommand] {
        if turn.isEmpty { return [] }
        let answer = dependencies.admission.take(turn, of: execution.id)
        return answer.granted.map(RunCommand.admit)
            + answer.held.map { RunCommand.hold($0.instances, reason: $0.reason) }
    }

    private mutating func act(on event: RunEvent, _ group: inout DiscardingTaskGroup) {
        switch event {
        case .runStarted:
            startRunTimer(&group)
        case .attemptStarted(let step, let attempt):
            start(step, attempt)
        case .attemptDeferred(let step, _, _):
            startWaiting(step)
        case .stepScheduled(let step):
            startQueueTimer(step, &group)
        case .attemptFinished(let finished):
            attempts[finished.step] = nil
            waiting[finished.step] = nil
            if finished.state == .upForRetry, finished.outcome.result != .interrupted, let due = finished.retryAt {
                wait(until: due, then: .retryDue(step: finished.step), &group)
            }
        case .stepResolved(let step, _, _):
            endWaiting(step)
        case .cancelRequested, .stopRequested, .marked, .cleared:
            endWhatMustNotRun()
        default:
            break
        }
    }

    /// Ends processes and waits of instances that are not to run any more.
    private mutating func endWhatMustNotRun() {
        for (step, attempt) in attempts {
            guard let position = machine.position(of: step) else { continue }
            if machine.instances[position].state != .running || machine.isToBeEnded(position) { attempt.task.cancel() }
        }
        for (step, key) in waiting {
            let instance = machine.position(of: step).map { machine.instances[$0] }
            if instance?.state.isActive != true || instance?.attempts != key.attempt { endWaiting(step) }
        }
    }

    /// Timers and waits of a run that another process has begun; `events` have been acted upon already.
    private mutating func restore(after events: [RunEvent], _ group: inout DiscardingTaskGroup) {
        var deferred: [(request: AdmissionRequest, holdsPool: Bool)] = []
        let fresh = Set(
            events.compactMap { event -> InstanceID? in
                switch event {
                case .stepScheduled(let step), .attemptDeferred(let step, _, _): step
                case .attemptFinished(let finished): finished.step
                default: nil
                }
            }
        )
        for instance in machine.instances where !fresh.contains(instance.id) {
            switch instance.state {
            case .upForRetry:
                if let due = instance.retryAt { wait(until: due, then: .retryDue(step: instance.id), &group) }
            case .deferred, .awaitingInput:
                if let request = request(instance.id) { deferred.append((request, instance.state != .awaitingInput)) }
                startWaiting(instance.id)
            case .scheduled:
                startQueueTimer(instance.id, &group)
            default:
                break
            }
        }
        if !deferred.isEmpty { dependencies.admission.adopt(deferred) }
        let isResumed = events.contains { if case .runResumed = $0 { true } else { false } }
        if isResumed { startRunTimer(&group) }
    }

    func wait(until due: Timestamp, then command: RunCommand, _ group: inout DiscardingTaskGroup) {
        let (dependencies, mailbox) = (dependencies, execution.mailbox)
        let pause = due - dependencies.time.now
        group.addTask {
            try? await dependencies.clock.sleep(for: max(.zero, pause))
            if !Task.isCancelled { mailbox.put(.command(command)) }
        }
    }

    private func startRunTimer(_ group: inout DiscardingTaskGroup) {
        guard let limit = machine.manifest.policy.runTimeoutSeconds, let started = machine.startedAt else { return }
        wait(until: started + .seconds(limit), then: .timeout, &group)
    }

    private func startQueueTimer(_ step: InstanceID, _ group: inout DiscardingTaskGroup) {
        if let due = queueTimeout(of: step) { wait(until: due, then: .queueTimeout(step: step), &group) }
    }

    /// Until when an instance may wait for a slot; nil when it does not wait, or may do so for ever.
    private func queueTimeout(of step: InstanceID) -> Timestamp? {
        guard let position = machine.position(of: step), machine.instances[position].state == .scheduled,
            let limit = machine.step(at: position)?.limits.queueTimeoutSeconds,
            let since = machine.instances[position].scheduledAt
        else { return nil }
        return since + .seconds(limit)
    }

    /// Looks into folders that maps are over.
    private mutating func list(_ group: inout DiscardingTaskGroup) {
        let requests = machine.listings
        listing.formIntersection(requests.map(\.domain))
        for request in requests where listing.insert(request.domain).inserted {
            let mailbox = execution.mailbox
            let folder = folder(of: request)
            group.addTask {
                let files = await FolderListing.files(of: request, in: folder)
                mailbox.put(.command(.list(domain: request.domain, files)))
            }
        }
    }

    private func folder(of request: ListingRequest) -> String? {
        guard let position = machine.position(of: request.step) else { return nil }
        return AttemptPlan(machine, execution.layout, execution.project).source(
            of: request.files.dataset,
            for: position
        )
    }
}

extension RunCommand {
    fileprivate var isEndOfAttempt: Bool { if case .finishAttempt = self { true } else { false } }
}
