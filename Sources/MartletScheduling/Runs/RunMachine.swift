public import MartletCore

/// A run as a value: commands go in, events come out, and the events alone rebuild it.
///
/// The machine decides what may start, what is skipped and when the run has ended; which of the steps that may start do
/// so first is the ``Planner``'s decision, over all runs. It reads no clock and launches nothing. A completion costs the
/// step's out-edges (counters), not the size of the run.
public struct RunMachine: Sendable {
    /// The run's id.
    public let id: RunID
    /// What the first event fixed: parameters, program and slots among others.
    public let created: RunCreated
    /// The pipeline as it was when the run was created, or when it was cleared to go on with another version.
    public internal(set) var manifest: PipelineManifest
    /// The SHA-256 of that manifest.
    public internal(set) var manifestHash: String

    /// The run's state.
    public internal(set) var state = RunState.queued
    /// When a process first began to execute the run; nil when none has.
    public internal(set) var startedAt: Timestamp?
    /// When it began to wait to be started: when it was created, or cleared last.
    public internal(set) var queuedAt: Timestamp?
    /// Every instance of a step; positions elsewhere are positions here.
    public internal(set) var instances: [StepInstance] = []
    /// Whether someone has asked the run to stop; stays true once it is.
    public internal(set) var isCancelling = false
    /// Why the run stopped itself; nil when it did not.
    public internal(set) var stop: RunStop?
    /// The writings of datasets that the run is for.
    public internal(set) var datasetEvents: [DatasetEvent] = []
    /// Deadlines that have passed, by their place in the pipeline's policy.
    public internal(set) var missedDeadlines: Set<Int> = []
    /// The state of the run before this one, as far as it was told; see ``RunCommand/learnPast(_:)``.
    public internal(set) var past: PastRun?

    /// What was published of the run, or why it could not be; nil until then.
    public internal(set) var publication: Result<Publication, MartletError>?

    var graph: RunGraph
    /// The manifests that events may name, by their hashes.
    var manifests: [String: PipelineManifest]
    var positions: [InstanceID: Int] = [:]
    /// By step, its instances.
    var members: [[Int]] = []
    /// By step, what all its instances count together.
    var counts: [UpstreamCounts] = []
    var domains: [DomainState] = []
    /// By instance of a branch or short-circuit that has decided, the steps it leaves out.
    var cuts: [Int: Set<Int>] = [:]
    /// By step, the instances that have left it out.
    var cutters: [Int: Set<Int>] = [:]
    /// By step, how many of its instances have not ended, and how many of these wait for the steps before them.
    var open: [(unfinished: Int, waiting: Int)] = []
    /// The domains whose files have to be listed.
    var askedDomains: Set<Int> = []
    /// Steps whose instances have to be looked at.
    var unsettledSteps = WorkList()
    /// Instances that have to be looked at.
    var unsettled = WorkList()
    var activeCount = 0
    var scheduledCount = 0
    var retryCount = 0
    var unfinishedCount = 0
    var pending: [RunEvent] = []

    /// What the items of steps that are mapped together stand at.
    struct DomainState: Sendable {
        var items: [JSONValue]?
        var labels: [String]?
        /// The items are out of date: what they were made of has been cleared.
        var isStale = false
        var listing: Listing = .none

        enum Listing: Sendable {
            case none
            case asked
            case known([JSONValue])
        }

        var isReady: Bool { items != nil && !isStale }
    }

    /// The machine of a run that has just been created.
    ///
    /// - Parameters:
    ///   - id: the run.
    ///   - manifest: the pipeline, as the first event names it.
    ///   - created: the first event.
    ///   - manifests: those that later events of a log name, by their hashes.
    public init(
        id: RunID,
        manifest: PipelineManifest,
        created: RunCreated,
        manifests: [String: PipelineManifest] = [:]
    ) {
        self.id = id
        self.manifest = manifest
        self.created = created
        self.manifests = manifests
        manifestHash = created.manifestHash
        if self.manifests[created.manifestHash] == nil { self.manifests[created.manifestHash] = manifest }
        graph = RunGraph(manifest)
        for (position, step) in graph.edges.steps.enumerated() {
            let id = InstanceID(step)
            instances.append(StepInstance(id, step: position))
            positions[id] = position
            members.append([position])
            open.append((1, 1))
        }
        unfinishedCount = instances.count
        domains = graph.domains.map { _ in DomainState() }
        recountAll()
    }

