import MartletCore
import Testing

@testable import MartletScheduling

/// A pipeline in a few words: `step("b", after: ["a"])`.
func step(
    _ id: String,
    after: [String] = [],
    rule: TriggerRule = .allSuccess,
    retries: Int = 0,
    delay: Double = 5,
    when: String? = nil,
    branch: [BranchCase]? = nil,
    action: StepAction? = nil,
    role: StepRole = .work,
    group: String? = nil,
    map: MapSpec? = nil,
    limits: StepLimits = StepLimits(),
    past: PastRule = .ignored
) -> StepManifest {
    StepManifest(
        id: StepID(trusted: id),
        action: action ?? branch.map { .branch(BranchAction(cases: $0)) }
            ?? .command(CommandAction(arguments: ["/bin/true"])),
        after: after.map { StepID(trusted: $0) },
        triggerRule: rule,
        when: when,
        retry: RetryPolicy(retries: retries, delaySeconds: delay),
        role: role,
        group: group.map { GroupID(trusted: $0) },
        map: map,
        limits: limits,
        past: past
    )
}

let noon = Timestamp(microseconds: 1_767_268_800_000_000)
let here = Executor(host: "test", pid: 1)

func pipeline(
    _ steps: [StepManifest],
    groups: [GroupSpec] = [],
    policy: PipelinePolicy = PipelinePolicy()
) -> PipelineManifest {
    PipelineManifest(pipeline: PipelineID(trusted: "p"), policy: policy, groups: groups, steps: steps)
}

func machine(
    _ manifest: PipelineManifest,
    slots: Int = 100,
    params: [String: JSONValue] = [:],
    occasion: RunOccasion = RunOccasion()
) -> RunMachine {
    let created = RunCreated(
        pipeline: manifest.pipeline,
        manifestHash: "v1",
        params: params,
        program: nil,
        projectRoot: "/project",
        martletVersion: "test",
        slots: slots,
        occasion: occasion
    )
    return RunMachine(id: RunID(trusted: "p-1"), manifest: manifest, created: created)
}

/// Takes what a machine says to a planner, as the runtime does.
struct PlannerDesk {
    var planner: Planner

    init(_ limits: PlannerLimits) { planner = Planner(limits: limits) }

    mutating func note(_ events: [RunEvent], of machine: RunMachine) {
        let isOffering = events.contains { if case .stepScheduled = $0 { true } else { false } }
        let priorities = isOffering ? machine.priorities : []
        for event in events {
            switch event {
            case .stepScheduled(let step):
                if let request = machine.admissionRequest(of: step, priorities: priorities) { planner.offer(request) }
            case .attemptDeferred(let step, _, let state):
                planner.suspend(AdmissionKey(machine.id, step), holdsPool: state == .deferred)
            case .attemptFinished(let finished): give(finished.step, machine)
            case .stepResolved(let step, _, _): give(step, machine)
            case .marked(let marked): for step in marked.steps { give(step, machine) }
            case .cleared(let cleared):
                for step in cleared.steps {
                    let isBusy = machine.position(of: step).map { machine.instances[$0].state.isActive } ?? false
                    if !isBusy { give(step, machine) }
                }
                for step in cleared.removed { give(step, machine) }
            default: break
            }
        }
        // What was offered and resolved at once waits for nothing.
        for case .stepScheduled(let step) in events where machine.state(step) != .scheduled {
            planner.withdraw(AdmissionKey(machine.id, step))
        }
        if machine.state.isTerminal { planner.forget(machine.id) }
    }

    private mutating func give(_ step: InstanceID, _ machine: RunMachine) {
        planner.withdraw(AdmissionKey(machine.id, step))
        planner.release(AdmissionKey(machine.id, step))
    }
}

/// A run that is driven as the runtime drives it: what is ready starts when the planner lets it.
///
/// After every command it is checked that the log, folded into a projection, tells the same as the machine.
struct DrivenRun {
    var machine: RunMachine
    private(set) var log: [RecordedEvent] = []
    private(set) var projection: RunProjection?
    private let manifest: PipelineManifest
    private var desk: PlannerDesk
    private var versions: [String: PipelineManifest] = [:]
    var now = noon

    init(
        _ manifest: PipelineManifest,
        slots: Int = 100,
        params: [String: JSONValue] = [:],
        occasion: RunOccasion = RunOccasion()
    ) {
        self.manifest = manifest
        machine = MartletSchedulingTests.machine(manifest, slots: slots, params: params, occasion: occasion)
        desk = PlannerDesk(PlannerLimits(totalSlots: slots))
        record([.runCreated(machine.created)])
    }

    init(_ steps: [StepManifest], slots: Int = 100, params: [String: JSONValue] = [:]) {
        self.init(pipeline(steps), slots: slots, params: params)
    }

