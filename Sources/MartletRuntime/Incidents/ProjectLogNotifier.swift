public import MartletCore

/// The project's log of alerts under another name: it is told every alert anyway, so that nothing is left to do.
public struct ProjectLogNotifier: Notifier {
    /// Nothing can fail.
    public let retries = 0

    /// Another name of the log.
    public init() {}

    /// Does nothing.
    public func deliver(_ alert: Alert) async throws(MartletError) {}
}
