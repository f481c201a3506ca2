// 1050 to 1059: tests of pipelines.
extension ErrorCode {
    /// A pipeline breaks a rule of its project.
    public static let ruleBroken = ErrorCode(1050)
    /// A test found something else than it expected.
    public static let expectationFailed = ErrorCode(1051)
    /// A stub or fixture does not fit the pipeline.
    public static let stubInvalid = ErrorCode(1052)
    /// There is nothing to test.
    public static let nothingToTest = ErrorCode(1053)
    /// A test ran longer than it may.
    public static let testTimedOut = ErrorCode(1054)
    /// A dataset cannot be compared, because it cannot be read as rows.
    public static let rowsUnreadable = ErrorCode(1055)
}
