/// Names a variable of a project, as in `{{ vars.region }}`.
public struct VariableName: TypedID {
    /// What messages call one.
    public static let noun = "variable name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot name a variable (letters, digits, `_`, `-` and `.`), or nil when it can.
    public static func objection(to raw: String) -> String? { NameRules.setting(raw) }

    /// The name in an environment variable: upper case, `_` for what cannot stand in one.
    public var environmentSuffix: String { NameRules.environmentSuffix(of: rawValue) }
}

extension NameRules {
    /// Letters, digits, `_`, `-` and `.`, a letter, a digit or `_` first.
    static func setting(_ raw: String) -> String? {
        guard let first = raw.utf8.first else { return "it is empty" }
        if raw.utf8.count > Limits.nameBytes { return "it has more than \(Limits.nameBytes) characters" }
        guard isLetter(first) || isDigit(first) || first == UInt8(ascii: "_") else {
            return "it must start with a letter, a digit or _"
        }
        let allowed = raw.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 95 || $0 == 45 || $0 == 46 }
        return allowed ? nil : "only letters, digits, _ - and . may stand in it"
    }

    /// `name` in upper case, with `_` for `-` and `.`, which shells do not allow in names.
    static func environmentSuffix(of name: String) -> String {
        String(name.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
    }
}
