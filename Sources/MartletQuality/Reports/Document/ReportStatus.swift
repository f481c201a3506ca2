package import MartletCore

/// What came of something, from best to worst.
package enum ReportStatus: String, Hashable, Sendable, CaseIterable, Comparable {
    case passed
    /// It failed, but nothing that is critical did.
    case warning
    case failed
    /// It could not be found out.
    case error

    /// A sign for those who do not see the colour.
    package var glyph: String {
        switch self {
        case .passed: "✓"
        case .warning: "!"
        case .failed: "✕"
        case .error: "?"
        }
    }

    /// The word for it.
    package var word: String { rawValue }

    /// Whether this is worse than a pass.
    package var isBad: Bool { self != .passed }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What a check of some severity came to.
    package init(success: Bool, isError: Bool = false, severity: Severity?) {
        if success {
            self = .passed
        } else if isError {
            self = .error
        } else {
            self = (severity ?? .critical) == .critical ? .failed : .warning
        }
    }
}
