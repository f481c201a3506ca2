/// Which existing runs a backfill runs again; Airflow's names.
public enum ReprocessRule: String, Codable, Hashable, Sendable, CaseIterable {
    /// None of them.
    case none
    /// Those that failed.
    case failed
    /// Those that have ended.
    case completed
}

/// Where a backfill stands.
public enum BackfillState: String, Codable, Hashable, Sendable, CaseIterable {
    case running
    case paused
    case cancelled
    case done
}

/// Runs that someone wants for dates that have passed.
public struct BackfillRequest: Hashable, Codable, Sendable {
    /// The pipeline.
    public var pipeline: PipelineID
    /// The first logical date.
    public var from: Timestamp
    /// The last logical date, which is included.
    public var through: Timestamp
    /// Whether the newest date comes first.
    public var isBackwards: Bool
    /// Most of its runs at once.
    public var maxActiveRuns: Int
    /// Which existing runs are run again.
    public var reprocess: ReprocessRule
    /// The values of parameters by name; the rest take their defaults.
    public var params: [String: JSONValue]
    /// Whether runs that are run again go on with the newest version of the pipeline.
    public var latestVersion: Bool?
    /// Who asked for it, or why.
    public var note: String?

    /// Runs for the dates from `from` through `through`, oldest first and ten at once unless told otherwise.
    public init(
        pipeline: PipelineID,
        from: Timestamp,
        through: Timestamp,
        isBackwards: Bool = false,
        maxActiveRuns: Int = 10,
        reprocess: ReprocessRule = .none,
        params: [String: JSONValue] = [:],
        latestVersion: Bool? = nil,
        note: String? = nil
    ) {
        self.pipeline = pipeline
        self.from = from
        self.through = through
        self.isBackwards = isBackwards
        self.maxActiveRuns = maxActiveRuns
        self.reprocess = reprocess
        self.params = params
        self.latestVersion = latestVersion
        self.note = note
    }
}

/// A backfill with its dates.
public struct BackfillRecord: Hashable, Codable, Sendable {
    /// Its id: the pipeline's name, the time and a suffix, as in a run's id.
    public var id: String
    /// What was asked for.
    public var request: BackfillRequest
    /// When it was created.
    public var createdAt: Timestamp
    /// Where it stands.
    public var state: BackfillState
    /// Its dates, in the order of their runs.
    public var dates: [BackfillDate]

    /// A backfill with its dates.
    public init(
        id: String,
        request: BackfillRequest,
        createdAt: Timestamp,
        state: BackfillState = .running,
        dates: [BackfillDate]
    ) {
        self.id = id
        self.request = request
        self.createdAt = createdAt
        self.state = state
        self.dates = dates
    }
}

/// One date of a backfill.
public struct BackfillDate: Hashable, Codable, Sendable {
    /// What is done for a date.
    public enum Decision: String, Codable, Hashable, Sendable, CaseIterable {
        /// A run is made.
        case create
        /// The run there is runs again.
        case reprocess
        /// Nothing; the reason says why.
        case skip
    }

    /// The date's place in the backfill, from 0.
    public var ordinal: Int
    /// The logical date.
    public var logicalDate: Timestamp
    /// Where the data it covers begins.
    public var intervalStart: Timestamp
    /// Where the data it covers ends.
    public var intervalEnd: Timestamp
    /// What is done.
    public var decision: Decision
    /// Why nothing is done: `in flight`, `already exists` or `unknown`.
    public var reason: String?
    /// The run, once there is one.
    public var run: RunID?

    /// A date with what is done for it.
    public init(
        ordinal: Int,
        logicalDate: Timestamp,
        intervalStart: Timestamp,
        intervalEnd: Timestamp,
        decision: Decision,
        reason: String? = nil,
        run: RunID? = nil
    ) {
        self.ordinal = ordinal
        self.logicalDate = logicalDate
        self.intervalStart = intervalStart
        self.intervalEnd = intervalEnd
        self.decision = decision
        self.reason = reason
        self.run = run
    }
}
