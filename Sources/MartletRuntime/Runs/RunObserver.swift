public import MartletCore

/// Watches a run; called in order for events, and from any thread for messages. Must not block.
public protocol RunObserver: Sendable {
    /// Events that have just been recorded.
    func recorded(_ events: [RecordedEvent], of run: RunID)
    /// Something a running step said.
    func received(_ message: StepMessage, from step: StepID, attempt: Int)
}

/// Watches nothing.
public struct NoObserver: RunObserver {
    public init() {}
    public func recorded(_ events: [RecordedEvent], of run: RunID) {}
    public func received(_ message: StepMessage, from step: StepID, attempt: Int) {}
}
