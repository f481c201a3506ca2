/// Names a way to tell people, as the project file lists it.
public struct NotifierID: TypedID {
    /// What messages call one.
    public static let noun = "notifier name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot name a notifier, or nil when it can.
    public static func objection(to raw: String) -> String? { NameRules.word(raw, limit: Limits.nameBytes) }
}
