/// All that decisions about incidents are made from, as it stands in the store.
public struct IncidentBook: Hashable, Sendable {
    /// Grows by one with each change, so that two who change it at once notice.
    public var revision: Int
    /// Checks that were asked for, by fingerprint.
    public var checks: [String: CheckRecord]
    /// Open incidents, and the last one of each check that was asked for, by fingerprint.
    public var incidents: [String: Incident]
    /// Groups that have open incidents, or receivers that have not been told of an end.
    public var groups: [String: IncidentGroup]
    /// Silences that have not ended.
    public var silences: [Silence]
    /// The highest number that a silence ever had.
    public var lastSilence: Int

    /// A book; empty unless told otherwise.
    public init(
        revision: Int = 0,
        checks: [String: CheckRecord] = [:],
        incidents: [String: Incident] = [:],
        groups: [String: IncidentGroup] = [:],
        silences: [Silence] = [],
        lastSilence: Int = 0
    ) {
        self.revision = revision
        self.checks = checks
        self.incidents = incidents
        self.groups = groups
        self.silences = silences
        self.lastSilence = lastSilence
    }
}

/// A change of the book, kept whole or not at all.
public struct IncidentChange: Hashable, Sendable {
    /// The revision that it was decided on.
    public var revision: Int
    /// Checks as they are now.
    public var checks: [CheckRecord]
    /// Incidents as they are now.
    public var incidents: [Incident]
    /// What happened to each of them, in order, by the incident's id.
    public var events: [String: [IncidentEvent]]
    /// Groups as they are now.
    public var groups: [IncidentGroup]
    /// Groups that are over.
    public var closedGroups: [String]
    /// Silences that were made or changed.
    public var silences: [Silence]
    /// What is to be delivered.
    public var deliveries: [Delivery]

    /// A change of nothing.
    public init(revision: Int) {
        self.revision = revision
        checks = []
        incidents = []
        events = [:]
        groups = []
        closedGroups = []
        silences = []
        deliveries = []
    }

    /// Whether it changes nothing.
    public var isEmpty: Bool {
        checks.isEmpty && incidents.isEmpty && events.isEmpty && groups.isEmpty && closedGroups.isEmpty
            && silences.isEmpty && deliveries.isEmpty
    }
}
