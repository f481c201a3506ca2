package import MartletCore

/// Is told what a trigger does.
package protocol EventTriggerObserver: Sendable {
    /// The status changed.
    func update(_ status: TriggerStatus)
    /// Something went wrong that the trigger deals with by itself.
    func notice(_ error: MartletError)
}

/// Is told, and does nothing.
package struct SilentTriggerObserver: EventTriggerObserver {
    /// Silence.
    package init() {}
    package func update(_ status: TriggerStatus) {}
    package func notice(_ error: MartletError) {}
}
