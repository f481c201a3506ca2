/// Names a pipeline within a project.
public struct PipelineID: TypedID {
    public static let noun = "pipeline name"
    public let rawValue: String
    public init(trusted raw: String) { rawValue = raw }
    public static func objection(to raw: String) -> String? { NameRules.word(raw, limit: Limits.nameBytes) }
}