    /// Tells the machine, starts what may start, and gives back all events.
    @discardableResult mutating func tell(_ command: RunCommand) throws -> [RunEvent] {
        if case .clear(let cleared, let manifest) = command, let manifest, let hash = cleared.manifestHash {
            versions[hash] = manifest
        }
        var events = try machine.handle(command, at: now)
        desk.note(events, of: machine)
        while true {
            let granted = desk.planner.grants()
            if granted.isEmpty { break }
            for key in granted {
                let following = try machine.handle(.admit(key.instance), at: now)
                desk.note(following, of: machine)
                events += following
            }
        }
        record(events)
        checkProjection()
        return events
    }

    @discardableResult mutating func start() throws -> [RunEvent] { try tell(.start(here)) }

    /// Ends the running attempt of an instance.
    @discardableResult mutating func end(
        _ id: String,
        _ result: AttemptOutcome.Result = .success,
        values: [String: JSONValue] = [:],
        retryable: Bool = true
    ) throws -> [RunEvent] {
        let named = InstanceID(id)
        let instance = try #require(named)
        let attempt = machine.position(of: instance).map { machine.instances[$0].attempts } ?? 0
        let outcome = AttemptOutcome(result, retryable: retryable, values: values)
        return try tell(.finishAttempt(step: instance, attempt: attempt, outcome: outcome))
    }

    /// Ends the running attempts of several instances, as in `a b c[1]`.
    mutating func end(all ids: String, _ result: AttemptOutcome.Result = .success) throws {
        for id in ids.split(separator: " ") { try end(String(id), result) }
    }

    /// Clears steps as an operator does.
    @discardableResult mutating func clear(
        _ ids: String,
        downstream: Bool = true,
        onlyFailed: Bool = false,
        version: (PipelineManifest, Int)? = nil
    ) throws -> ClearedSteps {
        let request = ClearRequest(
            run: machine.id,
            steps: ids.split(separator: " ").compactMap { InstanceID(String($0)) },
            downstream: downstream,
            onlyFailed: onlyFailed
        )
        let latest = version.map { (manifest: $0.0, hash: "v\($0.1)", version: $0.1) }
        let cleared = try machine.selection(for: request, latest: latest)
        try tell(.clear(cleared, manifest: version?.0))
        return cleared
    }

    /// The executor was killed: all that remains is the log.
    mutating func restart() throws {
        var fresh = replayed()
        swap(&fresh, &machine)
        desk = PlannerDesk(desk.planner.limits)
        try tell(.resume(here))
    }

    func replayed() -> RunMachine {
        var fresh = RunMachine(id: machine.id, manifest: manifest, created: machine.created, manifests: versions)
        for recorded in log { fresh.evolve(recorded.event, at: recorded.at) }
        return fresh
    }

    /// The states of all instances, as in `a success, b[0] running`; what is no more part of the run is left out.
    var states: String {
        machine.instances.filter { $0.state != .removed }.sorted { $0.id < $1.id }
            .map { "\($0.id) \($0.state.rawValue)" }.joined(separator: ", ")
    }

    func state(_ id: String) -> StepState? { machine.state(id) }

    func instance(_ id: String) throws -> StepInstance {
        let position = InstanceID(id).flatMap { machine.position(of: $0) }
        return machine.instances[try #require(position)]
    }

    private mutating func record(_ events: [RunEvent]) {
        for event in events {
            let recorded = RecordedEvent(sequence: log.count + 1, at: now, event: event)
            log.append(recorded)
            if projection == nil {
                projection = RunProjection(id: machine.id, first: recorded, steps: manifest.steps.map(\.id))
            } else {
                projection?.apply(recorded)
            }
        }
    }

    private func checkProjection() {
        for problem in differences(machine, projection) { Issue.record("\(problem)") }
    }
}

/// Where a projection tells something else than the machine.
func differences(_ machine: RunMachine, _ projection: RunProjection?) -> [String] {
    guard let projection else { return ["there is no projection"] }
    var found: [String] = []
    if projection.run.state != machine.state { found.append("run: \(projection.run.state), not \(machine.state)") }
    if projection.run.manifestHash != machine.manifestHash { found.append("another manifest") }
    for instance in machine.instances {
        guard let row = projection.step(instance.id) else {
            found.append("\(instance.id) has no row")
            continue
        }
        if row.state != instance.state || row.attempts != instance.attempts || row.retryAt != instance.retryAt {
            found.append("\(instance.id): \(row.state) \(row.attempts), not \(instance.state) \(instance.attempts)")
        }
    }
    for row in projection.rows where row.state != .removed && machine.position(of: row.id) == nil {
        found.append("\(row.id) is not in the machine")
    }
    return found
}

extension RunMachine {
    func state(_ id: InstanceID) -> StepState? { position(of: id).map { instances[$0].state } }
    func state(_ id: String) -> StepState? { InstanceID(id).flatMap { state($0) } }
}

extension [RunEvent] {
    /// The instances whose attempts these events start.
    var started: [String] {
        compactMap {
            switch $0 {
            case .attemptStarted(let step, _): step.description
            case .attemptDeferred(let step, _, _): step.description
            default: nil
            }
        }
    }
}
