/// One episode of a check that fails: from its first failure until it is over.
///
/// It is what the events of its timeline fold into, kept whole so that listing incidents reads no timelines.
public struct Incident: Hashable, Codable, Sendable {
    /// `i` and twelve digits of the fingerprint, then the number of the episode: `i3f9a2b77c1d0-2`.
    public var id: String
    /// The same in every episode and run of one check: see `IncidentFingerprint`.
    public var fingerprint: String
    /// Which episode of the check this is, from 1.
    public var episode: Int
    /// Where it stands.
    public var state: IncidentState
    /// The worst that was seen in this episode.
    public var severity: Severity

    /// Its first failure.
    public var first: CheckObservation
    /// Its latest failure.
    public var latest: CheckObservation
    /// How many failures there were.
    public var failures: Int
    /// How often it failed again after it had passed.
    public var flaps: Int
    /// Since when it passes, while it is not yet over; nil while it fails.
    public var passingSince: Timestamp?
    /// What passed last; nil when nothing did.
    public var lastGood: GoodVersion?

    /// The group that it is told of with.
    public var group: String
    /// Whom it is told to.
    public var receivers: [NotifierID]
    /// Not told before this instant, because the step tries again; nil when nothing holds it.
    public var heldUntil: Timestamp?
    /// When people were first told; nil when they were not.
    public var notifiedAt: Timestamp?
    /// How many levels of its escalation have been told.
    public var escalationLevel: Int

    /// Silences that cover it now.
    public var silences: [Int]
    /// Failed datasets upstream, which are told of in its place.
    public var inhibitedBy: [DatasetID]
    /// Until when nobody wants to hear of it; nil when nobody asked.
    public var snoozedUntil: Timestamp?

    /// Datasets that it may come from, the most suspicious first.
    public var suspects: [DatasetID]
    /// Datasets that are made from this one.
    public var downstream: [DatasetID]
    /// Who answers for the dataset and those downstream.
    public var owners: [String]
    /// Where it stands what to do.
    public var runbook: String?

    /// When somebody said that they look after it.
    public var acknowledgedAt: Timestamp?
    /// Who did.
    public var acknowledgedBy: String?
    /// When it was over.
    public var resolvedAt: Timestamp?
    /// Who ended it; nil when the check passed.
    public var resolvedBy: String?
    /// What was done about it, oldest first.
    public var actions: [Action]
    /// What it turned out to be; nil when nobody has said.
    public var label: IncidentLabel?

    /// The first failure of an episode.
    public init(id: String, fingerprint: String, episode: Int, first: CheckObservation, lastGood: GoodVersion?) {
        self.id = id
        self.fingerprint = fingerprint
        self.episode = episode
        state = .firing
        severity = first.severity
        self.first = first
        latest = first
        failures = 1
        flaps = 0
        self.lastGood = lastGood
        group = ""
        receivers = []
        escalationLevel = 0
        silences = []
        inhibitedBy = []
        suspects = []
        downstream = []
        owners = []
        actions = []
    }

    /// The pipeline whose check fails.
    public var pipeline: PipelineID { first.pipeline }
    /// The dataset that is wrong.
    public var dataset: DatasetID { first.dataset }
    /// The check that fails.
    public var check: String { first.check }

    /// Whether people are kept from hearing of it at `now`.
    public func isMuted(at now: Timestamp) -> Bool {
        !silences.isEmpty || !inhibitedBy.isEmpty || snoozedUntil.map { now < $0 } ?? false
            || heldUntil.map { now < $0 } ?? false
    }

    /// From the writing of the bad data, as far as that is known, to the failure of the check.
    public var timeToDetect: Duration? { first.writtenAt.map { max(.zero, first.at - $0) } }
    /// From the first failure until somebody looked after it.
    public var timeToAcknowledge: Duration? { acknowledgedAt.map { $0 - first.at } }
    /// From the first failure until it was over.
    public var timeToResolve: Duration? { resolvedAt.map { $0 - first.at } }

    /// Something that was done about an incident.
    public struct Action: Hashable, Codable, Sendable {
        /// When.
        public var at: Timestamp
        /// By whom; nil for Martlet itself.
        public var by: String?
        /// What.
        public var text: String

        /// Something that was done.
        public init(at: Timestamp, by: String?, text: String) {
            self.at = at
            self.by = by
            self.text = text
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, fingerprint, episode, state, severity, first, latest, failures, flaps, group, receivers, silences,
            suspects, downstream, owners, runbook, actions, label
        case passingSince = "passing_since"
        case lastGood = "last_good"
        case heldUntil = "held_until"
        case notifiedAt = "notified_at"
        case escalationLevel = "escalation_level"
        case inhibitedBy = "inhibited_by"
        case snoozedUntil = "snoozed_until"
        case acknowledgedAt = "acknowledged_at"
        case acknowledgedBy = "acknowledged_by"
        case resolvedAt = "resolved_at"
        case resolvedBy = "resolved_by"
    }
}

/// The data of the last pass of a check: what may be served while it fails.
public struct GoodVersion: Hashable, Codable, Sendable {
    /// The data.
    public var data: CheckObservation.DataVersion
    /// What it was made from.
    public var inputs: [DatasetVersion]
    /// The code that made it.
    public var code: CodeVersion?
    /// The run that checked it.
    public var run: RunID?
    /// When it passed.
    public var at: Timestamp

    /// The version that `pass` saw.
    public init(_ pass: CheckObservation) {
        data = pass.data
        inputs = pass.inputs
        code = pass.code
        run = pass.run
        at = pass.at
    }
}
