/// One entry in the timeline of an incident.
public struct IncidentEvent: Hashable, Codable, Sendable {
    /// What happened.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// The check failed, after it had been in order.
        case opened
        /// It failed again.
        case failed
        /// It failed again soon after it had passed, or was over.
        case reopened
        /// It is worse than before.
        case severityRaised = "severity_raised"
        /// It passed; it is over once it goes on passing.
        case passed
        /// It is over.
        case resolved
        /// Somebody looks after it.
        case acknowledged
        /// Nobody looks after it any more.
        case unacknowledged
        /// Nobody wants to hear of it for a while.
        case snoozed
        /// That while is over.
        case woken
        /// A silence covers it.
        case silenced
        /// No silence covers it any more.
        case unsilenced
        /// A dataset upstream fails, which is told of in its place.
        case inhibited
        /// No dataset upstream fails any more.
        case released
        /// People are told.
        case notified
        /// Nobody looked after it in time: more people are told.
        case escalated
        /// Somebody said what it was.
        case labelled
        /// Somebody wrote down what they did or found.
        case noted
    }

    /// What happened.
    public var kind: Kind
    /// When.
    public var at: Timestamp
    /// Who did it; nil for Martlet itself.
    public var by: String?
    /// What was said with it.
    public var note: String?
    /// What the check saw, for those of its events.
    public var observation: CheckObservation?
    /// How bad it is now.
    public var severity: Severity?
    /// Until when, for what ends by itself.
    public var until: Timestamp?
    /// What else it names: datasets that inhibit, silences, receivers.
    public var names: [String]
    /// What it was found to be.
    public var label: IncidentLabel?

    /// An event; what is not given does not belong to its kind.
    public init(
        _ kind: Kind,
        at: Timestamp,
        by: String? = nil,
        note: String? = nil,
        observation: CheckObservation? = nil,
        severity: Severity? = nil,
        until: Timestamp? = nil,
        names: [String] = [],
        label: IncidentLabel? = nil
    ) {
        self.kind = kind
        self.at = at
        self.by = by
        self.note = note
        self.observation = observation
        self.severity = severity
        self.until = until
        self.names = names
        self.label = label
    }
}
