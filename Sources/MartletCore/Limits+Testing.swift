// The limits of tests of pipelines.
extension Limits {
    /// Longest run of a test, unless the test says otherwise.
    public static let testSeconds = 600
    /// Most tests that run at once.
    public static let testsAtOnce = 64
    /// Largest file whose rows are compared.
    public static let comparedBytes = 64 << 20
    /// Most rows or lines of a difference that are shown.
    public static let shownDifferences = 10
}