    /// The pipeline as it was when the run was created.
    public var firstManifest: PipelineManifest { manifests[created.manifestHash] ?? manifest }

    /// The position of an instance, or nil.
    public func position(of id: InstanceID) -> Int? { positions[id] }

    /// The step of an instance; nil when the manifest has it no more.
    public func step(at position: Int) -> StepManifest? {
        let step = instances[position].step
        return step < 0 ? nil : manifest.steps[step]
    }

    /// The instances of a step, in the order of their indices.
    public func instances(of step: StepID) -> [StepInstance] {
        guard let place = graph.place[step] else { return [] }
        return members[place].map { instances[$0] }
    }

    /// Instances that wait for a slot, in the order they began to.
    public var scheduled: [InstanceID] {
        instances.filter { $0.state == .scheduled }
            .sorted { ($0.scheduledAt ?? Timestamp(microseconds: 0)) < ($1.scheduledAt ?? Timestamp(microseconds: 0)) }
            .map(\.id)
    }

    /// Decides what follows from `command`, applies it, and returns the events in order.
    ///
    /// A command that comes too late (an attempt that ended after its step was marked, a slot for a step that was
    /// cancelled meanwhile) is no error and gives no events.
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
        case .take(let events):
            emit(.datasetsTaken(events), at: now)
        case .admit(let step):
            guard let position = positions[step], instances[position].state == .scheduled else { return [] }
            startAttempt(at: position, at: now)
        case .hold(let steps, let reason):
            let held = steps.filter { step in
                positions[step].map { instances[$0].state == .scheduled && instances[$0].heldBecause != reason }
                    ?? false
            }
            if held.isEmpty { return [] }
            emit(.stepsHeld(steps: held, reason: reason), at: now)
        case .finishAttempt(let step, let attempt, let outcome):
            guard let position = positions[step] else { throw refuse(command, "there is no step \(step)") }
            guard attempt <= instances[position].attempts else {
                throw refuse(command, "attempt \(attempt) of \(step) was never started")
            }
            guard instances[position].state.isActive, instances[position].attempts == attempt else { return [] }
            finish(position, outcome, at: now)
        case .retryDue(let step):
            guard let position = positions[step], instances[position].state == .upForRetry else { return [] }
            emit(.stepScheduled(step: step), at: now)
        case .queueTimeout(let step):
            guard let position = positions[step], instances[position].state == .scheduled,
                isQueueTimeoutDue(position, at: now)
            else { return [] }
            endQueueing(of: position, at: now)
        case .list(let domain, let result):
            list(domain, result, at: now)
        case .learnPast(let past):
            learn(past)
        case .timeout:
            // All of its steps have ended in time; what is being published cannot be taken back.
            guard state == .running, stop == nil, !isCancelling, !isToBePublished else { return [] }
            stopItself(.timeout, "it ran longer than its timeout", at: now)
        case .missDeadline(let miss):
            guard !state.isTerminal, !missedDeadlines.contains(miss.deadline) else { return [] }
            emit(.deadlineMissed(miss), at: now)
        case .publish(let result):
            guard isToBePublished else { return [] }
            switch result {
            case .success(let publication): emit(.published(publication), at: now)
            case .failure(let error): emit(.publishRefused(error), at: now)
            }
        case .cancel(let reason):
            guard !state.isTerminal else { throw refuse(command, "the run is \(state.rawValue)") }
            cancel(reason: reason, at: now)
        case .clear(let cleared, let manifest):
            if let manifest, let hash = cleared.manifestHash { manifests[hash] = manifest }
            emit(.cleared(cleared), at: now)
        case .mark(let steps, let state, let note):
            try mark(steps, state, note, at: now)
        case .markRun(let state, let note):
            guard state.isTerminal else { throw refuse(command, "\(state.rawValue) is not a state to be set") }
            markRun(state, note, at: now)
        }
        settle(at: now)
        return pending
    }

    mutating func emit(_ event: RunEvent, at now: Timestamp) {
        evolve(event, at: now)
        pending.append(event)
    }

    private func refuse(_ command: RunCommand, _ reason: String) -> TransitionError {
        TransitionError(command: command.name, reason: reason)
    }
}
