/// Names one wait: an attempt of a step, or of one copy of it, in a run.
public struct WaitKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The run.
    public let run: RunID
    /// The step, or the copy of a mapped step.
    public let instance: InstanceID
    /// The attempt that waits; a later one is another wait.
    public let attempt: Int

    /// The wait of an attempt.
    public init(_ run: RunID, _ instance: InstanceID, attempt: Int = 1) {
        self.run = run
        self.instance = instance
        self.attempt = attempt
    }

    /// The key for people, as in `etl-20260101T000000Z-abcdef/arrival#1`.
    public var description: String { "\(run)/\(instance)#\(attempt)" }

    /// Orders by run, then by instance and attempt.
    public static func < (left: Self, right: Self) -> Bool {
        (left.run, left.instance, left.attempt) < (right.run, right.instance, right.attempt)
    }
}

/// The times of a run that waits start from; each is nil when the run has none.
public struct WaitTimes: Hashable, Sendable {
    /// The run's logical date.
    public var logicalDate: Timestamp?
    /// The start of the data interval.
    public var intervalStart: Timestamp?
    /// The end of the data interval.
    public var intervalEnd: Timestamp?

    /// The times of a run; by default those of one that a person started.
    public init(logicalDate: Timestamp? = nil, intervalStart: Timestamp? = nil, intervalEnd: Timestamp? = nil) {
        self.logicalDate = logicalDate
        self.intervalStart = intervalStart
        self.intervalEnd = intervalEnd
    }
}

/// What a wait looks at: its condition with the templates filled in and the run's times worked out.
public enum WaitSubject: Hashable, Sendable {
    /// A file; `*`, `?` and `\` that came out of a template's values stand behind a `\`.
    case file(FileWait)
    /// A writing of a dataset, at that instant or later; nil takes any.
    case dataset(DatasetID, since: Timestamp?)
    /// An instant.
    case instant(Timestamp)
    /// A run of another pipeline, or a step of it; without a logical date the latest run.
    case step(StepWait, logicalDate: Timestamp?)
    /// A web server's answer.
    case http(HTTPWait)
    /// An SQL statement.
    case sql(SQLWait)
    /// A person's answer.
    case answer(ApproveAction)

    /// What is waited for, in a few words; an address loses what may be secret.
    public var summary: String {
        switch self {
        case .file(let wait): "file \(wait.path)"
        case .dataset(let dataset, _): "dataset \(dataset)"
        case .instant(let instant): "\(instant)"
        case .step(let wait, _):
            wait.step.map { "step \($0) of pipeline \(wait.pipeline)" } ?? "a run of pipeline \(wait.pipeline)"
        case .http(let wait): wait.publicAddress
        case .sql: "an SQL statement"
        case .answer: "an answer"
        }
    }
}

extension HTTPWait {
    /// The address without user, password and query, any of which may be secret.
    public var publicAddress: String {
        var rest = url.prefix { $0 != "?" && $0 != "#" }
        guard let slashes = rest.firstRange(of: "//") else { return String(rest) }
        let host = rest[slashes.upperBound...].prefix { $0 != "/" }
        if let at = host.lastIndex(of: "@") { rest.removeSubrange(slashes.upperBound...at) }
        return String(rest)
    }
}

/// All that looking at a wait takes.
public struct WaitRequest: Sendable {
    /// Which wait it is.
    public var key: WaitKey
    /// What is looked at.
    public var subject: WaitSubject
    /// How often, and for how long.
    public var policy: WaitPolicy
    /// What the attempt is told; its scratch folder takes what a look writes.
    public var context: StepContextDocument
    /// The variables and connections that the step asks for; their secrets are masked in all that is found.
    public var settings: ResolvedSettings
    /// When the wait was first looked at; the timeout counts from it.
    public var startedAt: Timestamp

    /// A request with its parts; templates are filled in already.
    public init(
        key: WaitKey,
        subject: WaitSubject,
        policy: WaitPolicy,
        context: StepContextDocument,
        settings: ResolvedSettings = ResolvedSettings(),
        startedAt: Timestamp
    ) {
        self.key = key
        self.subject = subject
        self.policy = policy
        self.context = context
        self.settings = settings
        self.startedAt = startedAt
    }
}
