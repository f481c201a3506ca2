/// A notification on its way to one receiver, kept from before it is sent until it is settled.
public struct Delivery: Hashable, Codable, Sendable {
    /// Where it stands.
    public enum State: String, Hashable, Codable, Sendable, CaseIterable {
        /// It is to be sent.
        case pending
        /// The receiver has it.
        case delivered
        /// It was given up.
        case dead
    }

    /// The receiver.
    public var notifier: NotifierID
    /// What it is told, with an id that is the same at each attempt: receivers tell repetitions by it.
    public var alert: Alert
    /// Where it stands.
    public var state: State
    /// How often it was tried.
    public var attempts: Int
    /// When it is tried next.
    public var dueAt: Timestamp
    /// When it was settled.
    public var settledAt: Timestamp?
    /// What went wrong at the last attempt.
    public var error: MartletError?

    /// A delivery that has not been tried.
    public init(to notifier: NotifierID, _ alert: Alert, dueAt: Timestamp) {
        self.notifier = notifier
        self.alert = alert
        state = .pending
        attempts = 0
        self.dueAt = dueAt
    }

    /// What tells it from all others.
    public var key: Key { Key(notifier: notifier, alert: alert.id) }

    /// What tells a delivery from all others.
    public struct Key: Hashable, Sendable {
        /// The receiver.
        public var notifier: NotifierID
        /// The id of the alert.
        public var alert: String

        /// The key of the delivery of an alert to `notifier`.
        public init(notifier: NotifierID, alert: String) {
            self.notifier = notifier
            self.alert = alert
        }
    }

    enum CodingKeys: String, CodingKey {
        case notifier, alert, state, attempts, error
        case dueAt = "due_at"
        case settledAt = "settled_at"
    }
}
