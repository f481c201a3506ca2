/// A promise of when a run is done, and who is told when it is not.
public struct DeadlineSpec: Hashable, Codable, Sendable {
    /// What the time is counted from.
    public enum Reference: String, Codable, Hashable, Sendable, CaseIterable {
        /// When the run was to start by its schedule.
        case schedule
        /// When the run was created, or cleared last.
        case queued
        /// When the run started.
        case runStart = "run_start"
        /// An instant of its own.
        case instant
        /// When the run started, and the time allowed is the average of past runs plus ``DeadlineSpec/withinSeconds``.
        case average
    }

    /// What the time is counted from.
    public var from: Reference
    /// The time allowed.
    public var withinSeconds: Double
    /// The instant, for ``Reference/instant``.
    public var at: Timestamp?
    /// How many successful runs the average is made of, for ``Reference/average``.
    public var runs: Int
    /// With fewer runs than this there is no average yet, and no deadline.
    public var minimumRuns: Int
    /// The notifiers that are told; none means the log only.
    public var notify: [String]

    /// A deadline `withinSeconds` after `from`.
    public init(
        from: Reference,
        withinSeconds: Double,
        at: Timestamp? = nil,
        runs: Int = 10,
        minimumRuns: Int = 3,
        notify: [String] = []
    ) {
        self.from = from
        self.withinSeconds = withinSeconds
        self.at = at
        self.runs = runs
        self.minimumRuns = minimumRuns
        self.notify = notify
    }

    enum CodingKeys: String, CodingKey {
        case from
        case withinSeconds = "within_seconds"
        case at, runs
        case minimumRuns = "minimum_runs"
        case notify
    }
}
