/// Anything that a step can wait for: a step, what it writes or reports, a group, or a setup.
public protocol Predecessor {
    /// The ids of what is waited for, steps or groups; empty for a dataset from outside.
    var predecessors: [StepID] { get }
}

extension StepReference {
    /// The step, when there is one.
    public var predecessors: [StepID] { stepID.map { [$0] } ?? [] }
}
