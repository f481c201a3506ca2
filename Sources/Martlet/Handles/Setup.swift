/// Steps that make something that later steps need, and that a teardown takes away.
///
/// ```swift
/// let cluster = p.setup { p.command("create", "./create.sh") }
/// let train = p.command("train", "./train.sh", options: [.after(cluster)])
/// p.teardown(of: cluster) { p.command("delete", "./delete.sh", options: [.after(train)]) }
/// ```
public struct Setup<Outcome> {
    let steps: [StepID]
    /// What the setup's closure returned.
    public let outcome: Outcome
}

/// A handle belongs to the building of a pipeline, not to the running of a step.
@available(*, unavailable)
extension Setup: Sendable {}

extension Setup: Predecessor {
    /// All of its steps.
    public var predecessors: [StepID] { steps }
}
