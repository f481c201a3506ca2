/// How the runs of a pipeline are run.
public struct PipelinePolicy: Hashable, Codable, Sendable {
    /// Most runs in state `running`; backfills are counted apart.
    public var maxActiveRuns: Int
    /// Most instances of steps at once over all runs; nil sets no limit.
    public var maxActiveSteps: Int?
    /// After so many failed runs in a row the scheduler pauses the pipeline; 0 never does.
    public var maxConsecutiveFailures: Int
    /// Longest duration of a run; then it fails, and what has not ended is skipped.
    public var runTimeoutSeconds: Double?
    /// Whether the first failed step ends the run.
    public var failFast: Bool
    /// Whether the scheduler starts nothing of it until someone says so.
    public var startsPaused: Bool
    /// Whether a run that is cleared goes on with the pipeline of now, and not of then.
    public var rerunsWithLatest: Bool
    /// When runs should be done.
    public var deadlines: [DeadlineSpec]
    /// The notifiers that are told when a run fails.
    public var notifyOnFailure: [String]

    /// Sixteen runs at once and no further limits unless told otherwise.
    public init(
        maxActiveRuns: Int = 16,
        maxActiveSteps: Int? = nil,
        maxConsecutiveFailures: Int = 0,
        runTimeoutSeconds: Double? = nil,
        failFast: Bool = false,
        startsPaused: Bool = false,
        rerunsWithLatest: Bool = false,
        deadlines: [DeadlineSpec] = [],
        notifyOnFailure: [String] = []
    ) {
        self.maxActiveRuns = maxActiveRuns
        self.maxActiveSteps = maxActiveSteps
        self.maxConsecutiveFailures = maxConsecutiveFailures
        self.runTimeoutSeconds = runTimeoutSeconds
        self.failFast = failFast
        self.startsPaused = startsPaused
        self.rerunsWithLatest = rerunsWithLatest
        self.deadlines = deadlines
        self.notifyOnFailure = notifyOnFailure
    }

    enum CodingKeys: String, CodingKey {
        case maxActiveRuns = "max_active_runs"
        case maxActiveSteps = "max_active_steps"
        case maxConsecutiveFailures = "max_consecutive_failures"
        case runTimeoutSeconds = "run_timeout_seconds"
        case failFast = "fail_fast"
        case startsPaused = "starts_paused"
        case rerunsWithLatest = "reruns_with_latest"
        case deadlines
        case notifyOnFailure = "notify_on_failure"
    }
}
