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
    /// Where the data of successful runs goes, where that is said.
    private var declaredPublish: PublishSpec?

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
        notifyOnFailure: [String] = [],
        publish: PublishSpec? = nil
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
        declaredPublish = publish
    }

    /// Where the data of successful runs goes.
    public var publish: PublishSpec { declaredPublish ?? PublishSpec() }

    /// Decodes a policy; what came later than the first ones may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        maxActiveRuns = try container.decode(Int.self, forKey: .maxActiveRuns)
        maxActiveSteps = try container.decodeIfPresent(Int.self, forKey: .maxActiveSteps)
        maxConsecutiveFailures = try container.decode(Int.self, forKey: .maxConsecutiveFailures)
        runTimeoutSeconds = try container.decodeIfPresent(Double.self, forKey: .runTimeoutSeconds)
        failFast = try container.decode(Bool.self, forKey: .failFast)
        startsPaused = try container.decode(Bool.self, forKey: .startsPaused)
        rerunsWithLatest = try container.decode(Bool.self, forKey: .rerunsWithLatest)
        deadlines = try container.decode([DeadlineSpec].self, forKey: .deadlines)
        notifyOnFailure = try container.decode([String].self, forKey: .notifyOnFailure)
        declaredPublish = try container.decodeIfPresent(PublishSpec.self, forKey: .declaredPublish)
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
        case declaredPublish = "publish"
    }
}
