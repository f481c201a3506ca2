/// Names a connection of a project, as in `{{ connections.warehouse.host }}`.
public struct ConnectionID: TypedID {
    /// What messages call one.
    public static let noun = "connection id"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot be the id of a connection (letters, digits, `_`, `-` and `.`), or nil when it can.
    public static func objection(to raw: String) -> String? { NameRules.setting(raw) }

    /// The id in an environment variable: upper case, `_` for what cannot stand in one.
    public var environmentSuffix: String { NameRules.environmentSuffix(of: rawValue) }
}
