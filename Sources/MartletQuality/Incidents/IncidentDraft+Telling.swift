import MartletCore

// Who is told what, and when.
extension IncidentDraft {
    /// Something that a receiver is told of a group, at some time.
    struct Telling {
        var kind: IncidentNotice.Kind
        var at: Timestamp
    }

    /// When anybody is told of anything next, as things stand.
    var tellings: [Timestamp] {
        let members = members
        return book.groups.values.flatMap { group in
            receivers(of: group, members[group.key] ?? []).compactMap { receiver in
                telling(of: group, to: receiver, members[group.key] ?? [])?.at
            }
        }
    }

    /// Tells all that is due.
    mutating func tell() {
        let members = members
        for key in book.groups.keys.sorted() { tell(key, members[key] ?? []) }
    }

    private var members: [String: [Incident]] { Dictionary(grouping: book.incidents.values, by: \.group) }

    /// Whom incidents of a group are told to, and who has been told.
    private func receivers(of group: IncidentGroup, _ members: [Incident]) -> [NotifierID] {
        Set(members.lazy.filter(\.state.isOpen).flatMap(\.receivers)).union(group.told.keys).sorted()
    }

    private mutating func tell(_ key: String, _ members: [Incident]) {
        guard var group = book.groups[key] else { return }
        let receivers = receivers(of: group, members)
        noteNews(&group, receivers, members)
        var told: [String: [NotifierID]] = [:]
        for receiver in receivers {
            noteUnacknowledged(&group, receiver, members)
            guard let telling = telling(of: group, to: receiver, members), isDue(telling) else { continue }
            for incident in tell(telling.kind, &group, to: receiver, members) {
                told[incident, default: []].append(receiver)
            }
        }
        if !told.isEmpty { noteNews(&group, receivers, members) }
        let isOver = group.told.isEmpty && !members.contains(where: \.state.isOpen)
        set(isOver ? nil : group, for: key)
        for member in members {
            guard let names = told[member.id] else { continue }
            record(IncidentEvent(.notified, at: now, names: names.map(\.rawValue)), on: member.fingerprint)
        }
    }

    private func isDue(_ telling: Telling) -> Bool {
        // A reminder is not news: it waits even where nothing else does.
        telling.at <= now || isClosing && telling.kind != .reminder
    }

    /// Starts the wait of a group with news for somebody who knows nothing of it; ends it when there is none.
    private func noteNews(_ group: inout IncidentGroup, _ receivers: [NotifierID], _ members: [Incident]) {
        let hasNews = receivers.contains { receiver in
            !(group.told[receiver]?.isOpen ?? false)
                && members.contains { isVisible($0, to: receiver) && $0.state == .firing }
        }
        if !hasNews {
            group.dueAt = nil
        } else if group.dueAt == nil {
            group.dueAt = now + policy.groupWait
        }
    }

    /// Whoever is told that somebody looks after a group is told again once somebody does again.
    private func noteUnacknowledged(_ group: inout IncidentGroup, _ receiver: NotifierID, _ members: [Incident]) {
        guard let told = group.told[receiver], told.isAcknowledged else { return }
        if members.contains(where: { told.open[$0.id] != nil && $0.state == .firing }) {
            group.told[receiver]?.isAcknowledged = false
        }
    }

    private func isVisible(_ incident: Incident, to receiver: NotifierID) -> Bool {
        incident.state.isOpen && incident.receivers.contains(receiver) && !incident.isMuted(at: now)
    }

    /// What a receiver is told next if nothing else happens; nil when there is nothing to tell.
    private func telling(of group: IncidentGroup, to receiver: NotifierID, _ members: [Incident]) -> Telling? {
        let visible = members.filter { isVisible($0, to: receiver) }
        guard let told = group.told[receiver], told.isOpen else {
            // Of what somebody looks after already, nobody has to hear for the first time.
            if !visible.contains(where: { $0.state == .firing }) { return nil }
            // Others know of it already: one more is told because it has become worse, or was left alone.
            let isKnown = visible.contains { $0.notifiedAt != nil }
            let isLeftAlone = visible.allSatisfy { isEscalated($0, to: receiver) }
            return Telling(
                kind: isLeftAlone ? .escalation : .trigger,
                at: isKnown ? now : group.dueAt ?? now + policy.groupWait
            )
        }
        let isWorse = visible.contains { incident in told.open[incident.id].map { $0 < incident.severity } ?? false }
        if isWorse { return Telling(kind: .update, at: now) }
        let remaining = members.filter { $0.state.isOpen && told.open[$0.id] != nil }
        let hasNew = visible.contains { told.open[$0.id] == nil }
        if hasNew { return Telling(kind: .update, at: told.at + policy.groupInterval) }
        if remaining.isEmpty { return Telling(kind: .resolved, at: now) }
        let isAcknowledged = remaining.allSatisfy { $0.state == .acknowledged }
        if isAcknowledged { return told.isAcknowledged ? nil : Telling(kind: .acknowledged, at: now) }
        guard visible.contains(where: { $0.state == .firing }) else { return nil }
        return Telling(kind: .reminder, at: told.at + policy.repeatInterval)
    }

    private func isEscalated(_ incident: Incident, to receiver: NotifierID) -> Bool {
        incident.escalationLevel > 0 && policy.route(of: incident).map { !$0.notify.contains(receiver) } ?? false
    }

    /// Writes the delivery, and returns the incidents that it tells of.
    private mutating func tell(
        _ kind: IncidentNotice.Kind,
        _ group: inout IncidentGroup,
        to receiver: NotifierID,
        _ members: [Incident]
    ) -> [String] {
        let told = group.told[receiver] ?? IncidentGroup.Told(at: now)
        let shown = members.filter { told.open[$0.id] != nil || isVisible($0, to: receiver) }
        var notice = notice(kind, of: group, shown, told: told.open)
        notice.number = told.count + 1
        deliver(alert(notice, shown), to: receiver)
        if kind == .resolved {
            group.told[receiver] = nil
            return []
        }
        let open = shown.filter(\.state.isOpen)
        group.told[receiver] = IncidentGroup.Told(
            count: told.count + 1,
            at: now,
            open: Dictionary(open.map { ($0.id, $0.severity) }) { first, _ in first },
            isAcknowledged: open.allSatisfy { $0.state == .acknowledged }
        )
        return open.map(\.id)
    }
}
