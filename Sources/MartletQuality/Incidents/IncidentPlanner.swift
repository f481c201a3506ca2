public import MartletCore

/// Decides what becomes of incidents: from the book, news and the time to a change, with what is to be delivered.
///
/// It asks nothing and remembers nothing. Whoever calls it keeps the change, whole, before anything is sent.
public struct IncidentPlanner: Hashable, Sendable {
    /// What the project wants.
    public var policy: IncidentPolicy
    /// Which datasets are made from which.
    public var map: DatasetMap
    /// The project's name, which receivers are told.
    public var project: String

    /// A planner for a project.
    public init(policy: IncidentPolicy, map: DatasetMap, project: String) {
        self.policy = policy
        self.map = map
        self.project = project
    }

    /// Takes note of what checks said.
    ///
    /// - Parameters:
    ///   - observations: in the order they were made; the book has the records of their checks.
    ///   - book: how things stand.
    ///   - now: the time.
    /// - Returns: what changes.
    /// - Throws: `MartletError` MT9001 for what the table of transitions should not allow.
    public func observe(
        _ observations: [CheckObservation],
        _ book: IncidentBook,
        at now: Timestamp
    ) throws(MartletError) -> IncidentChange {
        var draft = IncidentDraft(book, self, at: now, isClosing: false)
        try draft.observe(observations)
        try draft.reconcile()
        return draft.finished()
    }

    /// Does what the time asks for: the end of a wait, of a silence, of a cooldown.
    ///
    /// - Parameters:
    ///   - book: how things stand.
    ///   - now: the time.
    ///   - isClosing: whether no more news is to come for a while, as at the end of a run without a scheduler: then
    ///     what waits for more is told at once, and one pass ends an incident.
    /// - Returns: what changes.
    /// - Throws: `MartletError` MT9001 for what the table of transitions should not allow.
    public func advance(
        _ book: IncidentBook,
        at now: Timestamp,
        isClosing: Bool = false
    ) throws(MartletError) -> IncidentChange {
        var draft = IncidentDraft(book, self, at: now, isClosing: isClosing)
        try draft.reconcile()
        return draft.finished()
    }

    /// Does to an incident what somebody asks for.
    ///
    /// - Throws: `MartletError` MT5051 when that cannot be done in its state, MT5050 when the book does not have it.
    public func operate(
        _ command: IncidentCommand,
        on id: String,
        _ book: IncidentBook,
        at now: Timestamp,
        isClosing: Bool
    ) throws(MartletError) -> IncidentChange {
        guard let incident = book.incidents.values.first(where: { $0.id == id }) else {
            throw MartletError(
                .incidentUnknown,
                "there is no incident \(id)",
                remedy: "list them with `martlet incidents list --all`"
            )
        }
        var draft = IncidentDraft(book, self, at: now, isClosing: isClosing)
        for event in try IncidentMachine(incident).decide(command, at: now) {
            draft.record(event, on: incident.fingerprint)
        }
        try draft.reconcile()
        return draft.finished()
    }

    /// Makes a silence, or changes the one of its number.
    public func silence(
        _ silence: Silence,
        _ book: IncidentBook,
        at now: Timestamp,
        isClosing: Bool
    ) throws(MartletError) -> IncidentChange {
        if book.silences.count(where: { $0.isActive(at: now) }) >= Limits.silences {
            throw MartletError(
                .limitExceeded,
                "there are \(Limits.silences) silences already",
                remedy: "end some with `martlet incidents unsilence`"
            )
        }
        var draft = IncidentDraft(book, self, at: now, isClosing: isClosing)
        draft.add(silence)
        try draft.reconcile()
        return draft.finished()
    }

    /// When ``advance(_:at:isClosing:)`` is to be called next; nil when nothing is waited for.
    public func nextWake(_ book: IncidentBook, after now: Timestamp) -> Timestamp? {
        let draft = IncidentDraft(book, self, at: now, isClosing: false)
        var instants: [Timestamp] = book.silences.filter { $0.isActive(at: now) }.map(\.expiresAt)
        for incident in draft.open {
            instants += [incident.snoozedUntil, incident.heldUntil].compactMap(\.self)
            if let since = incident.passingSince { instants.append(since + policy.cooldown) }
            if incident.state == .firing, !incident.isMuted(at: now), let due = escalation(of: incident) {
                instants.append(due.at)
            }
        }
        instants += draft.tellings
        // What was due a moment ago is due at once.
        return instants.min().map { max($0, now) }
    }

    /// The level of escalation that comes next for `incident`, and when.
    func escalation(of incident: Incident) -> (level: IncidentPolicy.Level, at: Timestamp)? {
        guard let notifiedAt = incident.notifiedAt, let route = policy.route(of: incident),
            incident.escalationLevel < route.escalation.count
        else { return nil }
        let level = route.escalation[incident.escalationLevel]
        return (level, notifiedAt + level.after)
    }
}
