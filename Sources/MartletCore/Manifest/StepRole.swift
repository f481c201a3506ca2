/// Whether a step does the pipeline's work, or prepares or tidies up for steps that do.
public enum StepRole: Hashable, Codable, Sendable {
    /// Ordinary work.
    case work
    /// Makes something that later steps need; when it fails, they do not start.
    case setup
    /// Takes away what setups made, however the steps between came out.
    case teardown(TeardownSpec)

    /// The teardown's particulars; nil for other roles.
    public var teardown: TeardownSpec? { if case .teardown(let spec) = self { spec } else { nil } }
}

/// What a teardown tidies up after.
public struct TeardownSpec: Hashable, Codable, Sendable {
    /// The setups whose work it takes away; it waits for them and for all steps between.
    public var setups: [StepID]
    /// Whether the run fails when the teardown does.
    public var failsRun: Bool

    /// A teardown of `setups`, whose failure does not fail the run unless told otherwise.
    public init(of setups: [StepID], failsRun: Bool = false) {
        self.setups = setups
        self.failsRun = failsRun
    }

    enum CodingKeys: String, CodingKey {
        case setups
        case failsRun = "fails_run"
    }
}
