// 7050 to 7059: steps that run on Spark.
extension ErrorCode {
    /// There is no Spark on this machine, or it cannot be used.
    public static let sparkNotInstalled = ErrorCode(7050)
    /// Spark needs Java, and there is none that it can use.
    public static let javaUnusable = ErrorCode(7051)
    /// An application on Spark ended with a failure.
    public static let sparkApplicationFailed = ErrorCode(7052)
    /// The Spark of this machine did not come up.
    public static let sparkNotStarted = ErrorCode(7053)
    /// What is asked for, Spark cannot do at that place.
    public static let sparkPlaceUnfit = ErrorCode(7054)
}
