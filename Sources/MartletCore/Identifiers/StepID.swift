/// Names a step within its pipeline.
public struct StepID: TypedID {
    public static let noun = "step id"
    public let rawValue: String
    public init(trusted raw: String) { rawValue = raw }
    public static func objection(to raw: String) -> String? { NameRules.word(raw, limit: Limits.nameBytes) }
}
