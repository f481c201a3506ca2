/// Names an input, an output, a value or a parameter of a step: a word that is also an SQL and shell name.
public struct PortName: TypedID {
    public static let noun = "name"
    public let rawValue: String
    public init(trusted raw: String) { rawValue = raw }

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
