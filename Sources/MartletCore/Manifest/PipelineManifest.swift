/// Everything Martlet knows of a pipeline: what both front ends produce and all else reads.
///
/// As JSON it is versioned (`manifest_version`), keys in snake case, durations in seconds; a decoder of version 1
/// refuses other versions. Defaults are already resolved into the steps.
public struct PipelineManifest: Hashable, Codable, Sendable {
    /// The version of the format that this Martlet writes.
    public static let currentVersion = 1

    /// The version of the format that this manifest is in.
    public var manifestVersion: Int
    /// The pipeline's name, unique in its project.
    public var pipeline: PipelineID
    /// What the pipeline is for, in a line; nil when it is not described.
    public var description: String?
    /// Who answers for the pipeline, as free text; nil when nobody is named.
    public var owner: String?
    /// Words to find the pipeline by.
    public var tags: [String]
    /// When it starts by itself; nil for a pipeline that only people start.
    public var schedule: ScheduleSpec?
    /// The parameters a run takes, in the order they were declared.
    public var params: [ParameterSpec]
    /// Datasets that no step of this pipeline writes, and where they are.
    public var sources: [SourceSpec]
    /// Most steps of one run that run at once; nil leaves it to the project.
    public var maxParallelSteps: Int?
    /// How its runs are run.
    public var policy: PipelinePolicy
    /// Groups of steps.
    public var groups: [GroupSpec]
    /// The steps in the order they were declared, which need not be that of execution.
    public var steps: [StepManifest]

    /// A manifest of the current version with these parts.
    public init(
        pipeline: PipelineID,
        description: String? = nil,
        owner: String? = nil,
        tags: [String] = [],
        schedule: ScheduleSpec? = nil,
        params: [ParameterSpec] = [],
        sources: [SourceSpec] = [],
        maxParallelSteps: Int? = nil,
        policy: PipelinePolicy = PipelinePolicy(),
        groups: [GroupSpec] = [],
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
        self.policy = policy
        self.groups = groups
        self.steps = steps
    }

    /// Decodes a manifest; what came later than the first ones may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        manifestVersion = try container.decode(Int.self, forKey: .manifestVersion)
        pipeline = try container.decode(PipelineID.self, forKey: .pipeline)
        description = try container.decodeIfPresent(String.self, forKey: .description)
        owner = try container.decodeIfPresent(String.self, forKey: .owner)
        tags = try container.decode([String].self, forKey: .tags)
        schedule = try container.decodeIfPresent(ScheduleSpec.self, forKey: .schedule)
        params = try container.decode([ParameterSpec].self, forKey: .params)
        sources = try container.decode([SourceSpec].self, forKey: .sources)
        maxParallelSteps = try container.decodeIfPresent(Int.self, forKey: .maxParallelSteps)
        policy = try container.decodeIfPresent(PipelinePolicy.self, forKey: .policy) ?? PipelinePolicy()
        groups = try container.decodeIfPresent([GroupSpec].self, forKey: .groups) ?? []
        steps = try container.decode([StepManifest].self, forKey: .steps)
    }

    enum CodingKeys: String, CodingKey {
        case manifestVersion = "manifest_version"
        case pipeline, description, owner, tags, schedule, params, sources
        case maxParallelSteps = "max_parallel_steps"
        case policy, groups, steps
    }

    /// The step with this id.
    public func step(_ id: StepID) -> StepManifest? { steps.first { $0.id == id } }
}

/// A dataset that comes from outside the pipeline.
public struct SourceSpec: Hashable, Codable, Sendable {
    /// The dataset's name in the pipeline.
    public var dataset: DatasetID
    /// A file or folder; relative to the project root.
    public var path: String
    /// The file format; nil leaves readers to find it out.
    public var format: DatasetFormat?

    /// A source with the file or folder at `path` as `dataset`.
    public init(dataset: DatasetID, path: String, format: DatasetFormat? = nil) {
        self.dataset = dataset
        self.path = path
        self.format = format
    }
}
