import MartletCore

@testable import MartletScheduling

/// The first instant of 2026.
let newYear = Timestamp(microseconds: 1_767_225_600_000_000)

/// What an attempt is told that waits.
func waitContext(params: [String: JSONValue] = [:]) -> StepContextDocument {
    StepContextDocument(
        runID: RunID(trusted: "p-1"),
        pipeline: PipelineID(trusted: "p"),
        step: StepID(trusted: "w"),
        attempt: 1,
        startedAt: newYear,
        project: "/project",
        workDirectory: "/project/work",
        params: params
    )
}

func waitRequest(
    _ subject: WaitSubject = .file(FileWait(path: "x")),
    policy: WaitPolicy = WaitPolicy(),
    startedAt: Timestamp = newYear
) -> WaitRequest {
    WaitRequest(
        key: WaitKey(RunID(trusted: "p-1"), InstanceID(StepID(trusted: "w"))),
        subject: subject,
        policy: policy,
        context: waitContext(),
        startedAt: startedAt
    )
}

extension WaitDecision {
    var resolution: WaitResolution? { if case .resolve(let resolution) = self { resolution } else { nil } }
    var look: Timestamp? { if case .look(let at) = self { at } else { nil } }
}

extension WaitResolution {
    var error: MartletError? {
        switch self {
        case .satisfied: nil
        case .skipped(let error): error
        case .failed(let error, _): error
        }
    }
}
