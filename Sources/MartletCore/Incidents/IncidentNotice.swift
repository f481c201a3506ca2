/// What people are told of a group of incidents, before it is put in the words of some receiver.
public struct IncidentNotice: Hashable, Codable, Sendable {
    /// Why they are told.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// Something is wrong of which this receiver has not heard.
        case trigger
        /// More is wrong, or it is worse.
        case update
        /// It is still wrong, and nobody looks after it.
        case reminder
        /// Nobody looked after it in time, so that this receiver is told too.
        case escalation
        /// Somebody looks after it.
        case acknowledged
        /// It is over.
        case resolved
    }

    /// Why.
    public var kind: Kind
    /// The same for all that is told of one group: receivers find by it what they were told before.
    public var key: String
    /// Which notification of the group this is for its receiver, from 1.
    public var number: Int
    /// What the incidents have in common, by label.
    public var labels: [String: String]
    /// What is wrong, in a sentence.
    public var summary: String
    /// The worst of the incidents.
    public var severity: Severity
    /// The incidents, the worst first; at most ``Limits/noticeItems``.
    public var items: [Item]
    /// How many more there are.
    public var more: Int
    /// Failures downstream that are not told of by themselves.
    public var inhibited: Inhibited
    /// Datasets that it may come from, the most suspicious first.
    public var suspects: [DatasetID]
    /// Datasets that are made from those that are wrong.
    public var downstream: [DatasetID]
    /// Who answers for them.
    public var owners: [String]
    /// What was done, oldest first.
    public var actions: [Incident.Action]
    /// Who looks after it; nil when nobody does.
    public var acknowledgedBy: String?
    /// Which level of the escalation this is; nil when it is none.
    public var level: Int?
    /// Where it stands what to do.
    public var runbook: String?
    /// The project it is about.
    public var project: String

    /// A notice with nothing but its place.
    public init(
        _ kind: Kind,
        key: String,
        number: Int,
        labels: [String: String],
        summary: String,
        severity: Severity,
        project: String
    ) {
        self.kind = kind
        self.key = key
        self.number = number
        self.labels = labels
        self.summary = summary
        self.severity = severity
        items = []
        more = 0
        inhibited = Inhibited()
        suspects = []
        downstream = []
        owners = []
        actions = []
        self.project = project
    }

    /// Whether it tells that all is well again.
    public var isResolved: Bool { kind == .resolved }

    /// Failures downstream that are not told of by themselves.
    public struct Inhibited: Hashable, Codable, Sendable {
        /// How many.
        public var count: Int
        /// Some of them, by id.
        public var incidents: [String]
        /// The datasets they are about; at most ``Limits/noticeDatasets``.
        public var datasets: [DatasetID]

        /// None.
        public init() {
            count = 0
            incidents = []
            datasets = []
        }
    }

    /// One incident of a notice.
    public struct Item: Hashable, Codable, Sendable {
        /// The incident.
        public var incident: String
        /// What tells its check from all others, in every run.
        public var fingerprint: String
        /// Where it stands.
        public var state: IncidentState
        /// How bad it is.
        public var severity: Severity
        /// How bad the receiver was told it is, where that was something else.
        public var formerSeverity: Severity?
        /// How often it failed.
        public var failures: Int
        /// Whether it failed again soon after it had passed.
        public var isFlapping: Bool
        /// The latest failure.
        public var failure: CheckObservation
        /// When it first failed.
        public var since: Timestamp
        /// When it was over.
        public var resolvedAt: Timestamp?
        /// What passed last.
        public var lastGood: GoodVersion?
        /// Where it stands what to do.
        public var runbook: String?

        /// `incident`, as a receiver is told of it.
        public init(_ incident: Incident, formerSeverity: Severity?) {
            self.incident = incident.id
            fingerprint = incident.fingerprint
            state = incident.state
            severity = incident.severity
            self.formerSeverity = formerSeverity
            failures = incident.failures
            isFlapping = incident.flaps > 0
            failure = incident.latest
            since = incident.first.at
            resolvedAt = incident.resolvedAt
            lastGood = incident.lastGood
            runbook = incident.runbook
        }

        enum CodingKeys: String, CodingKey {
            case incident, fingerprint, state, severity, failures, failure, since, runbook
            case formerSeverity = "former_severity"
            case isFlapping = "flapping"
            case resolvedAt = "resolved_at"
            case lastGood = "last_good"
        }
    }

    enum CodingKeys: String, CodingKey {
        case kind, key, number, labels, summary, severity, items, more, inhibited, suspects, downstream, owners,
            actions, level, runbook, project
        case acknowledgedBy = "acknowledged_by"
    }
}

extension IncidentNotice {
    /// The notice with every text in it passed through `mask`, which takes secrets out.
    public func masked(_ mask: (String) -> String) -> IncidentNotice {
        var notice = self
        notice.summary = mask(summary)
        notice.items = items.map { item in
            var item = item
            item.failure = item.failure.masked(mask)
            return item
        }
        notice.actions = actions.map { Incident.Action(at: $0.at, by: $0.by, text: mask($0.text)) }
        return notice
    }
}

extension CheckObservation {
    /// The observation with every text of data in it passed through `mask`.
    public func masked(_ mask: (String) -> String) -> CheckObservation {
        var observation = self
        observation.title = mask(title)
        observation.expected = expected.map(mask)
        observation.observed = observed.map(mask)
        observation.samples = samples.map(mask)
        return observation
    }

    /// The observation with as much as incidents keep of it.
    public var trimmed: CheckObservation {
        func cut(_ text: String, _ limit: Int) -> String {
            text.count > limit ? "\(text.prefix(limit - 1))…" : text
        }
        var observation = self
        observation.title = cut(title, Limits.incidentTextCharacters)
        observation.expected = expected.map { cut($0, Limits.incidentTextCharacters) }
        observation.observed = observed.map { cut($0, Limits.incidentTextCharacters) }
        observation.samples = samples.prefix(Limits.incidentSamples)
            .map { cut($0, Limits.incidentSampleCharacters) }
        observation.trend?.values = Array((trend?.values ?? []).suffix(Limits.incidentTrendPoints))
        observation.inputs = Array(inputs.prefix(Limits.noticeDatasets))
        return observation
    }

    /// The observation without what may be long.
    public var brief: CheckObservation {
        var observation = self
        observation.samples = []
        observation.trend = nil
        observation.inputs = []
        return observation
    }
}
