import MartletCore

/// The book while a decision is made, and what has been changed in it.
struct IncidentDraft {
    let planner: IncidentPlanner
    let now: Timestamp
    /// Whether no more news is to come for a while, so that nothing waits for more.
    let isClosing: Bool
    private(set) var book: IncidentBook
    private(set) var change: IncidentChange
    private var changedIncidents: Set<String> = []
    private var changedChecks: Set<String> = []
    private var changedGroups: Set<String> = []

    init(_ book: IncidentBook, _ planner: IncidentPlanner, at now: Timestamp, isClosing: Bool) {
        self.book = book
        self.planner = planner
        self.now = now
        self.isClosing = isClosing
        change = IncidentChange(revision: book.revision)
    }

    var policy: IncidentPolicy { planner.policy }

    /// The change, with all that was touched as it is now.
    func finished() -> IncidentChange {
        var change = change
        change.checks = changedChecks.sorted().compactMap { book.checks[$0] }
        change.incidents = changedIncidents.sorted().compactMap { book.incidents[$0] }
        change.groups = changedGroups.sorted().compactMap { book.groups[$0] }
        change.closedGroups = changedGroups.filter { book.groups[$0] == nil }.sorted()
        return change
    }

    // MARK: - Changing

    /// Puts a new incident in the place of the one its check had before.
    mutating func open(_ incident: Incident, _ event: IncidentEvent) {
        book.incidents[incident.fingerprint] = incident
        note(event, of: incident)
    }

    /// Lets `event` happen to the incident of a check.
    mutating func record(_ event: IncidentEvent, on fingerprint: String, failure: CheckObservation? = nil) {
        guard let incident = book.incidents[fingerprint] else { return }
        var machine = IncidentMachine(incident)
        machine.evolve(event, failure: failure)
        book.incidents[fingerprint] = machine.incident
        note(event, of: incident)
    }

    /// Changes what belongs to no event: where an incident is told of, what is known around it.
    mutating func update(_ fingerprint: String, _ body: (inout Incident) -> Void) {
        guard var incident = book.incidents[fingerprint] else { return }
        let before = incident
        body(&incident)
        guard incident != before else { return }
        book.incidents[fingerprint] = incident
        changedIncidents.insert(fingerprint)
    }

    mutating func update(check fingerprint: String, _ body: (inout CheckRecord) -> Void) {
        var record = book.checks[fingerprint] ?? CheckRecord(fingerprint: fingerprint)
        body(&record)
        guard record != book.checks[fingerprint] else { return }
        book.checks[fingerprint] = record
        changedChecks.insert(fingerprint)
    }

    mutating func set(_ group: IncidentGroup?, for key: String) {
        guard book.groups[key] != group else { return }
        book.groups[key] = group
        changedGroups.insert(key)
    }

    mutating func add(_ silence: Silence) {
        book.silences.removeAll { $0.id == silence.id }
        book.silences.append(silence)
        book.lastSilence = max(book.lastSilence, silence.id)
        change.silences.append(silence)
    }

    mutating func deliver(_ alert: Alert, to notifier: NotifierID) {
        change.deliveries.append(Delivery(to: notifier, alert, dueAt: now))
    }

    private mutating func note(_ event: IncidentEvent, of incident: Incident) {
        changedIncidents.insert(incident.fingerprint)
        change.events[incident.id, default: []].append(event)
    }

    // MARK: - Looking

    /// Open incidents in a fixed order.
    var open: [Incident] {
        book.incidents.values.filter(\.state.isOpen).sorted { ($0.first.at, $0.id) < ($1.first.at, $1.id) }
    }
}
