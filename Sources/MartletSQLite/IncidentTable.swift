import GRDB
import MartletCore

/// Checks, incidents, their timelines and groups, and silences.
struct IncidentTable {
    let db: Database

    // MARK: The book

    func book(for fingerprints: Set<String>, at now: Timestamp) throws -> IncidentBook {
        var book = IncidentBook(revision: try revision)
        for group in try db.all("SELECT json FROM incident_groups", [], { try Self.decode(IncidentGroup.self, $0[0]) })
        {
            book.groups[group.key] = group
        }
        let open = try db.all("SELECT json FROM incidents WHERE state != 'resolved'", []) { row in
            try Self.decode(Incident.self, row[0])
        }
        // Receivers that wait to hear of the end of an incident are told of it as it ended.
        let known = Set(open.map(\.id))
        let awaited = Set(book.groups.values.flatMap { $0.told.values.flatMap(\.open.keys) }).subtracting(known)
        for incident in try awaited.sorted().compactMap(incident) { book.incidents[incident.fingerprint] = incident }
        for fingerprint in fingerprints.sorted() {
            if let check = try check(fingerprint) { book.checks[fingerprint] = check }
            if let last = try last(of: fingerprint) { book.incidents[fingerprint] = last }
        }
        for incident in open { book.incidents[incident.fingerprint] = incident }
        book.silences = try silences(endingAfter: now)
        book.lastSilence = try db.all("SELECT coalesce(max(id), 0) FROM silences", []) { $0[0] as Int }.first ?? 0
        return book
    }

    private var revision: Int {
        get throws { try db.all("SELECT revision FROM incident_book", []) { $0[0] as Int }.first ?? 0 }
    }

    private func check(_ fingerprint: String) throws -> CheckRecord? {
        try db.all("SELECT json FROM checks WHERE fingerprint = ?", [fingerprint]) { row in
            try Self.decode(CheckRecord.self, row[0])
        }.first
    }

    private func last(of fingerprint: String) throws -> Incident? {
        let sql = "SELECT json FROM incidents WHERE fingerprint = ? ORDER BY episode DESC LIMIT 1"
        return try db.all(sql, [fingerprint]) { try Self.decode(Incident.self, $0[0]) }.first
    }

    // MARK: Changing

    /// False when the book has another revision than the change was decided on.
    func commit(_ change: IncidentChange) throws -> Bool {
        try db.run("UPDATE incident_book SET revision = revision + 1 WHERE revision = ?", [change.revision])
        guard db.changesCount == 1 else { return false }
        for check in change.checks {
            try db.run(
                """
                INSERT INTO checks (fingerprint, json) VALUES (?, ?)
                ON CONFLICT (fingerprint) DO UPDATE SET json = excluded.json
                """,
                [check.fingerprint, JSONText.encode(check)]
            )
        }
        for incident in change.incidents { try put(incident) }
        for (id, events) in change.events.sorted(by: { $0.key < $1.key }) { try append(events, to: id) }
        for group in change.groups {
            try db.run(
                """
                INSERT INTO incident_groups (key, json) VALUES (?, ?)
                ON CONFLICT (key) DO UPDATE SET json = excluded.json
                """,
                [group.key, JSONText.encode(group)]
            )
        }
        for key in change.closedGroups { try db.run("DELETE FROM incident_groups WHERE key = ?", [key]) }
        for silence in change.silences {
            try db.run(
                """
                INSERT INTO silences (id, expires_us, json) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET expires_us = excluded.expires_us, json = excluded.json
                """,
                [silence.id, silence.expiresAt.microseconds, JSONText.encode(silence)]
            )
        }
        try DeliveryTable(db: db).add(change.deliveries)
        return true
    }

    private func put(_ incident: Incident) throws {
        try db.run(
            """
            INSERT INTO incidents (id, fingerprint, episode, state, pipeline, dataset, failed_us, json)
            VALUES (\(placeholders(8)))
            ON CONFLICT (id) DO UPDATE SET
                state = excluded.state, failed_us = excluded.failed_us, json = excluded.json
            """,
            [
                incident.id, incident.fingerprint, incident.episode, incident.state.rawValue,
                incident.pipeline.rawValue, incident.dataset.rawValue, incident.latest.at.microseconds,
                JSONText.encode(incident),
            ]
        )
    }

    private func append(_ events: [IncidentEvent], to id: String) throws {
        for event in events {
            try db.run(
                "INSERT INTO incident_events (incident, at_us, kind, json) VALUES (?, ?, ?, ?)",
                [id, event.at.microseconds, event.kind.rawValue, JSONText.encode(event)]
            )
        }
        // Of a long timeline the beginning and the end are kept.
        let half = Limits.incidentEvents / 2
        try db.run(
            """
            DELETE FROM incident_events WHERE incident = ?1
                AND position > (
                    SELECT position FROM incident_events WHERE incident = ?1 ORDER BY position LIMIT 1 OFFSET ?2
                )
                AND position < (
                    SELECT position FROM incident_events WHERE incident = ?1 ORDER BY position DESC LIMIT 1 OFFSET ?2
                )
            """,
            [id, half - 1]
        )
    }

    // MARK: Looking

    func incidents(_ filter: IncidentFilter) throws -> [Incident] {
        var conditions: [String] = []
        var arguments: [any DatabaseValueConvertible] = []
        if let states = filter.states {
            conditions.append("state IN (\(placeholders(states.count)))")
            arguments += states.map(\.rawValue).sorted()
        }
        if let pipeline = filter.pipeline {
            conditions.append("pipeline = ?")
            arguments.append(pipeline.rawValue)
        }
        if let dataset = filter.dataset {
            conditions.append("dataset = ?")
            arguments.append(dataset.rawValue)
        }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        let sql = "SELECT json FROM incidents \(condition) ORDER BY failed_us DESC, id DESC LIMIT ?"
        arguments.append(max(0, filter.limit))
        return try db.all(sql, StatementArguments(arguments)) { try Self.decode(Incident.self, $0[0]) }
    }

    func incident(_ id: String) throws -> Incident? {
        try db.all("SELECT json FROM incidents WHERE id = ?", [id]) { try Self.decode(Incident.self, $0[0]) }.first
    }

    func events(of incident: String) throws -> [IncidentEvent] {
        try db.all("SELECT json FROM incident_events WHERE incident = ? ORDER BY position", [incident]) { row in
            try Self.decode(IncidentEvent.self, row[0])
        }
    }

    func silences(endingAfter instant: Timestamp?) throws -> [Silence] {
        try db.all(
            "SELECT json FROM silences WHERE expires_us > ? ORDER BY id",
            [instant?.microseconds ?? Int64.min]
        ) { try Self.decode(Silence.self, $0[0]) }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONText.decode(type, from: json)
    }
}
