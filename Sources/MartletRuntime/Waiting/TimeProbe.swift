public import MartletCore

/// Looks at the wall clock; its waits look once, at the instant.
public struct TimeProbe: WaitProbe {
    private let time: any TimeSource

    /// A probe that goes by `time`.
    public init(time: any TimeSource) { self.time = time }

    /// Whether the instant has come.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        guard case .instant(let instant) = request.subject else { return .misdirected(request) }
        if time.now >= instant { return .satisfied(values: ["instant": .string(instant.description)]) }
        return .notYet(reason: "it is not \(instant) yet", again: instant)
    }
}
