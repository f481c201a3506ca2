/// The rules that a project holds its pipelines to.
///
/// ```swift
/// #expect(PipelineRules([.owner(), .retries(1...5)]).problems(in: manifest).isEmpty)
/// ```
public struct PipelineRules: Hashable, Sendable {
    /// The rules, in the order they are checked in; there may be several of one name.
    public var rules: [PipelineRule]

    /// These rules.
    public init(_ rules: [PipelineRule]) { self.rules = rules }

    /// Everything in `manifest` that breaks a rule, by rule, then in the order of the manifest.
    ///
    /// Of one rule at most ``Limits/diagnosticsPerFile`` problems are told.
    public func problems(in manifest: PipelineManifest) -> [RuleProblem] {
        rules.flatMap { rule in
            var check = RuleCheck(rule: rule, manifest: manifest)
            check.run()
            return check.problems.prefix(Limits.diagnosticsPerFile)
        }
    }
}

/// A place in a pipeline that breaks a rule.
public struct RuleProblem: Hashable, Sendable, CustomStringConvertible {
    /// The rule's name.
    public var rule: String
    /// How bad it is.
    public var severity: PipelineRule.Severity
    /// The way to the place, in the words of YAML, as in ``ManifestProblem/path``.
    public var path: [PathComponent]
    /// What is wrong; without a location.
    public var error: MartletError

    /// A breach of `rule` at `path`.
    public init(rule: String, severity: PipelineRule.Severity, path: [PathComponent], error: MartletError) {
        self.rule = rule
        self.severity = severity
        self.path = path
        self.error = error
    }

    /// The rule and what is wrong, in a line.
    public var description: String { "\(rule): \(error.message)" }
}
