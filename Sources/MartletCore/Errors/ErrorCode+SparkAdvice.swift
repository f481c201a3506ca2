// 7030 to 7039: Spark event logs and advice.
extension ErrorCode {
    /// There is no Spark event log where one was said to be.
    public static let sparkLogMissing = ErrorCode(7030)
    /// A Spark event log is compressed in a way that is not read.
    public static let sparkLogCodecUnsupported = ErrorCode(7031)
    /// A file holds no events of a Spark application.
    public static let sparkLogUnreadable = ErrorCode(7032)
    /// What a Spark job is to be sized for makes no sense.
    public static let sparkSizingInvalid = ErrorCode(7033)
}
