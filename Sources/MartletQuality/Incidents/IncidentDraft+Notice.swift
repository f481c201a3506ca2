public import MartletCore

// What a notification says.
extension IncidentDraft {
    /// What there is to say of `incidents`.
    ///
    /// - Parameters:
    ///   - kind: why it is told.
    ///   - group: the group they are in.
    ///   - incidents: those to tell of.
    ///   - told: how bad its receiver believes them to be.
    /// - Returns: the notice, as the first of its group.
    func notice(
        _ kind: IncidentNotice.Kind,
        of group: IncidentGroup,
        _ incidents: [Incident],
        told: [String: Severity]
    ) -> IncidentNotice {
        let sorted = incidents.sorted { left, right in
            (left.state.isOpen ? 0 : 1, right.severity, left.first.at, left.id)
                < (right.state.isOpen ? 0 : 1, left.severity, right.first.at, right.id)
        }
        let severity = sorted.lazy.filter { kind == .resolved || $0.state.isOpen }.map(\.severity).max() ?? .info
        var notice = IncidentNotice(
            kind,
            key: IncidentFingerprint.key(project: planner.project, group: group.key),
            number: 1,
            labels: group.labels,
            summary: summary(kind, sorted, severity),
            severity: severity,
            project: planner.project
        )
        notice.items = sorted.prefix(Limits.noticeItems).enumerated().map { index, incident in
            var item = IncidentNotice.Item(incident, formerSeverity: told[incident.id])
            if item.formerSeverity == item.severity { item.formerSeverity = nil }
            if index >= Limits.noticeDetails { item.failure = item.failure.brief }
            return item
        }
        notice.more = sorted.count - notice.items.count
        notice.suspects = merged(sorted.map(\.suspects))
        notice.downstream = merged(sorted.map(\.downstream))
        notice.owners = merged(sorted.map(\.owners))
        notice.actions = Array(sorted.flatMap(\.actions).sorted { $0.at < $1.at }.suffix(Limits.noticeActions))
        if sorted.allSatisfy({ $0.state == .acknowledged }) { notice.acknowledgedBy = sorted.first?.acknowledgedBy }
        notice.level = kind == .escalation ? sorted.map(\.escalationLevel).max() : nil
        notice.runbook = sorted.lazy.compactMap(\.runbook).first
        if kind != .resolved { notice.inhibited = inhibited(by: Set(sorted.map(\.dataset))) }
        return notice
    }

    /// The alert that carries a notice; its id is another one at each change of the book.
    func alert(_ notice: IncidentNotice, _ incidents: [Incident]) -> Alert {
        let worst = incidents.first { $0.id == notice.items.first?.incident }
        let kind: Alert.Kind =
            switch notice.kind {
            case .resolved: .incidentResolved
            case .acknowledged: .incidentAcknowledged
            case .trigger, .update, .reminder, .escalation: .incidentFiring
            }
        return Alert(
            id: "\(kind.rawValue)/\(notice.key)/\(book.revision + 1)",
            kind: kind,
            at: now,
            text: notice.summary,
            pipeline: worst?.pipeline,
            run: worst?.latest.run,
            step: worst?.latest.step,
            incident: notice
        )
    }

    private func summary(_ kind: IncidentNotice.Kind, _ incidents: [Incident], _ severity: Severity) -> String {
        let datasets = Set(incidents.map(\.dataset)).sorted()
        let place =
            datasets.count == 1
            ? datasets[0].rawValue : "\(datasets.count) datasets (\(datasets.first?.rawValue ?? "")…)"
        if kind == .resolved {
            return incidents.count == 1
                ? "\(place): \(incidents[0].latest.title): passes again"
                : "\(place): all \(incidents.count) checks pass again"
        }
        let open = incidents.filter(\.state.isOpen)
        let who =
            kind == .acknowledged ? open.lazy.compactMap(\.acknowledgedBy).first.map { "\($0) looks after " } : nil
        let still = kind == .reminder ? "still " : ""
        let what =
            open.count == 1
            ? "\(place): \(open[0].latest.title): \(still)fails (\(severity.rawValue))"
            : "\(place): \(open.count) checks \(still)fail (worst: \(severity.rawValue))"
        return (who ?? "") + what
    }

    private func inhibited(by datasets: Set<DatasetID>) -> IncidentNotice.Inhibited {
        var inhibited = IncidentNotice.Inhibited()
        var named: Set<DatasetID> = []
        for incident in open where incident.inhibitedBy.contains(where: datasets.contains) {
            inhibited.count += 1
            named.insert(incident.dataset)
            if inhibited.incidents.count < Limits.noticeDatasets { inhibited.incidents.append(incident.id) }
        }
        inhibited.datasets = Array(named.sorted().prefix(Limits.noticeDatasets))
        return inhibited
    }

    /// The elements of `lists` in their order, each once, as many as notices name.
    private func merged<Element: Hashable>(_ lists: [[Element]]) -> [Element] {
        var seen: Set<Element> = []
        return Array(lists.joined().filter { seen.insert($0).inserted }.prefix(Limits.noticeDatasets))
    }
}

extension IncidentPlanner {
    /// What a receiver has to be told again and again while it lasts, as things stand.
    ///
    /// Alertmanager takes an alert for resolved when it has not heard of it for some time.
    public func refresh(of receiver: NotifierID, _ book: IncidentBook, at now: Timestamp) -> [Alert] {
        let draft = IncidentDraft(book, self, at: now, isClosing: false)
        let members = Dictionary(grouping: book.incidents.values, by: \.group)
        return book.groups.values.sorted { $0.key < $1.key }.compactMap { group in
            guard let told = group.told[receiver], told.isOpen else { return nil }
            let shown = (members[group.key] ?? []).filter { told.open[$0.id] != nil }
            if shown.isEmpty { return nil }
            return draft.alert(draft.notice(.reminder, of: group, shown, told: told.open), shown)
        }
    }
}
