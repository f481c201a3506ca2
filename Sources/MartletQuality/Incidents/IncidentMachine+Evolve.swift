public import MartletCore

extension IncidentMachine {
    /// Takes note of what happened; of what belongs to no incident, nothing comes.
    ///
    /// `failure` is the whole observation where the event holds only the main part of it.
    public mutating func evolve(_ event: IncidentEvent, failure: CheckObservation? = nil) {
        guard var incident else { return }
        switch event.kind {
        case .opened: break
        case .failed, .reopened: fail(&incident, event, failure?.trimmed ?? event.observation)
        case .severityRaised:
            incident.severity = event.severity ?? incident.severity
            if incident.state == .acknowledged { unacknowledge(&incident) }
        case .passed: incident.passingSince = event.at
        case .resolved:
            incident.state = .resolved
            (incident.resolvedAt, incident.resolvedBy) = (event.at, event.by)
            (incident.passingSince, incident.snoozedUntil, incident.heldUntil) = (nil, nil, nil)
            (incident.silences, incident.inhibitedBy) = ([], [])
            if let by = event.by { act(&incident, event, "resolved by \(by)") }
        case .acknowledged:
            incident.state = .acknowledged
            (incident.acknowledgedAt, incident.acknowledgedBy) = (event.at, event.by)
            act(&incident, event, "acknowledged by \(event.by ?? "somebody")")
        case .unacknowledged:
            unacknowledge(&incident)
            act(&incident, event, "given back by \(event.by ?? "somebody")")
        case .snoozed:
            incident.snoozedUntil = event.until
            act(&incident, event, "snoozed until \(event.until?.description ?? "")")
        case .woken: incident.snoozedUntil = nil
        case .silenced: incident.silences = event.names.compactMap(Int.init)
        case .unsilenced: incident.silences = []
        case .inhibited:
            let causes = event.names.map(DatasetID.init(trusted:))
            incident.inhibitedBy = causes
            incident.suspects = Array(
                (causes + incident.suspects.filter { !causes.contains($0) }).prefix(Limits.noticeDatasets)
            )
        case .released: incident.inhibitedBy = []
        case .notified: if incident.notifiedAt == nil { incident.notifiedAt = event.at }
        case .escalated:
            incident.escalationLevel += 1
            incident.receivers = Set(incident.receivers).union(event.names.map(NotifierID.init(trusted:))).sorted()
        case .labelled: incident.label = event.label
        case .noted: act(&incident, event, nil)
        }
        self = IncidentMachine(incident)
    }

    private func fail(_ incident: inout Incident, _ event: IncidentEvent, _ failure: CheckObservation?) {
        incident.failures += 1
        if let failure { incident.latest = failure }
        guard event.kind == .reopened else { return }
        incident.flaps += 1
        incident.passingSince = nil
        guard incident.state == .resolved else { return }
        incident.state = .firing
        (incident.resolvedAt, incident.resolvedBy) = (nil, nil)
        (incident.acknowledgedAt, incident.acknowledgedBy) = (nil, nil)
        incident.escalationLevel = 0
    }

    private func unacknowledge(_ incident: inout Incident) {
        incident.state = .firing
        (incident.acknowledgedAt, incident.acknowledgedBy) = (nil, nil)
    }

    /// Notes what somebody did, with what they said of it.
    private func act(_ incident: inout Incident, _ event: IncidentEvent, _ what: String?) {
        let text = [what, event.note].compactMap(\.self).joined(separator: ": ")
        incident.actions.append(Incident.Action(at: event.at, by: event.by, text: text))
        let most = Limits.incidentActions
        if incident.actions.count > most { incident.actions.removeFirst(incident.actions.count - most) }
    }
}
