/// Incidents that people are told of together: one notification for all that is wrong with a dataset.
public struct IncidentGroup: Hashable, Codable, Sendable {
    /// What its incidents have in common: `dataset=flights/raw`.
    public var key: String
    /// The same, by label.
    public var labels: [String: String]
    /// When people are told of what has changed; nil when nothing has.
    public var dueAt: Timestamp?
    /// What each receiver was told.
    public var told: [NotifierID: Told]

    /// A group of which nobody knows.
    public init(key: String, labels: [String: String]) {
        self.key = key
        self.labels = labels
        told = [:]
    }

    /// What one receiver was told of a group.
    public struct Told: Hashable, Codable, Sendable {
        /// How many notifications it was sent, which numbers them.
        public var count: Int
        /// The last one.
        public var at: Timestamp
        /// How bad each incident was that it knows to be open, by id.
        public var open: [String: Severity]
        /// Whether it knows that somebody looks after them all.
        public var isAcknowledged: Bool

        /// A receiver that knows of nothing.
        public init(count: Int = 0, at: Timestamp, open: [String: Severity] = [:], isAcknowledged: Bool = false) {
            self.count = count
            self.at = at
            self.open = open
            self.isAcknowledged = isAcknowledged
        }

        enum CodingKeys: String, CodingKey {
            case count, at, open
            case isAcknowledged = "acknowledged"
        }
    }

    enum CodingKeys: String, CodingKey {
        case key, labels, told
        case dueAt = "due_at"
    }
}

extension IncidentGroup.Told {
    /// Whether it waits to be told of an end.
    public var isOpen: Bool { !open.isEmpty }
}
