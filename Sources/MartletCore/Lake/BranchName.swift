/// Names a branch of the lake: words of letters, digits, `_`, `-` and `.`, separated by `/`, as in `main` or
/// `run/flights-20261123T060000Z-x7k2`.
public struct BranchName: TypedID {
    /// What messages call one.
    public static let noun = "branch name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// The branch that results are published to unless a pipeline says otherwise.
    public static let main = BranchName(trusted: "main")

    /// The branch that a run works on.
    public static func of(_ run: RunID) -> BranchName { BranchName(trusted: "run/\(run)") }

    /// Why `raw` cannot name a branch, or nil when it can.
    public static func objection(to raw: String) -> String? { RefNameRules.objection(to: raw) }
}

/// Names a tag of the lake: a name for one commit that does not move.
///
/// It keeps the rules of a ``BranchName``.
public struct TagName: TypedID {
    /// What messages call one.
    public static let noun = "tag name"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot name a tag, or nil when it can.
    public static func objection(to raw: String) -> String? { RefNameRules.objection(to: raw) }
}

/// What names of branches and tags have in common: no character that a ref expression, a URL or a shell gives a meaning.
enum RefNameRules {
    static func objection(to raw: String) -> String? {
        if raw.isEmpty { return "it is empty" }
        if raw.utf8.count > Limits.nameBytes { return "it has more than \(Limits.nameBytes) characters" }
        // Such a name could not be told from a commit.
        if raw.utf8.count == 64, ObjectID(hex: raw) != nil { return "it looks like the id of a commit" }
        if raw == "HEAD" { return "HEAD is where you are" }
        for part in raw.split(separator: "/", omittingEmptySubsequences: false) {
            guard let first = part.utf8.first else { return "a slash starts or ends it, or two follow each other" }
            guard NameRules.isLetter(first) || NameRules.isDigit(first) || first == 95 else {
                return "each part must start with a letter, a digit or _"
            }
            let allowed = part.utf8.allSatisfy {
                NameRules.isLetter($0) || NameRules.isDigit($0) || $0 == 95 || $0 == 45 || $0 == 46
            }
            guard allowed else { return "only letters, digits, _ - . and / may stand in it" }
            if part.contains("..") || part.hasSuffix(".") || part.hasSuffix(".lock") {
                return "no part may hold .. or end in . or .lock"
            }
        }
        return nil
    }
}
