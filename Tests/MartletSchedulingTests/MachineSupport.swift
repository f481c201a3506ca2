import MartletCore

@testable import MartletScheduling

/// A pipeline in a few words: `step("b", after: ["a"])`.
func step(
    _ id: String,
    after: [String] = [],
    rule: TriggerRule = .allSuccess,
    retries: Int = 0,
    delay: Double = 5,
    when: String? = nil,
    branch: [BranchCase]? = nil
) -> StepManifest {
    StepManifest(
        id: StepID(trusted: id),
        action: branch.map { .branch(BranchAction(cases: $0)) } ?? .command(CommandAction(arguments: ["/bin/true"])),
        after: after.map { StepID(trusted: $0) },
        triggerRule: rule,
        when: when,
        retry: RetryPolicy(retries: retries, delaySeconds: delay)
    )
}

let noon = Timestamp(microseconds: 1_767_268_800_000_000)
let here = Executor(host: "test", pid: 1)

func machine(_ steps: [StepManifest], slots: Int = 100, params: [String: JSONValue] = [:]) -> RunMachine {
    let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps)
    let created = RunCreated(
        pipeline: manifest.pipeline,
        manifestHash: "",
        params: params,
        program: nil,
        projectRoot: "/project",
        martletVersion: "test",
        slots: slots
    )
    return RunMachine(id: RunID(trusted: "p-1"), manifest: manifest, created: created)
}

extension RunMachine {
    /// The state of a step by name.
    func state(_ id: String) -> StepState? { position(of: StepID(trusted: id)).map { steps[$0] } }

    /// Ends the running attempt of a step.
    mutating func end(
        _ id: String,
        _ result: AttemptOutcome.Result,
        values: [String: JSONValue] = [:],
        retryable: Bool = true,
        at now: Timestamp = noon
    ) throws -> [RunEvent] {
        let step = StepID(trusted: id)
        let attempt = position(of: step).map { attempts[$0] } ?? 0
        let outcome = AttemptOutcome(result, retryable: retryable, values: values)
        return try handle(.finishAttempt(step: step, attempt: attempt, outcome: outcome), at: now)
    }
}

extension [RunEvent] {
    /// The steps whose attempts these events start.
    var started: [String] {
        compactMap { if case .attemptStarted(let step, _) = $0 { step.rawValue } else { nil } }
    }
}
