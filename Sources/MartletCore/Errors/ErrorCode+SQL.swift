/// Numbers of errors of SQL steps: MT2401 to MT2406.
extension ErrorCode {
    /// A script that is not valid SQL, or names something that does not exist.
    public static let sqlInvalid = ErrorCode(2401)
    /// An input of a script that is missing or cannot be read.
    public static let sqlInputUnreadable = ErrorCode(2402)
    /// A script that leaves no result for one of its outputs.
    public static let sqlOutputMissing = ErrorCode(2403)
    /// The engine's library is not there, or not one that Martlet can use.
    public static let sqlEngineUnusable = ErrorCode(2404)
    /// A valid script that failed while it ran.
    public static let sqlFailed = ErrorCode(2405)
    /// A script that was stopped before its end.
    public static let sqlCancelled = ErrorCode(2406)
}
