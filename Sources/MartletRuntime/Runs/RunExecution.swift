public import MartletCore
public import MartletScheduling
import Synchronization

/// One run being executed by this process: commands in, decisions recorded, attempts launched.
public struct RunExecution: Sendable {
    /// Makes a command of how the run stands at that moment.
    public typealias Question = @Sendable (RunMachine) throws(MartletError) -> RunCommand

    enum Signal: Sendable {
        case command(RunCommand)
        /// The planner lets these start.
        case granted([InstanceID])
        case ask(Question, CheckedContinuation<Result<[RunEvent], MartletError>, Never>)
        /// Stop executing, without a word in the log: another process goes on with the run.
        case detach
    }

    let machine: RunMachine
    /// The run as it stood before this execution began; an observer is told only what comes after.
    public let projection: RunProjection
    private let lock: HeldLock
    let layout: RunLayout
    let project: ProjectLayout
    let dependencies: RunService.Dependencies
    let mailbox = Mailbox()

    init(
        machine: RunMachine,
        projection: RunProjection,
        command: RunCommand,
        lock: FileLock,
        layout: ProjectLayout,
        dependencies: RunService.Dependencies
    ) {
        self.machine = machine
        self.projection = projection
        self.lock = HeldLock(lock)
        self.layout = RunLayout(layout, machine.id)
        project = layout
        self.dependencies = dependencies
        // Before anyone can ask for a stop.
        mailbox.put(.command(command))
    }

    /// The run's id.
    public var id: RunID { machine.id }

    /// The run's pipeline.
    public var manifest: PipelineManifest { machine.manifest }

    /// Why there is the run, and the time it stands for.
    public var occasion: RunOccasion { machine.created.occasion }

    /// Asks the run to stop: running steps are ended, the rest never starts.
    ///
    /// Returns at once.
    public func cancel(reason: String) { tell(.cancel(reason: reason)) }

    /// Tells the run something, and does not wait for what comes of it.
    public func tell(_ command: RunCommand) { mailbox.put(.command(command)) }

    /// Stops executing without ending the run: processes are ended, and who goes on with the run starts their steps
    /// anew.
    public func detach() { mailbox.put(.detach) }

    /// Asks the run for something that depends on how it stands, and waits until it is recorded.
    ///
    /// - Throws: ``MartletError`` MT2023 when the command does not fit, MT2012 when the run has ended meanwhile, and
    ///   what `question` throws.
    public func ask(_ question: @escaping Question) async throws(MartletError) -> [RunEvent] {
        let result = await withCheckedContinuation { continuation in
            let signal = Signal.ask(question, continuation)
            if !mailbox.put(signal) { Self.refuse(signal, id) }
        }
        return try result.get()
    }

    /// Answers a question that nobody will look into any more.
    static func refuse(_ signal: Signal, _ id: RunID) {
        if case .ask(_, let continuation) = signal { continuation.resume(returning: .failure(over(id))) }
    }

    static func over(_ id: RunID) -> MartletError {
        MartletError(.runEnded, "run \(id) has just ended", remedy: "ask again")
    }

    /// Executes the run to its end and returns what became of it.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store fails; running steps are ended then, and the run can be
    ///   resumed. A failed step is a result, not an error.
    public func run(_ observer: some RunObserver) async throws(MartletError) -> RunProjection {
        dependencies.admission.join(id) { [mailbox] instances in mailbox.put(.granted(instances)) }
        let result: Result<RunProjection, MartletError> = await withDiscardingTaskGroup { group in
            var loop = RunLoop(self, observer)
            let result = await loop.run(&group)
            group.cancelAll()
            dependencies.waits?.cancel(run: id)
            await loop.endAttempts()
            return result
        }
        // Only now has every process ended that holds a slot.
        dependencies.admission.leave(id)
        // Before anyone hears that the run has ended here: whoever goes on with it needs the lock.
        lock.release()
        // Whoever asks from here on is answered at once; whoever has asked is answered now.
        for signal in mailbox.close() { Self.refuse(signal, id) }
        if case .success(let projection) = result, projection.run.state.isTerminal {
            // What fails here is made up for when metrics are asked for; the run has ended well or not without it.
            _ = try? await dependencies.metrics?.record(id)
        }
        return try result.get()
    }
}

/// A lock that is given back at a moment of its holder's choice, and not when the last copy of the holder goes.
private final class HeldLock: Sendable {
    private let lock: Mutex<FileLock?>

    init(_ lock: FileLock) { self.lock = Mutex(lock) }

    func release() { lock.withLock { $0 = nil } }
}
