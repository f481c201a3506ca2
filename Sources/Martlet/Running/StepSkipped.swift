/// Thrown by the body of a step that finds it has nothing to do; the step is skipped, not failed.
public struct StepSkipped: Error, Hashable, Sendable {
    /// Why there is nothing to do.
    public let reason: String

    /// A step skipped because of `reason`.
    public init(_ reason: String) { self.reason = reason }
}
