import MartletCore

// What checks say.
extension IncidentDraft {
    mutating func observe(_ observations: [CheckObservation]) throws(MartletError) {
        var failed: Set<String> = []
        var room = Limits.openIncidents - book.incidents.values.count(where: \.state.isOpen)
        for observation in observations {
            let fingerprint = IncidentFingerprint.of(observation)
            if observation.passed {
                try pass(observation, fingerprint)
            } else {
                try fail(observation, fingerprint, &room)
                failed.insert(fingerprint)
            }
        }
        // All news first, so that what fails upstream is known whichever came first.
        var surroundings = Surroundings(planner.map, failing: failingDatasets)
        for fingerprint in failed.sorted() { place(fingerprint, &surroundings) }
    }

    private mutating func fail(
        _ failure: CheckObservation,
        _ fingerprint: String,
        _ room: inout Int
    ) throws(MartletError) {
        let former = book.incidents[fingerprint]
        if let former, former.state.isOpen || isRecent(former) {
            let machine = IncidentMachine(former)
            for event in try machine.decide(.fail(failure), at: failure.at) {
                record(event, on: fingerprint, failure: failure)
            }
        } else {
            // The first ones tell how it began.
            guard room > 0, let event = try IncidentMachine(nil).decide(.fail(failure), at: failure.at).first else {
                return
            }
            room -= 1
            update(check: fingerprint) { $0.episodes += 1 }
            let check = book.checks[fingerprint]
            let episode = check?.episodes ?? 1
            let incident = Incident(
                id: IncidentFingerprint.incident(fingerprint, episode: episode),
                fingerprint: fingerprint,
                episode: episode,
                first: failure.trimmed,
                lastGood: check?.lastGood
            )
            open(incident, event)
        }
        let heldUntil = failure.willRetry ? failure.at + policy.retryGrace : nil
        update(fingerprint) { incident in incident.heldUntil = incident.notifiedAt == nil ? heldUntil : nil }
    }

    /// Whether a failure belongs to an incident that is over, because it was over only a moment ago.
    private func isRecent(_ incident: Incident) -> Bool {
        guard let resolvedAt = incident.resolvedAt else { return false }
        return now < resolvedAt + policy.cooldown
    }

    private mutating func pass(_ pass: CheckObservation, _ fingerprint: String) throws(MartletError) {
        update(check: fingerprint) { check in
            if check.lastGood.map({ $0.at <= pass.at }) ?? true { check.lastGood = GoodVersion(pass) }
        }
        guard let incident = book.incidents[fingerprint], incident.state.isOpen, concerns(pass, incident) else {
            return
        }
        for event in try IncidentMachine(incident).decide(.pass(pass), at: pass.at) { record(event, on: fingerprint) }
        // Nobody heard of it, as when a retry passes: nobody need hear of its end.
        if incident.notifiedAt == nil { record(IncidentEvent(.resolved, at: pass.at), on: fingerprint) }
    }

    /// Whether a pass says something of what failed.
    ///
    /// A partition that was filled in later says nothing of the one after it, which failed.
    private func concerns(_ pass: CheckObservation, _ incident: Incident) -> Bool {
        guard let passed = pass.partition, let failed = incident.latest.partition else { return true }
        return passed >= failed
    }

    /// Says with what, to whom and with what around it an incident is told.
    private mutating func place(_ fingerprint: String, _ surroundings: inout Surroundings) {
        guard let incident = book.incidents[fingerprint], incident.state.isOpen else { return }
        let near = surroundings.of(incident.dataset)
        let route = policy.route(of: incident)
        let labels = groupLabels(of: incident, near)
        let key = labels.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
        let suspects = suspects(of: incident, near)
        let runbook = policy.runbook(of: incident)
        update(fingerprint) { incident in
            // In one episode it stays with those it was first told of with.
            if incident.group.isEmpty { incident.group = key }
            incident.receivers = Set(incident.receivers).union(route?.notify ?? []).sorted()
            incident.suspects = Array(suspects.prefix(Limits.noticeDatasets))
            incident.downstream = near.downstream
            incident.owners = near.owners
            incident.runbook = runbook
        }
        if let group = book.incidents[fingerprint]?.group, book.groups[group] == nil {
            set(IncidentGroup(key: group, labels: labels), for: group)
        }
    }

    private func groupLabels(of incident: Incident, _ near: Surroundings.Near) -> [String: String] {
        var labels: [String: String] = [:]
        for label in policy.groupBy {
            labels[label.rawValue] =
                switch label {
                case .pipeline: incident.pipeline.rawValue
                case .dataset: incident.dataset.rawValue
                case .check: incident.check
                case .severity: incident.severity.rawValue
                case .rootCause: (near.failingUpstream.last ?? incident.dataset).rawValue
                }
        }
        return labels
    }

    /// Datasets upstream that fail, then inputs that are not those of the last pass, the nearest first.
    private func suspects(of incident: Incident, _ near: Surroundings.Near) -> [DatasetID] {
        let failing = near.failingUpstream
        guard let good = incident.lastGood else { return failing }
        let before = Dictionary(good.inputs.map { ($0.dataset, $0.digest) }) { first, _ in first }
        // That the dataset itself is another one is no wonder.
        let changed = incident.latest.inputs
            .filter { $0.dataset != incident.dataset && before[$0.dataset] != $0.digest }.map(\.dataset)
        return failing + changed.filter { !failing.contains($0) }.sorted()
    }
}
