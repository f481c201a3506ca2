import MartletCore

// What time does to incidents, and what they do to each other.
extension IncidentDraft {
    /// Brings everything up to date that follows from the time and from other incidents.
    mutating func reconcile() throws(MartletError) {
        for incident in open { try settle(incident) }
        for incident in open {
            if let until = incident.snoozedUntil, until <= now {
                record(IncidentEvent(.woken, at: now), on: incident.fingerprint)
                remind(of: incident)
            }
            if let until = incident.heldUntil, until <= now { update(incident.fingerprint) { $0.heldUntil = nil } }
        }
        silence()
        inhibit()
        escalate()
        tell()
    }

    /// Makes the next reminder of what `incident` is told with due at once.
    private mutating func remind(of incident: Incident) {
        guard var group = book.groups[incident.group] else { return }
        for receiver in group.told.keys where group.told[receiver]?.open[incident.id] != nil {
            group.told[receiver]?.at = now - policy.repeatInterval
        }
        set(group, for: incident.group)
    }

    /// Datasets with an incident that is not over and more than worth recording.
    var failingDatasets: Set<DatasetID> {
        Set(book.incidents.values.lazy.filter { $0.state.isOpen && $0.severity > .info }.map(\.dataset))
    }

    private mutating func settle(_ incident: Incident) throws(MartletError) {
        guard let since = incident.passingSince else { return }
        // Where no more news is to come, one pass has to do, unless it has been taken back before.
        guard now >= since + policy.cooldown || isClosing && incident.flaps == 0 else { return }
        for event in try IncidentMachine(incident).decide(.settle, at: now) {
            record(event, on: incident.fingerprint)
        }
    }

    private mutating func silence() {
        let active = book.silences.filter { $0.isActive(at: now) }
        for incident in open {
            let covering = active.filter { $0.covers(incident) }.map(\.id).sorted()
            guard covering != incident.silences else { continue }
            let event =
                covering.isEmpty
                ? IncidentEvent(.unsilenced, at: now)
                : IncidentEvent(.silenced, at: now, names: covering.map(String.init))
            record(event, on: incident.fingerprint)
        }
    }

    private mutating func inhibit() {
        var worst: [DatasetID: Severity] = [:]
        for incident in open where incident.severity > .info {
            worst[incident.dataset] = max(worst[incident.dataset] ?? .info, incident.severity)
        }
        var upstream: [DatasetID: [DatasetID]] = [:]
        for incident in open {
            let dataset = incident.dataset
            if upstream[dataset] == nil { upstream[dataset] = causes(of: dataset, among: worst) }
            // A warning does not hide what is worse.
            let causes =
                policy.inhibits ? (upstream[dataset] ?? []).filter { (worst[$0] ?? .info) >= incident.severity } : []
            guard causes != incident.inhibitedBy else { continue }
            let event =
                causes.isEmpty
                ? IncidentEvent(.released, at: now)
                : IncidentEvent(.inhibited, at: now, names: causes.map(\.rawValue))
            record(event, on: incident.fingerprint)
        }
    }

    /// The failing datasets that `dataset` is made from; of two that are made from each other, neither is a cause.
    private func causes(of dataset: DatasetID, among failing: [DatasetID: Severity]) -> [DatasetID] {
        let upstream = planner.map.upstream(of: dataset).filter { failing[$0] != nil }
        if upstream.isEmpty { return [] }
        let downstream = Set(planner.map.downstream(of: dataset))
        return upstream.filter { !downstream.contains($0) }
    }

    private mutating func escalate() {
        for incident in open where incident.state == .firing && !incident.isMuted(at: now) {
            guard let due = planner.escalation(of: incident), due.at <= now else { continue }
            let names = due.level.notify.map(\.rawValue)
            record(
                IncidentEvent(.escalated, at: now, note: "level \(incident.escalationLevel + 1)", names: names),
                on: incident.fingerprint
            )
        }
    }
}
