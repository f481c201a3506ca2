/// How bad a failure is, from least to worst.
public enum Severity: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    /// It is recorded.
    case info
    /// People are told, and work goes on.
    case warning
    /// What comes after is held back, and people are woken.
    case critical

    /// Whether `left` is less bad.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }
}
