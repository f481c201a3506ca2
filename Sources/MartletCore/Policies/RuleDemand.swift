/// What a rule demands of a pipeline, of its steps, or of its datasets.
///
/// A form is a regular expression that fits the whole of a text.
public enum RuleDemand: Hashable, Sendable {
    case owner(form: String?)
    case description
    case tags(TagDemand)
    case pipelineNames(form: String)
    case stepCount(ClosedRange<Int>)
    case scheduleDeadline
    case scheduleNotify
    case catchup(CatchupDemand)
    case stepOwner(form: String?)
    case stepDescription
    case stepTags(TagDemand)
    case stepNames(form: String)
    case stepKinds(allowed: [String]?, forbidden: [String])
    case retries(ClosedRange<Int>)
    case timeout(maximumSeconds: Double?)
    case pools(allowed: [String])
    case datasetNames(form: String)

    /// The rule's name, as in a policy file.
    public var name: RuleName {
        switch self {
        case .owner: .owner
        case .description: .description
        case .tags: .tags
        case .pipelineNames: .pipelineNames
        case .stepCount: .stepCount
        case .scheduleDeadline: .scheduleDeadline
        case .scheduleNotify: .scheduleNotify
        case .catchup: .catchup
        case .stepOwner: .stepOwner
        case .stepDescription: .stepDescription
        case .stepTags: .stepTags
        case .stepNames: .stepNames
        case .stepKinds: .stepKinds
        case .retries: .retries
        case .timeout: .timeout
        case .pools: .pools
        case .datasetNames: .datasetNames
        }
    }
}

/// The names of rules, as in a policy file.
public enum RuleName: String, Hashable, Sendable, CaseIterable {
    case owner, description, tags
    case pipelineNames = "pipeline_names"
    case stepCount = "step_count"
    case scheduleDeadline = "schedule_deadline"
    case scheduleNotify = "schedule_notify"
    case catchup
    case stepOwner = "step_owner"
    case stepDescription = "step_description"
    case stepTags = "step_tags"
    case stepNames = "step_names"
    case stepKinds = "step_kinds"
    case retries, timeout, pools
    case datasetNames = "dataset_names"

    /// Whether the rule is about steps, so that kinds of steps may be excepted from it.
    public var isAboutSteps: Bool {
        switch self {
        case .stepOwner, .stepDescription, .stepTags, .stepNames, .stepKinds, .retries, .timeout, .pools: true
        default: false
        }
    }
}

/// Which tags there must be, and which there may be.
public struct TagDemand: Hashable, Sendable {
    /// Patterns that each need a tag.
    public var required: [String]
    /// Patterns of which every tag fits one; nil allows all.
    public var allowed: [String]?

    /// A demand for tags; none is demanded unless told otherwise.
    public init(required: [String] = [], allowed: [String]? = nil) {
        self.required = required
        self.allowed = allowed
    }
}

/// Which schedules may make up for missed runs.
public enum CatchupDemand: String, Codable, Hashable, Sendable, CaseIterable {
    /// None.
    case forbidden
    /// Those with a `start`; another could start runs without end.
    case needsStart = "needs_start"
}
