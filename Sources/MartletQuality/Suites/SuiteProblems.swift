public import MartletCore

/// Everything that is wrong with a suite.
public struct SuiteProblems: Error, Hashable, Sendable {
    /// At least one; each names the place in the suite, such as `expectations[3].kwargs.mostly`.
    public var problems: [MartletError]

    /// Problems of a suite.
    public init(_ problems: [MartletError]) { self.problems = problems }

    /// One error for all of them.
    public var error: MartletError {
        guard let first = problems.first, problems.count > 1 else {
            return problems.first ?? MartletError(.suiteUnreadable, "the suite cannot be read")
        }
        return MartletError(
            first.code,
            "the suite has \(problems.count) mistakes",
            reason: problems.map { [$0.message, $0.remedy].compactMap(\.self).joined(separator: "; ") }
                .joined(separator: "\n"),
            remedy: "mend them; a suite runs only when all of it is understood"
        )
    }
}
