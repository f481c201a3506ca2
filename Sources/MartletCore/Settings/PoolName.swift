/// Names a pool of slots that steps share.
public struct PoolName: TypedID {
    /// What messages call one.
    public static let noun = "pool name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot name a pool (letters, digits, `_`, `-` and `.`), or nil when it can.
    public static func objection(to raw: String) -> String? { NameRules.setting(raw) }

    /// The pool of steps that name none: `default_pool`.
    public static let defaultPool = PoolName(trusted: "default_pool")
}
