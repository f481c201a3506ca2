/// Limits of suites, checks and validations.
extension Limits {
    /// Largest suite file read.
    public static let suiteFileBytes = 16 << 20
    /// Most expectations of one suite.
    public static let expectationsPerSuite = 100_000
    /// Most problems that are told of one suite.
    public static let suiteProblems = 100
    /// Most conditions in one row condition, as in Great Expectations.
    public static let rowConditions = 100
    /// Longest expression of a suite parameter.
    public static let parameterExpressionBytes = 4 << 10
    /// Largest validation result read back.
    public static let validationFileBytes = 256 << 20

    /// Text files up to this many bytes are read once, into memory, when they are opened as a table.
    ///
    /// Larger ones are read again by each scan. Compressed files count eightfold.
    public static let residentTableBytes = 16 << 20

    /// Memory that an engine takes for checking a table when nothing is said about it.
    ///
    /// A query that does not fit is repeated with as much as the machine has.
    public static let tableMemoryBytes = 96 << 20
}
