/// One step of a pipeline.
public struct StepManifest: Hashable, Codable, Sendable {
    /// The step's id, unique in its pipeline.
    public var id: StepID
    /// What the step is for, in a line; nil when it is not described.
    public var description: String?
    /// Who answers for the step, as free text; nil when nobody is named.
    public var owner: String?
    /// Words to find the step by.
    public var tags: [String]
    /// What an attempt runs.
    public var action: StepAction
    /// The datasets it reads; it waits for the steps that write them.
    public var inputs: [InputSpec]
    /// The datasets it must have written when it succeeds.
    public var outputs: [OutputSpec]
    /// The values the step promises to report; nil promises nothing and allows any.
    public var values: [PortName]?
    /// Steps and groups waited for beyond those that follow from inputs, templates and branches.
    public var after: [StepID]
    /// Which outcomes of the steps before it let it start.
    public var triggerRule: TriggerRule
    /// A template; the step is skipped when it is not true.
    public var when: String?
    /// When a failed attempt is tried again.
    public var retry: RetryPolicy
    /// Longest duration of one attempt.
    public var timeoutSeconds: Double?
    /// Environment variables; the values are templates.
    public var env: [String: String]
    /// Where the process starts; relative to the project root.
    public var workingDirectory: String?
    /// Exit codes that mean "skipped".
    public var skipExitCodes: [Int]
    /// Whether it prepares or tidies up for other steps.
    public var role: StepRole
    /// The group it belongs to; nil when it belongs to none.
    public var group: GroupID?
    /// What it is run once for each of; nil when it runs once.
    public var map: MapSpec?
    /// What it needs to start, and how many of it may run at once.
    public var limits: StepLimits
    /// What it waits for in the run before this one.
    public var past: PastRule
    /// Longest silence of an attempt before it counts as dead: no message, no output.
    public var heartbeatSeconds: Double?
    /// The project's variables that it may see.
    public var variables: [VariableName]
    /// The project's connections that it may see.
    public var connections: [ConnectionID]
    /// Whether its earlier results may be used again; nil when nothing is said of it.
    public var cache: CacheSpec?

    /// A step with `action`; unless told otherwise it has no retries, no timeout and skips by exit code 99.
    public init(
        id: StepID,
        description: String? = nil,
        owner: String? = nil,
        tags: [String] = [],
        action: StepAction,
        inputs: [InputSpec] = [],
        outputs: [OutputSpec] = [],
        values: [PortName]? = nil,
        after: [StepID] = [],
        triggerRule: TriggerRule = .allSuccess,
        when: String? = nil,
        retry: RetryPolicy = RetryPolicy(),
        timeoutSeconds: Double? = nil,
        env: [String: String] = [:],
        workingDirectory: String? = nil,
        skipExitCodes: [Int] = [99],
        role: StepRole = .work,
        group: GroupID? = nil,
        map: MapSpec? = nil,
        limits: StepLimits = StepLimits(),
        past: PastRule = .ignored,
        heartbeatSeconds: Double? = nil,
        variables: [VariableName] = [],
        connections: [ConnectionID] = [],
        cache: CacheSpec? = nil
    ) {
        self.id = id
        self.description = description
        self.owner = owner
        self.tags = tags
        self.action = action
        self.inputs = inputs
        self.outputs = outputs
        self.values = values
        self.after = after
        self.triggerRule = triggerRule
        self.when = when
        self.retry = retry
        self.timeoutSeconds = timeoutSeconds
        self.env = env
        self.workingDirectory = workingDirectory
        self.skipExitCodes = skipExitCodes
        self.role = role
        self.group = group
        self.map = map
        self.limits = limits
        self.past = past
        self.heartbeatSeconds = heartbeatSeconds
        self.variables = variables
        self.connections = connections
        self.cache = cache
    }

