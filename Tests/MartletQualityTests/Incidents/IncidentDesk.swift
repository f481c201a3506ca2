import MartletCore
import MartletQuality
import Testing

/// A planner with a book in memory and a clock by hand, and what it delivered.
struct IncidentDesk {
    var planner: IncidentPlanner
    var book = IncidentBook()
    var now = Timestamp(seconds: 1_767_225_600)
    /// What was delivered, in order.
    var sent: [Delivery] = []
    var timeline: [String: [IncidentEvent]] = [:]

    static let pager = NotifierID(trusted: "pager")
    static let chat = NotifierID(trusted: "chat")
    static let lead = NotifierID(trusted: "lead")

    init(_ policy: IncidentPolicy = Self.policy, map: DatasetMap = DatasetMap()) {
        planner = IncidentPlanner(policy: policy, map: map, project: "test")
    }

    /// Critical incidents wake somebody, warnings go to a chat.
    static let policy = IncidentPolicy(routes: [
        IncidentPolicy.Route(
            matchers: [IncidentMatcher(.severity, "critical")],
            notify: [pager],
            escalation: [IncidentPolicy.Level(after: .seconds(900), notify: [lead])]
        ),
        IncidentPolicy.Route(notify: [chat]),
    ])

    /// What each delivery says: `pager trigger`.
    var told: [String] { sent.map { "\($0.notifier) \($0.alert.incident?.kind.rawValue ?? "")" } }

    mutating func observe(_ observations: [CheckObservation]) throws {
        let stamped = observations.map { observation in
            var observation = observation
            observation.at = now
            return observation
        }
        apply(try planner.observe(stamped, book, at: now))
    }

    mutating func observe(_ observation: CheckObservation) throws { try observe([observation]) }

    mutating func operate(_ command: IncidentCommand) throws {
        let incident = try #require(book.incidents.values.first)
        try operate(command, on: incident.id)
    }

    mutating func operate(_ command: IncidentCommand, on id: String) throws {
        apply(try planner.operate(command, on: id, book, at: now, isClosing: false))
    }

    mutating func silence(_ matchers: [IncidentMatcher], for duration: Duration) throws {
        let silence = Silence(
            id: book.lastSilence + 1,
            matchers: matchers,
            author: "ada",
            reason: "moving",
            createdAt: now,
            expiresAt: now + duration
        )
        apply(try planner.silence(silence, book, at: now, isClosing: false))
    }

    /// Ends a run without a scheduler.
    mutating func close() throws { apply(try planner.advance(book, at: now, isClosing: true)) }

    /// Lets time pass, waking whenever the planner asks to be woken.
    mutating func pass(_ duration: Duration) throws {
        let end = now + duration
        var wakes = 0
        while let wake = planner.nextWake(book, after: now), wake <= end {
            now = wake
            apply(try planner.advance(book, at: now))
            wakes += 1
            // A planner that asks to be woken for nothing would go on for ever.
            try #require(wakes < 10_000)
        }
        now = end
    }

    /// What a store does with a change.
    private mutating func apply(_ change: IncidentChange) {
        if change.isEmpty { return }
        book.revision += 1
        for check in change.checks { book.checks[check.fingerprint] = check }
        for incident in change.incidents { book.incidents[incident.fingerprint] = incident }
        for group in change.groups { book.groups[group.key] = group }
        for key in change.closedGroups { book.groups[key] = nil }
        for silence in change.silences {
            book.silences.removeAll { $0.id == silence.id }
            book.silences.append(silence)
            book.lastSilence = max(book.lastSilence, silence.id)
        }
        for (id, events) in change.events { timeline[id, default: []] += events }
        sent += change.deliveries
    }
}
