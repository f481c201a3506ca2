/// Everything Martlet knows of a pipeline: what both front ends produce and all else reads.
///
/// As JSON it is versioned (`manifest_version`), keys in snake case, durations in seconds; a decoder of version 1
/// refuses other versions. Defaults are already resolved into the steps.
public struct PipelineManifest: Hashable, Codable, Sendable {
    /// The version of the format that this Martlet writes.
    public static let currentVersion = 1

    public var manifestVersion: Int
    public var pipeline: PipelineID
    public var description: String?
    public var owner: String?
    public var tags: [String]
    public var schedule: ScheduleSpec?
    public var params: [ParameterSpec]
    /// Datasets that no step of this pipeline writes, and where they are.
    public var sources: [SourceSpec]
    /// Most steps of one run that run at once; nil leaves it to the project.
    public var maxParallelSteps: Int?
    public var steps: [StepManifest]

    public init(
        pipeline: PipelineID,
        description: String? = nil,
        owner: String? = nil,
        tags: [String] = [],
        schedule: ScheduleSpec? = nil,
        params: [ParameterSpec] = [],
        sources: [SourceSpec] = [],
        maxParallelSteps: Int? = nil,
        steps: [StepManifest]
    ) {
        manifestVersion = Self.currentVersion
        self.pipeline = pipeline
        self.description = description
        self.owner = owner
        self.tags = tags
        self.schedule = schedule
        self.params = params
        self.sources = sources
        self.maxParallelSteps = maxParallelSteps
        self.steps = steps
    }

    enum CodingKeys: String, CodingKey {
        case manifestVersion = "manifest_version"
        case pipeline, description, owner, tags, schedule, params, sources
        case maxParallelSteps = "max_parallel_steps"
        case steps
    }

    /// The step with this id.
    public func step(_ id: StepID) -> StepManifest? { steps.first { $0.id == id } }
}

/// When a pipeline starts by itself.
public struct ScheduleSpec: Hashable, Codable, Sendable {
    /// A cron expression of five or six fields, or a preset such as `@daily`.
    public var cron: String
    /// An IANA time zone; nil is UTC.
    public var timezone: String?
    /// Whether runs missed in the past are made up for.
    public var catchup: Bool

    public init(cron: String, timezone: String? = nil, catchup: Bool = false) {
        self.cron = cron
        self.timezone = timezone
        self.catchup = catchup
    }
}

/// A dataset that comes from outside the pipeline.
public struct SourceSpec: Hashable, Codable, Sendable {
    public var dataset: DatasetID
    /// A file or folder; relative to the project root.
    public var path: String
    public var format: DatasetFormat?

    public init(dataset: DatasetID, path: String, format: DatasetFormat? = nil) {
        self.dataset = dataset
        self.path = path
        self.format = format
    }
}
