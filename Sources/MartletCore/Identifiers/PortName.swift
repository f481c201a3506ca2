/// Names an input, an output, a value or a parameter of a step: a word that is also an SQL and shell name.
public struct PortName: TypedID {
    /// What messages call one.
    public static let noun = "name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot be such a name (letters, digits and `_`, no digit first), or nil when it can.
    public static func objection(to raw: String) -> String? {
        guard let first = raw.utf8.first else { return "it is empty" }
        if raw.utf8.count > Limits.nameBytes { return "it has more than \(Limits.nameBytes) characters" }
        guard NameRules.isLetter(first) || first == 95 else { return "it must start with a letter or _" }
        let allowed = raw.utf8.allSatisfy { NameRules.isLetter($0) || NameRules.isDigit($0) || $0 == 95 }
        return allowed ? nil : "only letters, digits and _ may stand in it"
    }

    /// The name in an environment variable: upper case.
    public var environmentSuffix: String { rawValue.uppercased() }
}
