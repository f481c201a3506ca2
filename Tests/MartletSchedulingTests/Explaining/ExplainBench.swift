import MartletCore

@testable import MartletScheduling

/// A run whose steps are put where a test wants them, and the explanations of it.
struct ExplainBench {
    static let start = Timestamp(microseconds: 1_767_268_800_000_000)

    var machine: RunMachine
    var facts: ExplanationFacts
    private(set) var now = start

    /// A run of `steps` that has been started, unless `isQueued`.
    init(
        _ steps: [StepManifest],
        run: String = "p-1",
        policy: PipelinePolicy = PipelinePolicy(),
        groups: [GroupSpec] = [],
        slots: Int = 16,
        occasion: RunOccasion = RunOccasion(isUnattended: true),
        isQueued: Bool = false
    ) {
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            policy: policy,
            groups: groups,
            steps: steps
        )
        let created = RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: "h",
            params: [:],
            program: nil,
            projectRoot: "/project",
            martletVersion: "test",
            slots: slots,
            occasion: occasion
        )
        machine = RunMachine(id: RunID(trusted: run), manifest: manifest, created: created)
        machine.evolve(.runCreated(created), at: Self.start)
        facts = ExplanationFacts(now: Self.start, execution: isQueued ? .scheduler : .process(42))
        note([.runCreated(created)])
        if !isQueued { tell(.start(Executor(host: "test", pid: 42))) }
    }

    /// Lets time pass.
    mutating func pass(_ seconds: Double) {
        now = now + .seconds(seconds)
        facts.now = now
    }

    /// Gives the run a command; one that does not fit is left out.
    mutating func tell(_ command: RunCommand) {
        note((try? machine.handle(command, at: now)) ?? [])
    }

    mutating func admit(_ ids: String...) { for id in ids { tell(.admit(Self.id(id))) } }

    /// Ends the attempt of an instance; it is let in first if it waits.
    mutating func end(
        _ id: String,
        _ result: AttemptOutcome.Result = .success,
        values: [String: JSONValue] = [:],
        error: String? = nil
    ) {
        let id = Self.id(id)
        tell(.admit(id))
        guard let position = machine.position(of: id) else { return }
        let failure = error.map { MartletError(.exitCode, $0) }
        let outcome = AttemptOutcome(result, error: failure, values: values)
        tell(.finishAttempt(step: id, attempt: machine.instances[position].attempts, outcome: outcome))
    }

    /// Has the planner see this run, and `others`.
    mutating func plan(total: Int = 32, pools: [Pool] = [], others: [RunMachine] = [], paused: Set<PipelineID> = []) {
        facts.planner = Planner(
            limits: PlannerLimits(totalSlots: total, pools: pools),
            executing: [machine] + others,
            paused: paused
        )
    }

    func sentence(_ id: String) -> String { explanation(id)?.sentence ?? "no such step" }

    func explanation(_ id: String) -> Explanation? { RunExplainer(machine, facts: facts).explain(Self.id(id)) }

    /// The checks as `kind verdict text` lines.
    func checks(_ id: String) -> [String] {
        (explanation(id)?.checks ?? []).map { "\($0.kind.rawValue) \($0.verdict.rawValue): \($0.text)" }
    }

    var run: RunExplanation { RunExplainer(machine, facts: facts).explainRun() }

    static func id(_ text: String) -> InstanceID { InstanceID(text) ?? InstanceID(StepID(trusted: text)) }

    private mutating func note(_ events: [RunEvent]) {
        for event in events {
            facts.log.append(RecordedEvent(sequence: facts.log.count + 1, at: now, event: event))
        }
    }
}

/// A step in a few words.
func work(
    _ id: String,
    after: [String] = [],
    rule: TriggerRule = .allSuccess,
    retries: Int = 0,
    delay: Double = 5,
    when: String? = nil,
    role: StepRole = .work,
    map: MapSpec? = nil,
    limits: StepLimits = StepLimits(),
    past: PastRule = .ignored,
    action: StepAction = .command(CommandAction(arguments: ["/bin/true"]))
) -> StepManifest {
    StepManifest(
        id: StepID(trusted: id),
        action: action,
        after: after.map { StepID(trusted: $0) },
        triggerRule: rule,
        when: when,
        retry: RetryPolicy(retries: retries, delaySeconds: delay),
        role: role,
        map: map,
        limits: limits,
        past: past
    )
}
