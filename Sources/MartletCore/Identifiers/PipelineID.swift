/// Names a pipeline within a project.
public struct PipelineID: TypedID {
    /// What messages call one.
    public static let noun = "pipeline name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot name a pipeline (letters, digits, `_` and `-`), or nil when it can.
    public static func objection(to raw: String) -> String? { NameRules.word(raw, limit: Limits.nameBytes) }
}
