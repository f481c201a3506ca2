public import MartletCore

/// What a project says of its incidents: who is told, how soon, and how often.
public struct IncidentPolicy: Hashable, Sendable {
    /// What incidents are told of together for.
    public enum GroupLabel: String, Hashable, Sendable, CaseIterable {
        case pipeline, dataset, check, severity
        /// The failed dataset furthest upstream; the incident's own when none is.
        case rootCause = "root_cause"
    }

    /// Who is told of which incidents; the first that fits counts.
    public var routes: [Route]
    /// What has to be the same for incidents to be told of together.
    public var groupBy: [GroupLabel]
    /// From the first failure of a group to the first notification: others that fail with it are told with it.
    public var groupWait: Duration
    /// Between two notifications of a group.
    public var groupInterval: Duration
    /// After which people are told again of what nobody looks after.
    public var repeatInterval: Duration
    /// How long a check has to go on passing until its incident is over.
    public var cooldown: Duration
    /// How long a failure is held back whose step tries again.
    public var retryGrace: Duration
    /// Whether failures downstream of a failed dataset are only recorded.
    public var inhibits: Bool
    /// Where it stands what to do; the first that fits counts.
    public var runbooks: [Runbook]

    /// A policy that tells nobody; the times are those that Alertmanager has.
    public init(
        routes: [Route] = [],
        groupBy: [GroupLabel] = [.dataset],
        groupWait: Duration = .seconds(30),
        groupInterval: Duration = .seconds(300),
        repeatInterval: Duration = .seconds(4 * 3600),
        cooldown: Duration = .seconds(300),
        retryGrace: Duration = .seconds(3600),
        inhibits: Bool = true,
        runbooks: [Runbook] = []
    ) {
        self.routes = routes
        self.groupBy = groupBy
        self.groupWait = groupWait
        self.groupInterval = groupInterval
        self.repeatInterval = repeatInterval
        self.cooldown = cooldown
        self.retryGrace = retryGrace
        self.inhibits = inhibits
        self.runbooks = runbooks
    }

    /// Who is told of some incidents.
    public struct Route: Hashable, Sendable {
        /// Which incidents; none means all.
        public var matchers: [IncidentMatcher]
        /// Who is told.
        public var notify: [NotifierID]
        /// Who is told when nobody looks after them in time, in order.
        public var escalation: [Level]

        /// A route of incidents that fit all `matchers`.
        public init(matchers: [IncidentMatcher] = [], notify: [NotifierID], escalation: [Level] = []) {
            self.matchers = matchers
            self.notify = notify
            self.escalation = escalation
        }
    }

    /// One level of an escalation.
    public struct Level: Hashable, Sendable {
        /// How long after the first notification.
        public var after: Duration
        /// Who is told then.
        public var notify: [NotifierID]

        /// A level that is reached `after` the first notification.
        public init(after: Duration, notify: [NotifierID]) {
            self.after = after
            self.notify = notify
        }
    }

    /// Where it stands what to do about some incidents.
    public struct Runbook: Hashable, Sendable {
        /// Which incidents; none means all.
        public var matchers: [IncidentMatcher]
        /// An address, or a path in the project.
        public var address: String

        /// A runbook of incidents that fit all `matchers`.
        public init(matchers: [IncidentMatcher] = [], address: String) {
            self.matchers = matchers
            self.address = address
        }
    }

    /// The route of `incident`; nil when nobody is told.
    ///
    /// What is only worth recording is told where a route asks for its severity.
    public func route(of incident: Incident) -> Route? {
        routes.first { route in
            let asksForSeverity = route.matchers.contains { $0.label == .severity }
            return (incident.severity > .info || asksForSeverity) && route.matchers.allSatisfy { $0.matches(incident) }
        }
    }

    /// Where it stands what to do about `incident`.
    public func runbook(of incident: Incident) -> String? {
        runbooks.first { $0.matchers.allSatisfy { $0.matches(incident) } }?.address
    }
}
