/// Numbers of errors of clients of streams: MT6020 to MT6029.
extension ErrorCode {
    /// The library that speaks to Kafka cannot be loaded.
    public static let streamLibraryUnusable = ErrorCode(6020)
    /// A property of a client that its library does not take.
    public static let streamPropertyInvalid = ErrorCode(6021)
    /// Brokers that do not answer in time.
    public static let streamUnreachable = ErrorCode(6022)
    /// A request that the brokers, or the library before them, refuse.
    public static let streamRequestRefused = ErrorCode(6023)
    /// A client that can do nothing any more and has to be made anew.
    public static let streamClientFailed = ErrorCode(6024)
    /// A client that was closed, or used in a way that it cannot serve.
    public static let streamClientMisused = ErrorCode(6025)
    /// A transaction that can only be aborted.
    public static let streamTransactionBroken = ErrorCode(6026)
    /// A record that was not delivered.
    public static let streamRecordUndelivered = ErrorCode(6027)
    /// A record that should be a dead letter and does not say where it came from.
    public static let deadLetterUnreadable = ErrorCode(6028)
    /// Bytes that are not framed as a schema registry's clients frame them.
    public static let schemaFrameInvalid = ErrorCode(6029)
}
