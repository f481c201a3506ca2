public import MartletCore

/// What a step comes to in a test, instead of being run.
public struct StepStub: Hashable, Sendable {
    /// How an attempt ends.
    public enum Ending: String, Hashable, Sendable, CaseIterable {
        case success, failed, skipped
    }

    /// How the attempt ends that comes after the ``failures``.
    public var ending: Ending
    /// How many attempts fail first.
    public var failures: Int
    /// Whether another attempt may follow one that failed.
    public var isRetryable: Bool
    /// Why it fails or is skipped; nil for a reason that says it is a stub.
    public var reason: String?
    /// The values it reports when it succeeds.
    public var values: [String: JSONValue]
    /// The numbers it reports when it succeeds.
    public var metrics: [String: Double]
    /// What it has written when it succeeds, by the names of its outputs.
    public var outputs: [PortName: Fixture]
    /// Another command that is really run in its place; nothing else of the stub counts then.
    public var command: CommandAction?
    /// The steps that a branch follows.
    public var follow: [StepID]?
    /// What a person answers to a question; the question says what comes of it.
    public var answer: String?

    /// A stub that succeeds at once and reports nothing, unless told otherwise.
    public init(
        _ ending: Ending = .success,
        failures: Int = 0,
        isRetryable: Bool = true,
        reason: String? = nil,
        values: [String: JSONValue] = [:],
        metrics: [String: Double] = [:],
        outputs: [PortName: Fixture] = [:],
        command: CommandAction? = nil,
        follow: [StepID]? = nil,
        answer: String? = nil
    ) {
        self.ending = ending
        self.failures = failures
        self.isRetryable = isRetryable
        self.reason = reason
        self.values = values
        self.metrics = metrics
        self.outputs = outputs
        self.command = command
        self.follow = follow
        self.answer = answer
    }

    /// How the attempt with this number ends.
    public func ending(of attempt: Int) -> Ending { attempt <= failures ? .failed : ending }

    /// Whether the step comes to a success in the end.
    public var succeeds: Bool { command == nil && ending == .success }

    /// What an attempt comes to; `outputs` is what a successful one has written.
    public func outcome(of attempt: Int, _ step: StepID, outputs: [DatasetOutput]) -> AttemptOutcome {
        switch ending(of: attempt) {
        case .success:
            AttemptOutcome(.success, exitCode: 0, values: values, metrics: metrics, outputs: outputs)
        case .skipped:
            AttemptOutcome(.skipped, error: MartletError(.stepSkipped, reason ?? "its stub skips"))
        case .failed:
            AttemptOutcome(
                .failed,
                exitCode: 1,
                error: MartletError(.exitCode, reason ?? "the stub of step \(step) fails attempt \(attempt)"),
                retryable: isRetryable
            )
        }
    }

    /// The stub with what its ``answer`` comes to for `step`.
    func answered(for step: StepManifest) -> StepStub {
        guard let answer, case .approve(let action) = step.action,
            let resolution = try? action.answer(answer, by: nil, for: InstanceID(step.id))
        else { return self }
        var stub = self
        switch resolution {
        case .satisfied(let values): stub.values.merge(values) { own, _ in own }
        case .skipped(let error): (stub.ending, stub.reason) = (.skipped, error.message)
        case .failed(let error, _): (stub.ending, stub.reason, stub.isRetryable) = (.failed, error.message, false)
        }
        return stub
    }
}
