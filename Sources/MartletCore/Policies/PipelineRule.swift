/// One rule that a project holds its pipelines to, as in "every pipeline has an owner".
///
/// ```swift
/// let rules = PipelineRules([
///     .owner(),
///     .retries(1...5).exceptKinds("sql"),
///     .stepDescription().warning().except("sandbox_*"),
/// ])
/// ```
public struct PipelineRule: Hashable, Sendable {
    /// How bad it is to break the rule.
    public enum Severity: String, Codable, Hashable, Sendable, CaseIterable {
        /// The test fails.
        case error
        /// The test passes, and says so.
        case warn
    }

    /// What the rule demands.
    public var demand: RuleDemand
    /// How bad it is to break it.
    public var severity: Severity
    /// Pipelines by name, or parts of them as in `flights.ingest`, that need not keep it.
    public var exceptions: [NamePattern]
    /// Kinds of steps that need not keep it.
    public var exceptedKinds: Set<String>

    /// A rule without exceptions, whose breach is an error unless told otherwise.
    public init(
        _ demand: RuleDemand,
        severity: Severity = .error,
        exceptions: [NamePattern] = [],
        exceptedKinds: Set<String> = []
    ) {
        self.demand = demand
        self.severity = severity
        self.exceptions = exceptions
        self.exceptedKinds = exceptedKinds
    }

    /// The rule's name, as in a policy file.
    public var name: String { demand.name.rawValue }

    /// The same rule, whose breach is only a warning.
    public func warning() -> PipelineRule {
        var rule = self
        rule.severity = .warn
        return rule
    }

    /// The same rule with exceptions: patterns of pipelines, or of their parts as in `flights.tmp_*`.
    public func except(_ patterns: String...) -> PipelineRule {
        var rule = self
        rule.exceptions += patterns.map { NamePattern($0) }
        return rule
    }

    /// The same rule, which steps of these kinds need not keep.
    public func exceptKinds(_ kinds: String...) -> PipelineRule {
        var rule = self
        rule.exceptedKinds.formUnion(kinds)
        return rule
    }

    /// Whether the rule is not for this part of a pipeline.
    func excepts(_ pipeline: PipelineID, part: String?) -> Bool {
        exceptions.contains { pattern in
            pattern.matches(pipeline.rawValue) || part.map { pattern.matches("\(pipeline).\($0)") } ?? false
        }
    }
}

extension PipelineRule {
    /// Every pipeline has an owner, of this form (a regular expression for the whole of it) when one is given.
    public static func owner(matching form: String? = nil) -> PipelineRule { PipelineRule(.owner(form: form)) }

    /// Every pipeline has a description.
    public static func description() -> PipelineRule { PipelineRule(.description) }

    /// Pipelines have tags of each `required` pattern, and no tags but those of an `allowed` one.
    public static func tags(required: [String] = [], allowed: [String]? = nil) -> PipelineRule {
        PipelineRule(.tags(TagDemand(required: required, allowed: allowed)))
    }

    /// Names of pipelines have this form: a regular expression for the whole name.
    public static func pipelineNames(_ form: String) -> PipelineRule { PipelineRule(.pipelineNames(form: form)) }

    /// Pipelines have so many steps.
    public static func stepCount(_ range: ClosedRange<Int>) -> PipelineRule { PipelineRule(.stepCount(range)) }

    /// A pipeline that starts by itself has a deadline.
    public static func scheduleDeadline() -> PipelineRule { PipelineRule(.scheduleDeadline) }

    /// A pipeline that starts by itself tells someone when a run fails.
    public static func scheduleNotify() -> PipelineRule { PipelineRule(.scheduleNotify) }

    /// No schedule makes up for missed runs, or only one that says from when.
    public static func catchup(_ demand: CatchupDemand) -> PipelineRule { PipelineRule(.catchup(demand)) }

    /// Every step has an owner, of this form (a regular expression for the whole of it) when one is given.
    public static func stepOwner(matching form: String? = nil) -> PipelineRule { PipelineRule(.stepOwner(form: form)) }

    /// Every step has a description.
    public static func stepDescription() -> PipelineRule { PipelineRule(.stepDescription) }

    /// Steps have tags of each `required` pattern, and no tags but those of an `allowed` one.
    public static func stepTags(required: [String] = [], allowed: [String]? = nil) -> PipelineRule {
        PipelineRule(.stepTags(TagDemand(required: required, allowed: allowed)))
    }

    /// Names of steps have this form: a regular expression for the whole name.
    public static func stepNames(_ form: String) -> PipelineRule { PipelineRule(.stepNames(form: form)) }

    /// Steps are of these kinds, and of none of the forbidden ones.
    public static func stepKinds(allowed: [String]? = nil, forbidden: [String] = []) -> PipelineRule {
        PipelineRule(.stepKinds(allowed: allowed, forbidden: forbidden))
    }

    /// Steps with a process of their own are tried again so often after a failure.
    public static func retries(_ range: ClosedRange<Int>) -> PipelineRule { PipelineRule(.retries(range)) }

    /// Steps with a process of their own have a timeout, of at most so many seconds when they are given.
    public static func timeout(maximumSeconds: Double? = nil) -> PipelineRule {
        PipelineRule(.timeout(maximumSeconds: maximumSeconds))
    }

    /// Steps take their slots from pools with names of these patterns.
    public static func pools(_ allowed: String...) -> PipelineRule { PipelineRule(.pools(allowed: allowed)) }

    /// Names of datasets have this form: a regular expression for the whole name.
    public static func datasetNames(_ form: String) -> PipelineRule { PipelineRule(.datasetNames(form: form)) }
}
