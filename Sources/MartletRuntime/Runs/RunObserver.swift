public import MartletCore

/// Watches a run; called in order for events, and from any thread for messages.
///
/// It must not block.
public protocol RunObserver: Sendable {
    /// Events that have just been recorded.
    func recorded(_ events: [RecordedEvent], of run: RunID)
    /// Something a running step said.
    func received(_ message: StepMessage, from step: InstanceID, attempt: Int)
}

/// Watches nothing.
public struct NoObserver: RunObserver {
    /// An observer with nothing to do.
    public init() {}
    /// Ignores the events.
    public func recorded(_ events: [RecordedEvent], of run: RunID) {}
    /// Ignores the message.
    public func received(_ message: StepMessage, from step: InstanceID, attempt: Int) {}
}
