public import MartletCore
import MartletScheduling
import Synchronization

/// One run being executed by this process: commands in, decisions recorded, attempts launched.
public struct RunExecution: Sendable {
    private enum Signal: Sendable {
        case command(RunCommand)
        case stop
    }

    private var machine: RunMachine
    private let first: RunCommand
    private let history: [RecordedEvent]
    private let lock: FileLock
    private let layout: RunLayout
    private let project: ProjectLayout
    private let dependencies: RunService.Dependencies
    private let signals: AsyncStream<Signal>
    private let mailbox: AsyncStream<Signal>.Continuation

    init(
        machine: RunMachine,
        log: [RecordedEvent],
        command: RunCommand,
        lock: FileLock,
        layout: ProjectLayout,
        dependencies: RunService.Dependencies
    ) {
        self.machine = machine
        history = log
        first = command
        self.lock = lock
        self.layout = RunLayout(layout, machine.id)
        project = layout
        self.dependencies = dependencies
        // Bounded by what can be under way: one signal for each running attempt and waiting retry, and cancellation.
        (signals, mailbox) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        // Before anyone can ask for a stop.
        mailbox.yield(.command(command))
    }

    /// The run's id.
    public var id: RunID { machine.id }

    /// The run's pipeline.
    public var manifest: PipelineManifest { machine.manifest }

    /// What had been recorded before this execution began; an observer is told only what comes after.
    public var recorded: [RecordedEvent] { history }

    /// Asks the run to stop: running steps are ended, the rest never starts.
    ///
    /// Returns at once.
    public func cancel(reason: String) { mailbox.yield(.command(.cancel(reason: reason))) }

    /// Executes the run to its end and returns what became of it.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store fails; running steps are ended then, and the run can be
    ///   resumed. A failed step is a result, not an error.
    public func run(_ observer: some RunObserver) async throws(MartletError) -> RunProjection {
        let result: Result<Void, MartletError> = await withDiscardingTaskGroup { group in
            var machine = machine
            var sequence = history.count
            for await signal in signals {
                guard case .command(let command) = signal else { break }
                do throws(MartletError) {
                    let recorded = try await apply(command, to: &machine, after: sequence)
                    sequence += recorded.count
                    observer.recorded(recorded, of: id)
                    follow(recorded, machine, observer, &group)
                    if command == first { restoreTimers(machine, &group) }
                } catch {
                    group.cancelAll()
                    return .failure(error)
                }
            }
            return .success(())
        }
        withExtendedLifetime(lock) {}
        try result.get()
        guard let projection = try await dependencies.store.projection(of: id) else {
            throw MartletError(.storeDamaged, "run \(id) vanished from the store", remedy: "check the disk")
        }
        return projection
    }

    private func apply(
        _ command: RunCommand,
        to machine: inout RunMachine,
        after sequence: Int
    ) async throws(MartletError) -> [RecordedEvent] {
        let now = dependencies.time.now
        let events: [RunEvent]
        do throws(TransitionError) {
            events = try machine.handle(command, at: now)
        } catch {
            // A run that has just ended may still be asked to stop.
            if case .cancel = command { return [] }
            throw error.martletError
        }
        let recorded = events.enumerated().map { RecordedEvent(sequence: sequence + 1 + $0, at: now, event: $1) }
        if !recorded.isEmpty { try await dependencies.store.append(recorded, to: id, expecting: sequence) }
        return recorded
    }

    private func follow(
        _ recorded: [RecordedEvent],
        _ machine: RunMachine,
        _ observer: some RunObserver,
        _ group: inout DiscardingTaskGroup
    ) {
        for entry in recorded {
            switch entry.event {
            case .attemptStarted(let step, let attempt):
                start(step, attempt, machine, observer, &group)
            case .attemptFinished(let finished):
                if finished.state == .upForRetry, finished.outcome.result != .interrupted, let due = finished.retryAt {
                    wait(until: due, for: finished.step, &group)
                }
            case .cancelRequested:
                group.cancelAll()
            case .runFinished:
                mailbox.yield(.stop)
            default:
                break
            }
        }
    }

    /// Retries that were waiting when the run was interrupted wait on.
    private func restoreTimers(_ machine: RunMachine, _ group: inout DiscardingTaskGroup) {
        for (position, due) in machine.retryAt { wait(until: due, for: machine.graph.steps[position], &group) }
    }

    private func wait(until due: Timestamp, for step: StepID, _ group: inout DiscardingTaskGroup) {
        let pause = due - dependencies.time.now
        group.addTask {
            try? await dependencies.clock.sleep(for: max(.zero, pause))
            if !Task.isCancelled { mailbox.yield(.command(.retryDue(step: step))) }
        }
    }

    private func start(
        _ step: StepID,
        _ attempt: Int,
        _ machine: RunMachine,
        _ observer: some RunObserver,
        _ group: inout DiscardingTaskGroup
    ) {
        guard let position = machine.position(of: step) else { return }
        let launch = plan(position, attempt, machine)
        group.addTask {
            let outcome = await dependencies.launcher.launch(launch) { message in
                observer.received(message, from: step, attempt: attempt)
            }
            mailbox.yield(.command(.finishAttempt(step: step, attempt: attempt, outcome: outcome)))
        }
    }

    private func plan(_ position: Int, _ attempt: Int, _ machine: RunMachine) -> AttemptLaunch {
        let step = machine.manifest.steps[position]
        let place = layout.attempt(step.id, attempt)
        var context = machine.context(for: position, attempt: attempt, project: project.root, work: place.work)
        for input in step.inputs {
            context.inputs[input.name.rawValue] = dataset(input.dataset, machine)
        }
        for output in step.outputs {
            context.outputs[output.name.rawValue] = StepContextDocument.Dataset(
                dataset: output.dataset,
                path: "\(place.outputs)/\(fileName(of: output))",
                format: output.format
            )
        }
        return AttemptLaunch(context: context, step: step, program: machine.created.program, directory: place.root)
    }

    /// Where a dataset is: where a step of this run wrote it, else at its source.
    ///
    /// An empty path says "nowhere".
    private func dataset(_ id: DatasetID, _ machine: RunMachine) -> StepContextDocument.Dataset {
        if let written = machine.datasets[id] {
            return StepContextDocument.Dataset(dataset: id, path: written.path, format: written.format)
        }
        if let source = machine.manifest.sources.first(where: { $0.dataset == id }) {
            let path = source.path.hasPrefix("/") ? source.path : "\(project.root)/\(source.path)"
            return StepContextDocument.Dataset(dataset: id, path: path, format: source.format)
        }
        return StepContextDocument.Dataset(dataset: id, path: "", format: nil)
    }

    /// An output's file has the extension of its format, because many programs go by it.
    private func fileName(of output: OutputSpec) -> String {
        if let format = output.format { return "\(output.name).\(format.rawValue)" }
        let last = output.dataset.rawValue.split(separator: "/").last ?? ""
        guard let dot = last.lastIndex(of: ".") else { return output.name.rawValue }
        return "\(output.name)\(last[dot...])"
    }
}
