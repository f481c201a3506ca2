/// Numbers of errors of the Spark Connect client: MT7001 to MT7019.
extension ErrorCode {
    /// An `sc://` address that cannot be read.
    public static let sparkURLInvalid = ErrorCode(7001)
    /// A Spark Connect server that does not answer.
    public static let sparkUnreachable = ErrorCode(7002)
    /// A token that the server does not take, or that it wants and was not given.
    public static let sparkUnauthorized = ErrorCode(7003)
    /// A session that the server has no more: restarted, expired or released.
    public static let sparkSessionLost = ErrorCode(7004)
    /// A query or command that Spark refuses as written.
    public static let sparkQueryRefused = ErrorCode(7005)
    /// A query or command that failed while it ran.
    public static let sparkExecutionFailed = ErrorCode(7006)
    /// The rest of a result that the server no longer has.
    public static let sparkResultLost = ErrorCode(7007)
    /// An operation that was cancelled on the server.
    public static let sparkOperationCancelled = ErrorCode(7008)
    /// An answer that breaks the protocol.
    public static let sparkProtocolViolated = ErrorCode(7009)
    /// Something that this version of the server does not have.
    public static let sparkUnsupportedByServer = ErrorCode(7010)
    /// A file or local data that did not reach the server whole.
    public static let sparkArtifactRefused = ErrorCode(7011)
    /// A value that cannot be given to Spark.
    public static let sparkValueInvalid = ErrorCode(7012)
    /// A client that was shut down, or a result that was already read.
    public static let sparkClientMisused = ErrorCode(7013)
}
