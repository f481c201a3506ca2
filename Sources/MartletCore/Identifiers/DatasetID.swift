/// Names a dataset: words separated by `/`, as in `flights/features`, an extension allowed in the last.
public struct DatasetID: TypedID {
    /// What messages call one.
    public static let noun = "dataset name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot name a dataset, or nil when it can.
    public static func objection(to raw: String) -> String? {
        if raw.isEmpty { return "it is empty" }
        if raw.utf8.count > Limits.nameBytes { return "it has more than \(Limits.nameBytes) characters" }
        for part in raw.split(separator: "/", omittingEmptySubsequences: false) {
            guard let first = part.utf8.first else { return "a slash starts or ends it, or two follow each other" }
            guard NameRules.isLetter(first) || NameRules.isDigit(first) else {
                return "each part must start with a letter or a digit"
            }
            let allowed = part.utf8.allSatisfy {
                NameRules.isLetter($0) || NameRules.isDigit($0) || $0 == 95 || $0 == 45 || $0 == 46
            }
            guard allowed else { return "only letters, digits, _ - . and / may stand in it" }
        }
        return nil
    }
}
