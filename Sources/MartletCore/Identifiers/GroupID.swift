/// Names a group of steps within its pipeline; groups and steps share one space of names.
public struct GroupID: TypedID {
    /// What messages call one.
    public static let noun = "group id"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot be the id of a group (letters, digits, `_` and `-`), or nil when it can.
    public static func objection(to raw: String) -> String? { NameRules.word(raw, limit: Limits.nameBytes) }
}
