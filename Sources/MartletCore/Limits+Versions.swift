// The limits of versions of data.
extension Limits {
    /// Most conflicts of a merge that are reported one by one; all are counted.
    public static let reportedConflicts = 1_000
    /// Most changed paths that a commit or merge remembers; of more it reads the differences again, and memory stays flat.
    public static let rememberedPaths = 4_096
    /// Most commits offered for an ambiguous prefix.
    public static let offeredCommits = 10
    /// Fewest digits that stand for a commit.
    public static let commitPrefixDigits = 4
    /// Longest text that names a commit.
    public static let refExpressionBytes = 1_000
}