    /// Decodes a step; what came later than the first manifests may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(StepID.self, forKey: .id)
        description = try container.decodeIfPresent(String.self, forKey: .description)
        owner = try container.decodeIfPresent(String.self, forKey: .owner)
        tags = try container.decode([String].self, forKey: .tags)
        action = try container.decode(StepAction.self, forKey: .action)
        inputs = try container.decode([InputSpec].self, forKey: .inputs)
        outputs = try container.decode([OutputSpec].self, forKey: .outputs)
        values = try container.decodeIfPresent([PortName].self, forKey: .values)
        after = try container.decode([StepID].self, forKey: .after)
        triggerRule = try container.decode(TriggerRule.self, forKey: .triggerRule)
        when = try container.decodeIfPresent(String.self, forKey: .when)
        retry = try container.decode(RetryPolicy.self, forKey: .retry)
        timeoutSeconds = try container.decodeIfPresent(Double.self, forKey: .timeoutSeconds)
        env = try container.decode([String: String].self, forKey: .env)
        workingDirectory = try container.decodeIfPresent(String.self, forKey: .workingDirectory)
        skipExitCodes = try container.decode([Int].self, forKey: .skipExitCodes)
        role = try container.decodeIfPresent(StepRole.self, forKey: .role) ?? .work
        group = try container.decodeIfPresent(GroupID.self, forKey: .group)
        map = try container.decodeIfPresent(MapSpec.self, forKey: .map)
        limits = try container.decodeIfPresent(StepLimits.self, forKey: .limits) ?? StepLimits()
        past = try container.decodeIfPresent(PastRule.self, forKey: .past) ?? .ignored
        heartbeatSeconds = try container.decodeIfPresent(Double.self, forKey: .heartbeatSeconds)
        variables = try container.decodeIfPresent([VariableName].self, forKey: .variables) ?? []
        connections = try container.decodeIfPresent([ConnectionID].self, forKey: .connections) ?? []
        cache = try container.decodeIfPresent(CacheSpec.self, forKey: .cache)
    }

    enum CodingKeys: String, CodingKey {
        case id, description, owner, tags, action, inputs, outputs, values, after
        case triggerRule = "trigger_rule"
        case when, retry
        case timeoutSeconds = "timeout_seconds"
        case env
        case workingDirectory = "working_directory"
        case skipExitCodes = "skip_exit_codes"
        case role, group, map, limits, past
        case heartbeatSeconds = "heartbeat_seconds"
        case variables, connections, cache
    }
}

/// A dataset that a step reads, under the name the step knows it by.
public struct InputSpec: Hashable, Codable, Sendable {
    /// The step's own name for it, as in `MARTLET_INPUT_<NAME>`.
    public var name: PortName
    /// The dataset that is read.
    public var dataset: DatasetID

    /// An input with the dataset that it stands for.
    public init(name: PortName, dataset: DatasetID) {
        self.name = name
        self.dataset = dataset
    }
}

/// A dataset that a step writes, under the name the step knows it by.
public struct OutputSpec: Hashable, Codable, Sendable {
    /// The step's own name for it, as in `MARTLET_OUTPUT_<NAME>`.
    public var name: PortName
    /// The dataset that is written.
    public var dataset: DatasetID
    /// The file format, which also gives the file its extension; nil when none is declared.
    public var format: DatasetFormat?

    /// An output with the dataset that it stands for.
    public init(name: PortName, dataset: DatasetID, format: DatasetFormat? = nil) {
        self.name = name
        self.dataset = dataset
        self.format = format
    }
}

/// When a failed attempt is tried again.
public struct RetryPolicy: Hashable, Codable, Sendable {
    /// How many attempts may follow the first.
    public var retries: Int
    /// The wait before the first retry.
    public var delaySeconds: Double
    /// The factor by which each further wait grows; 0 and 1 keep it constant.
    public var backoff: Double
    /// Longest wait.
    public var maxDelaySeconds: Double?

    /// A policy with `retries` further attempts, five seconds apart unless told otherwise.
    public init(retries: Int = 0, delaySeconds: Double = 5, backoff: Double = 1, maxDelaySeconds: Double? = nil) {
        self.retries = retries
        self.delaySeconds = delaySeconds
        self.backoff = backoff
        self.maxDelaySeconds = maxDelaySeconds
    }

    enum CodingKeys: String, CodingKey {
        case retries
        case delaySeconds = "delay_seconds"
        case backoff
        case maxDelaySeconds = "max_delay_seconds"
    }
}
