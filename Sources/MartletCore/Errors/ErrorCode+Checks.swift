/// Numbers of errors of checks that could not be made: MT5025 to MT5029.
extension ErrorCode {
    /// A check of a column that the table does not have.
    public static let checkColumnUnknown = ErrorCode(5025)
    /// A check that does not make sense for a column's type.
    public static let checkTypeUnfit = ErrorCode(5026)
    /// A pattern, such as a regular expression, that the engine does not take.
    public static let checkPatternInvalid = ErrorCode(5027)
    /// A query or condition of a check, or the scan that serves it, that failed.
    public static let checkQueryFailed = ErrorCode(5028)
    /// Arguments of a check that contradict each other, or are more than it can do.
    public static let checkArgumentsInvalid = ErrorCode(5029)
}
