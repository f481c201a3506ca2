public import MartletCore

/// What became of an alert on its way to one notifier.
public struct AlertDelivery: Hashable, Sendable {
    /// The ways it can end.
    public enum Outcome: Hashable, Sendable {
        /// The notifier took it, at this call.
        case delivered(calls: Int)
        /// The notifier did not take it, however often it was called.
        case failed(MartletError)
        /// It was given up, because too many waited.
        case dropped(MartletError)
    }

    /// The alert, secrets masked.
    public var alert: Alert
    /// The notifier; nil is the project's log of alerts.
    public var notifier: NotifierID?
    /// What became of it.
    public var outcome: Outcome

    /// A delivery that ended so.
    public init(alert: Alert, notifier: NotifierID?, outcome: Outcome) {
        self.alert = alert
        self.notifier = notifier
        self.outcome = outcome
    }
}
